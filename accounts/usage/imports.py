"""Usage events and daily rows as files of the import contract (metrics.md, sections 8 and 15)."""

from accounts.models import Customer, EndUser
from accounts.usage.models import UsageDaily, UsageEvent
from accounts.usage.rollups import AFTER_DAILY, AFTER_EVENTS
from cs_portal.kit.filespec import NOT_AN_OBJECT, FileSpec, Rule, columns, other_customer

EVENTS = FileSpec(
    name="usage_events.csv",
    model=UsageEvent,
    columns=columns(
        "external_id id!, customer id!, end_user id!, name str!, occurred_at ts!, feature str, duration_seconds dec, "
        "properties object"
    ),
    references={"customer": Customer, "end_user": EndUser},
    joins="JOIN accounts_enduser known_user ON known_user.id = t.end_user_id",
    stored={"customer": "known_user.customer_id"},
    store={"customer": {}},
    checks=(other_customer("end_user"),),
    rules=(
        Rule("properties", "bad_value", f"d.properties = '{NOT_AN_OBJECT}'", "The properties must be a JSON object."),
    ),
    after=AFTER_EVENTS,
)

DAILY = FileSpec(
    name="usage_daily.csv",
    model=UsageDaily,
    columns=columns(
        "customer id!, end_user id, date date!, feature str!, events int!, sessions int, duration_seconds dec, "
        "active_users int"
    ),
    key=("customer", "end_user", "date", "feature"),
    references={"customer": Customer, "end_user": EndUser},
    checks=(other_customer("end_user"),),
    rules=(
        Rule(
            "active_users", "conflict", "d.end_user IS NOT NULL AND d.active_users IS NOT NULL",
            "Only a row without end_user says how many users were active.",
        ),
    ),
    after=AFTER_DAILY,
)  # fmt: skip
