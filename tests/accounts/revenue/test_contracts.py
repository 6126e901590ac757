"""Renewals and cohorts (metrics.md, section 11.9)."""

import pytest

from kvi.scorecard import MetricRequestError
from tests.factories.accounts import make_customer
from tests.factories.asking import ask, value_of
from tests.factories.facts import make_rate, make_subscription

pytestmark = pytest.mark.django_db
MONTH = "2025-01"


def customer_with(*rows: tuple, **fields: object):
    customer = make_customer(**fields)
    for start, end, mrr, *more in rows:
        make_subscription(customer, start, end, mrr, **(more[0] if more else {}))
    return customer


def due(**question: object) -> list[tuple[str, str | None, int | None]]:
    return [(r["metric"], r["value"] or r["reason"], r["n"]) for r in ask("renewals_due", MONTH, **question)]


def test_renewals_of_payers_within_thirty_sixty_and_ninety_days(db):
    customer_with(("2024-01-01", "2025-03-02", 10), external_id="a")  # 30 days after 31 January
    customer_with(("2024-01-01", "2025-03-03", 10))
    customer_with(("2024-01-01", "2025-05-01", 10))
    customer_with(("2024-01-01", "2025-05-02", 10))
    customer_with(("2024-01-01", "2025-02-10", 10), ("2025-01-20", None, 0))  # runs on, if free
    customer_with(("2024-01-01", "2025-02-10", 10), ("2025-01-20", None, 5, {"kind": "addon"}))
    customer_with(("2024-01-01", "2025-02-10", 10), ("2025-01-20", None, 5, {"is_trial": True}))
    customer_with(("2024-01-01", "2025-02-10", 0))  # pays nothing
    customer_with(("2024-01-01", None, 10))  # open-ended
    customer_with(("2024-01-01", "2025-02-01", 10), ("2025-02-01", "2025-03-20", 10))  # renewed, ends in March
    customer_with(("2024-01-01", "2025-02-05", 10), is_test=True)
    expected = [("renewals_due:30", "3", 3), ("renewals_due:60", "5", 5), ("renewals_due:90", "6", 6)]
    assert due() == expected
    assert due(as_of="2025-01-31")[0] == ("renewals_due:30", "4", 4)  # the renewal is not yet known
    assert due(level="customer", subjects=["a"]) == [(code, "1", 1) for code, _value, _n in expected]
    make_customer(external_id="empty")
    assert due(level="customer", subjects=["empty"])[0] == ("renewals_due:30", "no_data", 0)


def test_cohorts_of_the_first_paid_month(db):
    customer_with(("2024-01-31", "2024-03-15", 100), ("2024-04-30", None, 50), segment="s")
    customer_with(("2024-01-01", None, 100))
    customer_with(("2024-01-05", "2024-01-20", 40), ("2024-03-01", None, 80))
    customer_with(("2023-11-01", "2024-01-10", 10, {"is_trial": True}), ("2024-01-10", None, 100, {"currency": "USD"}))
    customer_with(("2024-02-01", None, 7))

    def row(variant: str, months: int) -> list[str]:
        return [value_of(f"cohort_retention:2024-01+{m}", MONTH, variant=variant) for m in range(months)]

    assert row("customers", 5) == ["0.75", "0.75", "0.75", "1", "1"]
    assert row("revenue", 2) == ["(mixed_currency)", "(mixed_currency)"]
    make_rate("USD", "2025-01-01", "0.5")
    assert row("revenue", 4) == ["1", "1", "0.92", "1.12"]
    (reading,) = ask("cohort_retention:2024-01+2", MONTH, variant="revenue")
    assert (reading["metric"], reading["numerator"], reading["denominator"], reading["n"]) == (
        "cohort_retention:2024-01+2", "230", "250", 3,
    )  # fmt: skip
    assert value_of("cohort_retention:2024-01+2", MONTH, level="segment", subjects=["s"]) == "0"
    assert value_of("cohort_retention:2023-12+0", MONTH) == "(no_data)"
    assert value_of("cohort_retention:2024-01+24", MONTH, as_of="2026-01-30") == "(incomplete_period)"
    assert value_of("cohort_retention:2024-01+24", MONTH, as_of="2026-01-31") == "1"
    assert ask("cohort_retention", MONTH) == []


@pytest.mark.parametrize("parameter", ["2024-13+1", "2024-1+1", "2024-01", "2024-01+-1", "2024-01+01", "9999-12+1", ""])
def test_what_names_no_month_is_an_unknown_parameter(parameter):
    with pytest.raises(MetricRequestError) as caught:
        ask(f"cohort_retention:{parameter}", MONTH)
    assert caught.value.code == "unknown_parameter"
