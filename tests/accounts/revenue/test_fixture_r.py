"""Every worked example on fixture R (metrics.md, sections 5.3 to 5.6), side by side: value, sides, n or reason."""

import pytest

from tests.factories.asking import LATER, ask, ask_one, value_of
from tests.factories.facts import make_rate, make_subscription, set_workspace

pytestmark = pytest.mark.django_db
MONTH = "2025-01"
Shown = tuple[str, str, str | None, str | None, str | None, int | None]


def shown(code: str, period: str = MONTH, **question: object) -> list[Shown]:
    """Code, variant, value or reason, numerator, denominator, n."""
    return [
        (r["metric"], r["variant"], r["value"] or f"({r['reason']})", r["numerator"], r["denominator"], r["n"])
        for r in ask(code, period, **{"variant": "all", **question})
    ]


EXAMPLES: list[list[Shown]] = [
    [("mrr", "default", "1840", None, None, 6)],
    [("mrr_opening", "default", "1500", None, None, 5)],
    [("mrr_new", "net", "340", None, None, 2), ("mrr_new", "daily", "420", None, None, 3)],
    [("mrr_reactivation", "net", "150", None, None, 1), ("mrr_reactivation", "daily", "150", None, None, 1)],
    [
        ("mrr_expansion", "net", "250", None, None, 1),
        ("mrr_expansion", "daily", "250", None, None, 1),
        ("mrr_expansion:upsell", "net", "200", None, None, 1),
        ("mrr_expansion:upsell", "daily", "(not_applicable)", None, None, None),
        ("mrr_expansion:cross_sell", "net", "0", None, None, 0),
        ("mrr_expansion:cross_sell", "daily", "(not_applicable)", None, None, None),
        ("mrr_expansion:addon", "net", "50", None, None, 1),
        ("mrr_expansion:addon", "daily", "(not_applicable)", None, None, None),
        ("mrr_expansion:unspecified", "net", "0", None, None, 0),
        ("mrr_expansion:unspecified", "daily", "(not_applicable)", None, None, None),
    ],
    [("mrr_contraction", "net", "100", None, None, 1), ("mrr_contraction", "daily", "100", None, None, 1)],
    [("mrr_currency_effect", "default", "0", None, None, 0)],
    [("arr", "default", "22080", None, None, 6)],
    [("arpa", "monthly", "306.6666666667", "1840", "6", 6), ("arpa", "annual", "3680", "22080", "6", 6)],
    [("paying_customers", "default", "6", None, None, 6)],
    [("paying_customers_opening", "default", "5", None, None, 5)],
    [("new_customers", "net", "2", None, None, 2), ("new_customers", "daily", "3", None, None, 3)],
    [("reactivated_customers", "net", "1", None, None, 1), ("reactivated_customers", "daily", "1", None, None, 1)],
    [("contracted_customers", "net", "1", None, None, 1), ("contracted_customers", "daily", "1", None, None, 1)],
    [("intra_period_churn", "default", "1", None, None, 1)],
    [
        ("logo_churn_rate", "period", "0.4", "2", "5", 5),
        ("logo_churn_rate", "annualised", "0.9978232177", None, None, 5),
        ("logo_churn_rate", "monthly_equivalent", "0.4", None, None, 5),
    ],
    [("retention_rate", "cohort", "0.6", "3", "5", 5), ("retention_rate", "seed_literal", "0.8", "4", "5", 5)],
    [("grr", "cohort", "0.7333333333", "1100", "1500", 5), ("grr", "seed_literal_customers", "0.6", "3", "5", 5)],
    [("nrr", "cohort", "0.9", "1350", "1500", 5), ("nrr", "seed_literal", "0.96", "1440", "1500", 5)],
    [
        ("mrr_churn_rate", "churn", "0.2", "300", "1500", 5),
        ("mrr_churn_rate", "gross", "0.2666666667", "400", "1500", 5),
        ("mrr_churn_rate", "annualised", "0.9312805233", None, None, 5),
        ("mrr_churn_rate", "monthly_equivalent", "0.2", None, None, 5),
    ],
    [
        ("net_mrr_churn_rate", "default", "0.1", "150", "1500", 5),
        ("net_mrr_churn_rate", "with_reactivation", "0", "0", "1500", 5),
    ],
    [
        ("negative_churn", "expansion_vs_churn", "0", None, None, 1),
        ("negative_churn", "incl_contraction", "0", None, None, 1),
    ],
    [("quick_ratio", "default", "1.85", "740", "400", 3)],
    [("recurring_revenue", "default", "1932.2580645161", None, None, 9)],
    [
        ("sales_growth_rate", "revenue", "0.288172043", "432.2580645161", "1500", 5),
        ("sales_growth_rate", "mrr", "0.2266666667", "340", "1500", 5),
        ("sales_growth_rate", "year_over_year", "1.9727047146", "1282.2580645161", "650", 2),
    ],
    [
        ("customer_lifetime", "observed", "0.59137577", None, None, 3),
        ("customer_lifetime", "inverse_churn", "0.2083333333", "1", "4.8", 3),
    ],
    [
        ("clv", "clv_arpa_churn", "766.6666666667", "306.6666666667", "0.4", 6),
        ("clv", "clv_lifetime_net", "-4823.7371663244", None, None, 6),
        ("clv", "clv_margin", "(not_applicable)", None, None, None),
    ],
    [("cac", "default", "7000", "14000", "2", 2)],
    [("crc", "opening", "200", "1000", "5", 5), ("crc", "retained", "333.3333333333", "1000", "3", 3)],
    [
        ("ltv_cac", "clv_arpa_churn", "0.1095238095", "766.6666666667", "7000", 6),
        ("ltv_cac", "clv_margin", "(not_applicable)", None, None, None),
    ],
    [
        ("cac_ltv", "clv_arpa_churn", "9.1304347826", "7000", "766.6666666667", 2),
        ("cac_ltv", "clv_margin", "(not_applicable)", None, None, None),
    ],
    [
        ("ltv_crc", "lifetime_cost", "1.5333333333", "766.6666666667", "500", 6),
        ("ltv_crc", "seed_literal", "3.8333333333", "766.6666666667", "200", 6),
    ],
    [
        ("account_profitability", "serving", "1812.2580645161", None, None, 9),
        ("account_profitability", "with_retention", "812.2580645161", None, None, 9),
    ],
    [("trial_to_paid", "default", "0.5", "1", "2", 2)],
    [("open_trials", "default", "0", None, None, 2)],
]


