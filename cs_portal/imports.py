"""Every file that can be loaded, in load order (metrics.md, section 15)."""

from accounts.imports import CONTACTS, CUSTOMERS, END_USERS, USER_GROUPS
from accounts.onboarding.imports import STEPS
from accounts.revenue.imports import CHURN_RECORDS, COSTS, EXCHANGE_RATES, SUBSCRIPTIONS
from accounts.support.imports import TICKETS
from accounts.usage.imports import DAILY, EVENTS
from kvi.imports import GOALS, KVIS, MEASUREMENTS
from surveys.imports import INVITATIONS, RESPONSES

FILES = (
    EXCHANGE_RATES, CUSTOMERS, USER_GROUPS, CONTACTS, END_USERS, SUBSCRIPTIONS, CHURN_RECORDS, COSTS, EVENTS, DAILY,
    TICKETS, STEPS, INVITATIONS, RESPONSES, GOALS, KVIS, MEASUREMENTS,
)  # fmt: skip
