"""All metrics by code, in the order of metrics.md."""

from accounts.onboarding.metrics import METRICS as ONBOARDING
from accounts.revenue.metrics import EXTRA as CONTRACTS
from accounts.revenue.metrics import METRICS as REVENUE
from accounts.support.metrics import METRICS as SUPPORT
from accounts.usage.metrics import METRICS as USAGE
from cs_portal.metrics.base import Metric
from kvi.compound import METRICS as COMPOUND
from kvi.health.metrics import FURTHER as HEALTH_FURTHER
from kvi.health.metrics import METRICS as HEALTH
from kvi.metrics import METRICS as KVI
from surveys.metrics import METRICS as FEEDBACK

CATALOGUE_VERSION = 1
LEVELS = ("portfolio", "segment", "customer", "user_group", "survey", "kvi", "goal")
FAMILIES = (REVENUE, COMPOUND, FEEDBACK, SUPPORT, USAGE, ONBOARDING, HEALTH, KVI, HEALTH_FURTHER, CONTRACTS)
CATALOG: dict[str, Metric] = {metric.code: metric for family in FAMILIES for metric in family}