def test_every_metric_and_variant_on_fixture_r(fixture_r):
    found = [shown(example[0][0]) for example in EXAMPLES]
    assert found == EXAMPLES


REASONS = {"competitor": ("200", 1), "freemium_downgrade": ("100", 1)}
ORDER = [
    "competitor", "freemium_downgrade", "business_closure", "missing_features", "support_quality", "price", "other",
    "unknown",
]  # fmt: skip


def test_reasons_come_after_the_total_in_their_order_and_sum_to_it(fixture_r):
    assert shown("mrr_churned", variant="net") == [
        ("mrr_churned", "net", "300", None, None, 2),
        *((f"mrr_churned:{reason}", "net", REASONS.get(reason, "0")[0], None, None, int(reason in REASONS))
          for reason in ORDER),
    ]  # fmt: skip
    assert shown("churned_customers", variant="net") == [
        ("churned_customers", "net", "2", None, None, 2),
        *((f"churned_customers:{reason}", "net", str(int(reason in REASONS)), None, None, int(reason in REASONS))
          for reason in ORDER),
    ]  # fmt: skip
    assert shown("churn_reason_share") == [
        (f"churn_reason_share:{reason}", "default", "0.5" if reason in REASONS else "0", str(int(reason in REASONS)),
         "2", 2) for reason in ORDER
    ]  # fmt: skip
    assert shown("mrr_churned", variant="daily")[:2] == [
        ("mrr_churned", "daily", "380", None, None, 3),
        ("mrr_churned:competitor", "daily", "(not_applicable)", None, None, None),
    ]
    assert shown("churned_customers", variant="daily")[0] == ("churned_customers", "daily", "3", None, None, 3)


