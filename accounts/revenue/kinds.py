"""Which records of this room have forms."""

from django.utils.translation import gettext_lazy as _

from accounts.records.registry import Kind, register, register_for_workspace
from accounts.revenue.models import ChurnRecord, Cost, ExchangeRate, Subscription
from accounts.revenue.rules import rate_of_the_reporting_currency_is_one

SUBSCRIPTIONS = register(
    Kind(
        slug="subscriptions",
        model=Subscription,
        one=_("Subscription"),
        many=_("Subscriptions"),
        add=_("Add a subscription"),
        fields=("plan", "kind", "start_date", "end_date", "mrr", "currency", "seats", "is_trial", "change_reason"),
        shown=("kind", "start_date", "end_date", "mrr", "currency", "seats"),
        place=30,
        order=("-start_date", "-pk"),
        icon="coin",
    )
)
CHURN_RECORDS = register(
    Kind(
        slug="churn-records",
        model=ChurnRecord,
        one=_("Churn record"),
        many=_("Churn records"),
        add=_("Add a churn record"),
        fields=("date", "reason", "comment"),
        shown=("date", "comment"),
        place=40,
        order=("-date", "-pk"),
        icon="logout",
    )
)
COSTS = register(
    Kind(
        slug="costs",
        model=Cost,
        one=_("Cost"),
        many=_("Costs"),
        add=_("Add a cost"),
        fields=("date", "category", "amount", "currency", "channel", "comment"),
        shown=("date", "amount", "currency", "channel"),
        place=50,
        order=("-date", "-pk"),
        icon="coin",
    )
)
register_for_workspace(COSTS)  # of no customer: what winning and keeping them costs
RATES = register_for_workspace(
    Kind(
        slug="exchange-rates",
        model=ExchangeRate,
        one=_("Exchange rate"),
        many=_("Exchange rates"),
        add=_("Add an exchange rate"),
        fields=("currency", "valid_from", "rate"),
        shown=("valid_from", "rate"),
        place=60,
        order=("currency", "-valid_from"),
        icon="coin",
        rules=(rate_of_the_reporting_currency_is_one,),
        key="public_id",
    )
)
