"""What is going on in the demo when one first looks: a proposal, a question, value reports in different states."""

import time
from datetime import date, timedelta
from uuid import uuid5

from django.conf import settings
from django.utils import timezone, translation

from accounts.jobs.models import Job
from accounts.models import Contact, Customer, PortalAccess, User
from cs_portal.demo.company import contact_id
from cs_portal.metrics.base import Period
from cs_portal.metrics.periods import add_months
from kvi.playbooks.services import open_follow_up
from kvi.services import draft_version, propose_version
from kvi.templates_gallery import GALLERY
from reports import services as reports
from reports.models import Rendering, ValueReport
from surveys.services import start_wave

GERMAN, ENGLISH, IN_REVIEW = "demo-c02", "demo-c03", "demo-c05"
LOOPS = (
    (GERMAN, "Rückfrage zur Tourenplanung beantworten", 20),
    (ENGLISH, "Talk about the calls that still come in about appointments", 70),
)
COMMENTS = {
    "de": (
        "Das Quartal stand im Zeichen der neuen Tourenplanung. Die Anfahrten sind deutlich kürzer geworden, und die "
        "Termintreue folgt mit etwas Abstand.\n\nAls Nächstes nehmen wir uns gemeinsam die Rückfragen vor."
    ),
    "en": (
        "This quarter was about the new route planning. Travel has become much shorter, and the on-time share follows "
        "with some delay.\n\nNext we look together at the calls about appointments."
    ),
}


def last_full_quarter(anchor: date) -> Period:
    first = date(anchor.year, 3 * ((anchor.month - 1) // 3) + 1, 1)
    return Period(add_months(first, -3), first)


def reported_period() -> Period:
    """What the demo's own value reports are about, whenever it was made."""
    report = ValueReport.objects.filter(customer__external_id=IN_REVIEW).earliest("pk")
    return Period(report.period_start, report.period_end)


def tell(anchor: date) -> list[ValueReport]:
    """Everything through the services that people use; returns the reports."""
    _propose()
    for customer in (GERMAN, ENGLISH):
        _ask(customer)
    for external_id, reason, hours in LOOPS:
        _follow_up(external_id, reason, hours)
    period = last_full_quarter(anchor)
    return [
        _report(GERMAN, period, "released"),
        _report(ENGLISH, period, "issued"),
        _report(IN_REVIEW, period, "review"),
    ]


def _customer(external_id: str) -> tuple[Customer, User]:
    customer = Customer.objects.select_related("owner").get(external_id=external_id)
    if customer.owner is None:
        raise LookupError(f"{external_id} has no owner")
    return customer, customer.owner


def _propose() -> None:
    customer, owner = _customer(GERMAN)
    goal = customer.goals.order_by("start_date", "pk").first()
    if goal is None:
        raise LookupError("the demo's first customer has no goal")
    template = GALLERY["hours_saved"]
    definition = {key: value for key, value in template.items() if key != "texts"} | {
        "texts": template["texts"],
        **template["texts"]["de"],
        "baseline": 0,
        "target": 120,
        "baseline_date": date.today(),
        "due_date": add_months(date.today(), 12),
    }
    version = draft_version(goal, by=owner, **definition)
    propose_version(version, by=owner, to=Contact.objects.get(external_id=contact_id(GERMAN, 1)))


def _ask(external_id: str) -> None:
    customer, owner = _customer(external_id)
    contacts = list(customer.contacts.filter(is_active=True)[:6])
    closes = date.today() + timedelta(days=30)
    start_wave(
        customer, key=uuid5(customer.public_id, "demo"), name="NPS", contacts=contacts, closes_on=closes, by=owner
    )


def _follow_up(external_id: str, reason: str, hours: int) -> None:
    customer, owner = _customer(external_id)
    due_at = timezone.now() + timedelta(hours=hours)
    key = uuid5(customer.public_id, reason)
    open_follow_up(customer, source="hand", source_id=key, reason=reason, due_at=due_at, owner=owner, by=owner)


def _report(external_id: str, period: Period, until: str) -> ValueReport:
    customer, owner = _customer(external_id)
    language = customer.language
    with translation.override(language):
        report = reports.create_report(customer, period, language, by=owner)
        reports.set_comment(report, COMMENTS[language], by=owner)
        report = reports.submit_for_review(report, by=owner)
        if until in ("released", "issued"):
            report = reports.release_by_csm(report, by=owner)
        if until == "issued":
            sponsor = PortalAccess.objects.get(contact__external_id=contact_id(external_id, 1), revoked_at__isnull=True)
            report = reports.release_by_customer(report, access=sponsor)
    return report


def wait_for_files(seconds: float) -> list[Rendering]:
    """What the worker has made of the reports; waits for it, and gives up after a while."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not Rendering.objects.filter(job__state__in=Job.OPEN).exists():
            break
        time.sleep(0.3)
    return list(Rendering.objects.filter(job__state=Job.State.DONE).select_related("report__customer"))


def path_of(rendering: Rendering) -> str:
    return f"{settings.MEDIA_ROOT}/{rendering.file.name}"