def test_trials_wait_for_the_end_of_their_time(fixture_r):
    assert shown("trial_to_paid", as_of="2025-02-08") == [("trial_to_paid", "default", "1", "1", "1", 1)]
    assert shown("open_trials", as_of="2025-02-08") == [("open_trials", "default", "1", None, None, 2)]
    assert value_of("trial_to_paid", MONTH, as_of="2025-02-06") == "(incomplete_period)"
    assert shown("open_trials", as_of="2025-02-06") == [("open_trials", "default", "2", None, None, 2)]
    assert shown("trial_to_paid", "2025-02") == [("trial_to_paid", "default", "(no_data)", None, None, 0)]


def test_a_customer_alone(fixture_r):
    def at(code: str, customer: str, **question: object) -> str:
        first, *_parameters = ask(code, MONTH, level="customer", subjects=[customer], **question)
        return str(first["value"] or f"({first['reason']})")

    assert [at("account_profitability", "B"), at("mrr_expansion", "B")] == ["409.0322580645", "250"]
    assert [at("nrr", "B"), at("grr", "B"), at("grr", "C"), at("nrr", "D")] == ["1.625", "1", "0.6666666667", "0"]
    assert shown("grr", level="customer", subjects=["F"], variant="cohort") == [
        ("grr", "cohort", "(zero_denominator)", "0", "0", 0)
    ]
    assert at("sales_growth_rate", "F") == "(no_data)"
    assert at("sales_growth_rate", "F", variant="mrr") == "(zero_denominator)"
    assert at("sales_growth_rate", "G") == "(zero_denominator)"


def test_the_currency_effect_joins_two_periods(fixture_r):
    customer = fixture_r["A"]
    make_subscription(customer, "2024-01-01", None, 1000, currency="USD")
    make_rate("USD", "2024-01-01", "0.90")
    make_rate("USD", "2024-12-15", "0.95")
    assert ask_one("mrr_currency_effect", MONTH)["n"] == 1
    effect = value_of("mrr_currency_effect", MONTH)
    assert (effect, value_of("mrr", "2024-12"), value_of("mrr_opening", MONTH)) == ("50", "2400", "2450")


def test_the_margin_is_a_setting(fixture_r):
    set_workspace(gross_margin="0.8")
    assert shown("clv", variant="clv_margin") == [("clv", "clv_margin", "613.3333333333", "245.3333333333", "0.4", 6)]
    assert value_of("ltv_cac", MONTH, variant="clv_margin") == "0.0876190476"


def test_without_whole_months_the_conversions_mean_nothing(fixture_r):
    days = "2025-01-01..2025-01-31"
    for code, variant in {"logo_churn_rate": "annualised", "mrr_churn_rate": "monthly_equivalent",
                          "customer_lifetime": "inverse_churn", "clv": "clv_arpa_churn", "ltv_cac": "clv_arpa_churn",
                          "cac_ltv": "clv_arpa_churn", "ltv_crc": "seed_literal"}.items():  # fmt: skip
        assert shown(code, days, variant=variant) == [(code, variant, "(not_applicable)", None, None, None)]
    assert value_of("clv", days, variant="clv_lifetime_net") is not None
    assert value_of("clv", MONTH, as_of="2025-01-30", variant="clv_margin") == "(not_applicable)"


def test_without_any_subscription_row_there_is_no_data(db):
    for code in dict.fromkeys(example[0][0] for example in EXAMPLES):
        for r in ask(code, MONTH, as_of=LATER):
            assert (r["reason"], r["n"], r["numerator"]) == ("no_data", 0, None), code
