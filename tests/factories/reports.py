"""A customer with something to tell for the first quarter of 2026, and its value report."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Customer, PortalAccess, User
from cs_portal.metrics.base import Period
from reports import services
from reports.models import ValueReport
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user
from tests.factories.facts import day, make_goal, make_indicator, make_measurement, make_response, make_survey

QUARTER = Period.parse("2026-Q1")


@dataclass
class Told:
    csm: User
    customer: Customer
    sponsor: PortalAccess
    indicator: Any

    def draft(self, language: str = "en", period: Period = QUARTER) -> ValueReport:
        return services.create_report(self.customer, period, language, by=self.csm)


def tell() -> Told:
    csm = make_user("csm", name="Carla Beispiel")
    customer = make_customer(name="Nordwind Logistik GmbH", owner=csm, language="de")
    sponsor = make_portal_access(make_contact(customer, name="Sabine Vogt", language="de"))
    goal = make_goal(customer, name="Rechnungen schneller schreiben", start="2025-06-01")
    indicator = make_indicator(
        goal, name="Bearbeitungszeit", unit="h", direction="decrease", baseline=120, target=60,
        baseline_date=day("2025-10-01"), due_date=day("2026-10-01"), value_kind="rate_month",
        value_factor_conservative=40, value_factor_expected=50, value_currency="EUR",
        texts={"en": {"name": "Handling time", "question": "Hours per month for writing invoices?"}},
    )  # fmt: skip
    for when, value, status in (
        ("2025-12-31", 110, "confirmed"), ("2026-01-31", 100, "confirmed"), ("2026-02-14", 30, "disputed"),
        ("2026-02-28", 90, "confirmed"), ("2026-03-31", 84, "unconfirmed"),
    ):  # fmt: skip
        make_measurement(indicator, when, value, status=status)
    survey = make_survey()
    for score in (10, 9, 9, 8, 10, 4):
        make_response(survey, score, "2026-03-10", customer=customer)
    return Told(csm, customer, sponsor, indicator)


def issue(told: Told) -> ValueReport:
    """Released by both sides."""
    report = services.release_by_csm(told.draft(), by=told.csm)
    return services.release_by_customer(report, access=told.sponsor)
