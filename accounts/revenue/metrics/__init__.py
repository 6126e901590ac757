"""Declarations of the revenue metrics (metrics.md, sections 5.4, 5.6 and 11.9), in the order of that file."""

from accounts.revenue.metrics.customers import METRICS as OF_CUSTOMERS
from accounts.revenue.metrics.economics import METRICS as ECONOMICS
from accounts.revenue.metrics.extra import METRICS as EXTRA
from accounts.revenue.metrics.mrr import METRICS as OF_MRR
from accounts.revenue.metrics.rates import METRICS as RATES

__all__ = ["EXTRA", "METRICS"]

METRICS = (*OF_MRR, *OF_CUSTOMERS, *RATES, *ECONOMICS)
