"""What customers pay, as files of the import contract."""

from accounts.models import Customer
from accounts.revenue.models import ExchangeRate, Subscription
from cs_portal.kit.filespec import FileSpec, Rule, columns, ordered, positive

EXCHANGE_RATES = FileSpec(
    name="exchange_rates.csv",
    model=ExchangeRate,
    columns=columns("currency cur!, valid_from date!, rate dec!"),
    key=("currency", "valid_from"),
    rules=(
        positive("rate"),
        Rule(
            "rate", "conflict", "d.currency = %(currency)s AND d.rate <> 1",
            "The reporting currency's rate is 1; leave the row out or give 1.",
        ),
    ),
)  # fmt: skip

SUBSCRIPTIONS = FileSpec(
    name="subscriptions.csv",
    model=Subscription,
    columns=columns(
        "external_id id!, customer id!, start_date date!, end_date date, mrr dec!, currency cur!, plan str, "
        "kind base|addon=base, is_trial bool=false, "
        "change_reason new|upsell|cross_sell|addon|downgrade|price_change|renewal|reactivation|other, seats int"
    ),
    references={"customer": Customer},
    rules=(ordered("start_date", "end_date"),),
)
