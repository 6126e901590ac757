"""``manage.py demo``: the demo company in this database; ./cs demo calls it with a worker at hand."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.integrations.services import load_directory
from accounts.services import workspace, workspace_settings
from cs_bootstrap.progress import step
from cs_portal.demo import people, story
from cs_portal.demo.company import EARLIEST
from cs_portal.demo.files import write_company
from cs_portal.demo.reset import empty, foreign_customers, is_demo
from cs_portal.metrics.display import display
from kvi.scorecard import measure, today

SHOWN = ("mrr", "paying_customers", "nps", "kvi_coverage", "customer_value_score:collective", "kvi_value")
FOREIGN = (
    "Customers in this database that the demo did not make: {n}. Nothing was changed. ./cs serve serves this database;"
    " for a demo beside it set CS_VAR_DIR (or DATABASE_URL) to another one."
)
STANDS = "The demo stands as it was made. With --reset it is made anew for {anchor}."


class Command(BaseCommand):
    help = "Build the demo company: customers, goals, measurements, answers, value reports and logins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor",
            type=date.fromisoformat,
            metavar="DATE",
            help="the day the demo takes for today (default: today)",
        )
        parser.add_argument("--reset", action="store_true", help="make the demo company anew; touches nothing else")
        parser.add_argument("--wait", type=float, default=90, help="seconds to wait for the worker's reports")

    def handle(self, *args: Any, anchor: date | None, reset: bool, wait: float, **options: Any) -> None:
        now = today(workspace_settings())
        if anchor and not EARLIEST <= anchor <= now:
            raise CommandError(f"--anchor: choose a day from {EARLIEST} to {now}.", returncode=2)
        if foreign := foreign_customers():
            raise CommandError(FOREIGN.format(n=foreign), returncode=2)
        if is_demo() and not reset:
            self.stdout.write("The logins were printed when the demo was made; ./cs demo --reset makes new ones.")
            if anchor:
                self.stdout.write(STANDS.format(anchor=anchor))
        else:
            self._show_logins(self._build(anchor or now))
        self._show_figures()
        self._show_reports(wait)

    @transaction.atomic
    def _build(self, anchor: date) -> list[people.Login]:
        """All or nothing: one that is stopped on the way leaves what was there before."""
        if is_demo():
            with step("Emptying the demo"):
                empty()
        folder = Path(settings.VAR_DIR) / "demo" / anchor.isoformat()
        row = workspace()
        row.made_by_demo, row.name = True, row.name or "Taktwerk"
        row.save()
        logins = people.make_staff()
        with step("Writing the demo company's files"):
            write_company(folder, anchor, list(people.CSMS))
        with step("Loading them"):
            outcome = load_directory(folder, by=None)
        if not outcome.is_clean:
            raise CommandError(f"The demo's own files were not accepted: {outcome.files}")
        with step("Proposing, asking, reporting"):
            people.invite_contacts()
            story.tell(anchor)
        return logins

    def _show_figures(self) -> None:
        period = story.reported_period()
        with step("Measuring"):
            readings = measure(SHOWN, period)
        for reading in readings:
            self.stdout.write(f"  {reading.metric:<34}{display(reading, 'en'):>16}   {period}")

    def _show_reports(self, wait: float) -> None:
        with step("Waiting for the worker to make the value reports"):
            files = story.wait_for_files(wait)
        if not files:
            raise CommandError("No value report was made. Is a worker running? ./cs demo starts one.")
        for rendering in sorted(files, key=lambda file: file.pk):
            self.stdout.write(f"  {rendering.report.customer} ({rendering.stage}): {story.path_of(rendering)}")

    def _show_logins(self, logins: list[people.Login]) -> None:
        self.stdout.write("\nLogins (shown only now):")
        for login in logins:
            self.stdout.write(f"  {login.role:<8} {login.email:<34} {login.password}")
        self.stdout.write("Customer contacts log in with a code that is sent to them:")
        for access in people.PortalAccess.objects.filter(revoked_at__isnull=True).select_related(
            "contact__customer", "user"
        ):
            self.stdout.write(f"  {access.role:<8} {access.user.email:<42} {access.contact.customer}")
        self.stdout.write(f"Mails, codes included, are files in {settings.EMAIL_FILE_PATH}\n")
        self.stdout.flush()  # shown once: not to be lost in a pipe
