"""What subscriptions, churn records, costs and exchange rates keep of their changes."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.keeping import keep_changes
from accounts.revenue.models import ChurnRecord, Cost, ExchangeRate, Subscription

for model in (Subscription, ChurnRecord, Cost):
    keep_changes(model, names={"customer": _("customer"), "archived_at": _("archived")})
keep_changes(ExchangeRate, names={"archived_at": _("archived")})
