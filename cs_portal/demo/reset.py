"""Empty the demo: every row about its customers goes; people, settings and the audit stay."""

import pgtrigger
from django.db import connection, transaction

from accounts.models import Customer
from accounts.services import workspace
from cs_portal.demo.files import PREFIX
from reports.models import Rendering

TABLES = (
    "playbooks_followup",
    "reports_rendering", "reports_reportrelease", "reports_valuereport", "surveys_response", "surveys_invitation",
    "surveys_wave", "surveys_surveyversion", "surveys_surveyscale", "surveys_survey", "kvi_measurementrevision",
    "kvi_measurement", "kvi_agreement", "kvi_indicatorversion", "kvi_indicator", "kvi_goalreview", "kvi_goal",
    "health_healthoverride", "outbox_outboxmail", "revenue_subscription", "revenue_exchangerate",
    "accounts_portalaccess", "accounts_contact", "accounts_usergroup", "accounts_customer",
)  # fmt: skip


def foreign_customers() -> int:
    """Customers that the demo did not make."""
    return Customer.objects.exclude(external_id__startswith=PREFIX).count()


def is_demo() -> bool:
    return workspace().made_by_demo and Customer.objects.filter(external_id__startswith=PREFIX).exists()


@transaction.atomic
def empty() -> None:
    """Only called for a database whose customers are all the demo's."""
    for rendering in Rendering.objects.exclude(file=""):
        rendering.file.delete(save=False)
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
