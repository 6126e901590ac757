"""What customers pay and cost, and why they leave, as files of the import contract."""

from accounts.models import Customer
from accounts.revenue.models import ChurnRecord, Cost, ExchangeRate, Subscription
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

CHURN_RECORDS = FileSpec(
    name="churn_records.csv",
    model=ChurnRecord,
    columns=columns(
        "external_id id!, customer id!, date date!, "
        "reason competitor|freemium_downgrade|business_closure|missing_features|support_quality|price|other|unknown"
        "=unknown, comment text"
    ),
    references={"customer": Customer},
)

COSTS = FileSpec(
    name="costs.csv",
    model=Cost,
    columns=columns(
        "external_id id!, date date!, category acquisition|retention|serving!, amount dec!, currency cur!, "
        "customer id, channel str, comment text"
    ),
    references={"customer": Customer},
)
