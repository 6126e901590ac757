"""Every file that can be loaded, in load order (metrics.md, section 15)."""

from accounts.imports import CONTACTS, CUSTOMERS, USER_GROUPS
from accounts.onboarding.imports import STEPS
from accounts.revenue.imports import CHURN_RECORDS, COSTS, EXCHANGE_RATES, SUBSCRIPTIONS
from accounts.support.imports import TICKETS
from kvi.imports import GOALS, KVIS, MEASUREMENTS
from surveys.imports import INVITATIONS, RESPONSES

FILES = (
    EXCHANGE_RATES, CUSTOMERS, USER_GROUPS, CONTACTS, SUBSCRIPTIONS, CHURN_RECORDS, COSTS, TICKETS, STEPS, INVITATIONS,
    RESPONSES, GOALS, KVIS, MEASUREMENTS,
)  # fmt: skip
