"""Every file that can be loaded, in load order (metrics.md, section 15)."""

from accounts.imports import CONTACTS, CUSTOMERS, USER_GROUPS
from accounts.revenue.imports import EXCHANGE_RATES, SUBSCRIPTIONS
from kvi.imports import GOALS, KVIS, MEASUREMENTS
from surveys.imports import INVITATIONS, RESPONSES

FILES = (
    EXCHANGE_RATES, CUSTOMERS, USER_GROUPS, CONTACTS, SUBSCRIPTIONS, INVITATIONS, RESPONSES, GOALS, KVIS, MEASUREMENTS,
)  # fmt: skip
