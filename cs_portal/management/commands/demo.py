"""``manage.py demo``: the demo company in this database; ./cs demo calls it with a worker at hand."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.integrations.services import load_directory
from accounts.services import workspace, workspace_settings
from cs_portal.demo import people, story
from cs_portal.demo.files import write_company
from cs_portal.demo.reset import empty, foreign_customers, is_demo
from cs_portal.metrics.display import display
from kvi.scorecard import measure, today

SHOWN = ("mrr", "paying_customers", "nps", "kvi_coverage", "customer_value_score:collective", "kvi_value")
FOREIGN = (
    "This database has {n} customers that the demo did not make. Use another CS_VAR_DIR or DATABASE_URL for the demo."
)


class Command(BaseCommand):
    help = "Build the demo company: customers, goals, measurements, answers, value reports and logins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", type=_day, help="the day the demo takes for today (default: today)")
        parser.add_argument("--reset", action="store_true", help="make the demo company anew; touches nothing else")
        parser.add_argument("--wait", type=float, default=90, help="seconds to wait for the worker's reports")

    def handle(self, *args: Any, anchor: date | None, reset: bool, wait: float, **options: Any) -> None:
        if foreign := foreign_customers():
            raise CommandError(FOREIGN.format(n=foreign), returncode=2)
        if reset:
            with self._step("Emptying the demo"):
                empty()
        anchor = anchor or today(workspace_settings())
        logins = [] if is_demo() else self._build(anchor)
        self._show_figures(anchor)
        self._show_reports(wait)
        self._show_logins(logins)

    def _build(self, anchor: date) -> list[people.Login]:
        folder = Path(settings.VAR_DIR) / "demo" / anchor.isoformat()
        row = workspace()
        row.made_by_demo, row.name = True, row.name or "Taktwerk"
        row.save()
        logins = people.make_staff()
        with self._step("Writing the demo company's files"):
            write_company(folder, anchor, list(people.CSMS))
        with self._step("Loading them"):
            outcome = load_directory(folder, by=None)
        if not outcome.is_clean:
            raise CommandError(f"The demo's own files were not accepted: {outcome.files}")
        with self._step("Proposing, asking, reporting"):
            people.invite_contacts()
            story.tell(anchor)
        return logins

    def _show_figures(self, anchor: date) -> None:
        period = story.last_full_quarter(anchor)
        with self._step("Measuring"):
            readings = measure(SHOWN, period)
        for reading in readings:
            self.stdout.write(f"  {reading.metric:<34}{display(reading, 'en'):>16}   {period}")

    def _show_reports(self, wait: float) -> None:
        with self._step("Waiting for the worker to make the value reports"):
            files = story.wait_for_files(wait)
        if not files:
            raise CommandError("No value report was made. Is a worker running? ./cs demo starts one.")
        for rendering in sorted(files, key=lambda file: file.pk):
            self.stdout.write(f"  {rendering.report.customer} ({rendering.stage}): {story.path_of(rendering)}")

    def _show_logins(self, logins: list[people.Login]) -> None:
        if not logins:
            self.stdout.write("The logins were printed when the demo was made; ./cs demo --reset makes new ones.")
            return
        self.stdout.write("\nLogins (shown only now):")
        for login in logins:
            self.stdout.write(f"  {login.role:<8} {login.email:<34} {login.password}")
        self.stdout.write("Customer contacts log in with a code that is sent to them:")
        for access in people.PortalAccess.objects.filter(revoked_at__isnull=True).select_related(
            "contact__customer", "user"
        ):
            self.stdout.write(f"  {access.role:<8} {access.user.email:<42} {access.contact.customer}")
        self.stdout.write(f"Mails, codes included, are files in {settings.EMAIL_FILE_PATH}")

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        started = time.monotonic()
        self.stderr.write(f"{what} …")
        yield
        self.stderr.write(f"{what}: {time.monotonic() - started:.1f} s")


def _day(text: str) -> date:
    return date.fromisoformat(text)
