"""What subscriptions, churn records and costs keep of their changes."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.keeping import keep_changes
from accounts.revenue.models import ChurnRecord, Cost, Subscription

for model in (Subscription, ChurnRecord, Cost):
    keep_changes(model, names={"customer": _("customer"), "archived_at": _("archived")})
