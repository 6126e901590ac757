"""Attainment of indicators, goals and customers (metrics.md, section 11) through real rows."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.accounts import make_customer, make_user_group
from tests.factories.asking import ask, ask_one, value_of
from tests.factories.facts import (
    make_goal,
    make_indicator,
    make_measurement,
    make_subscription,
    make_version,
    set_workspace,
)

pytestmark = pytest.mark.django_db
MONTH = "2025-01"
LEVELS = ["none", "poor", "fair", "good", "very good"]
RANGE = {"direction": "maintain", "baseline": None, "target": None, "range_low": 95, "range_high": 99}


def kvi(code: str, period: str = MONTH, **question):
    return value_of(code, period, level="kvi", subjects=["K"], **question)


def goal(code: str, period: str = MONTH, **question):
    return ask_one(code, period, level="goal", subjects=["O"], **question)


# --- attainment --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "measured", "raw", "clamped"),
    [
        ({}, {"value": 130}, "0.6", "0.6"),
        ({"direction": "decrease", "baseline": 12, "target": 6}, {"value": 9}, "0.5", "0.5"),
        ({}, {"value": 165}, "1.3", "1"),
        ({}, {"value": 90}, "-0.2", "0"),
        ({**RANGE, "tolerance_outside": 5}, {"value": 93}, "0.6", "0.6"),
        ({**RANGE, "tolerance_outside": 5}, {"value": 97}, "1", "1"),
        ({**RANGE, "tolerance_outside": 5}, {"value": 110}, "0", "0"),
        ({**RANGE, "tolerance_outside": 0}, {"value": 94}, "0", "0"),
        ({**RANGE, "tolerance_outside": 0}, {"value": 95}, "1", "1"),
        ({"levels": LEVELS}, {"level": 3}, "0.75", "0.75"),
        ({"levels": LEVELS, "level_scores": [0, "0.1", "0.4", "0.8", 1]}, {"level": 3}, "0.8", "0.8"),
        ({"levels": ["only"]}, {"level": 0}, "(not_applicable)", "(not_applicable)"),
        ({"target": 100}, {"value": 100}, "(not_applicable)", "(not_applicable)"),
    ],
)
def test_rule_4(db, version, measured, raw, clamped):
    make_measurement(make_indicator(external_id="K", **version), "2025-01-15", **measured)
    assert (kvi("kvi_attainment"), kvi("kvi_attainment", variant="clamped")) == (raw, clamped)


def test_the_whole_reading(db):
    make_measurement(make_indicator(external_id="K"), "2025-01-15", 130)
    assert ask_one("kvi_attainment", MONTH, level="kvi") == {
        "metric": "kvi_attainment", "level": "kvi", "subject": "K",
        "period": {"start": "2025-01-01", "end": "2025-02-01"}, "value": "0.6", "unit": "ratio", "numerator": None,
        "denominator": None, "n": 1, "interval": None, "reason": None, "variant": "raw", "as_of": "2026-01-01",
    }  # fmt: skip


class TestTheCurrentMeasurement:
    @pytest.fixture
    def indicator(self, db):
        return make_indicator(external_id="K")

    def test_is_the_latest_up_to_the_last_day(self, indicator):
        for day, value in {"2025-01-10": 110, "2025-01-31": 120, "2025-02-01": 150}.items():
            make_measurement(indicator, day, value)
        assert kvi("kvi_attainment") == "0.4"

    def test_of_a_day_is_that_of_the_greatest_id_in_code_point_order(self, indicator):
        for external_id, value in {"Z": 105, "z": 110, "a": 115}.items():
            make_measurement(indicator, "2025-01-10", value, external_id=external_id)
        assert kvi("kvi_attainment") == "0.2"

    def test_is_never_a_disputed_one(self, indicator):
        make_measurement(indicator, "2025-01-10", 110)
        make_measurement(indicator, "2025-01-20", 150, status="disputed")
        assert kvi("kvi_attainment") == "0.2"

    def test_is_nothing_dated_after_as_of(self, indicator):
        make_measurement(indicator, "2025-01-10", 110)
        assert kvi("kvi_attainment", as_of="2025-01-09") == "(incomplete_period)"
        assert kvi("kvi_attainment", "2025-01-01..2025-01-10", as_of="2025-01-09") == "(no_data)"

    @pytest.mark.parametrize(
        ("version", "last_good_day"),
        [
            ({}, "2025-02-27"),
            ({"grace_days": 0}, "2025-01-30"),
            ({"grace_days": 5}, "2025-02-04"),
            ({"cadence": "weekly"}, "2025-01-13"),
            ({"cadence": "weekly", "grace_days": 3}, "2025-01-09"),
            ({"cadence": "quarterly"}, "2025-06-29"),
            ({"cadence": "half_yearly"}, "2025-12-30"),
            ({"cadence": "yearly", "grace_days": 0}, "2025-12-30"),
        ],
    )
    def test_goes_stale(self, db, version, last_good_day):
        make_measurement(make_indicator(external_id="K", **version), "2024-12-31", 130)
        last = date.fromisoformat(last_good_day)
        next_day = date.fromordinal(last.toordinal() + 1)
        after = date.fromordinal(last.toordinal() + 2)
        assert kvi("kvi_attainment", f"2024-12-01..{next_day}") == "0.6"
        assert kvi("kvi_attainment", f"2024-12-01..{after}") == "(no_data)"

    def test_a_stale_one_is_not_replaced_by_an_older_one(self, db):
        indicator = make_indicator(external_id="K", cadence="yearly")
        make_measurement(indicator, "2024-06-01", 130)
        make_version(indicator, cadence="weekly", valid_from=date(2024, 12, 1))
        make_measurement(indicator, "2024-12-10", 140)
        assert kvi("kvi_attainment") == "(no_data)"

    def test_is_evaluated_with_the_version_of_its_own_date(self, indicator):
        make_measurement(indicator, "2025-01-15", 130)
        make_version(indicator, baseline=0, target=130, valid_from=date(2025, 1, 16))
        assert kvi("kvi_attainment") == "0.6"
        make_measurement(indicator, "2025-01-16", 130)
        assert kvi("kvi_attainment") == "1"

    def test_of_a_day_on_which_the_indicator_was_not_active_is_ignored(self, db):
        indicator = make_indicator(make_goal(start="2025-01-10"), external_id="K")
        make_measurement(indicator, "2025-01-09", 130)
        assert kvi("kvi_attainment") == "(no_data)"


class TestTheVersionInForce:
    def test_is_an_agreed_one(self, db):
        make_indicator(external_id="K", agreed_on=None, state="proposed")
        assert kvi("kvi_attainment") == "(not_applicable)"

    def test_is_known_from_the_agreement_on(self, db):
        make_measurement(make_indicator(external_id="K", agreed_on=date(2025, 3, 1)), "2025-01-15", 130)
        assert kvi("kvi_attainment", as_of="2025-02-28") == "(not_applicable)"
        assert kvi("kvi_attainment", as_of="2025-03-01") == "0.6"

    def test_is_the_later_number_of_those_that_start_on_one_day(self, db):
        indicator = make_indicator(external_id="K")
        make_version(indicator, target=200)
        make_measurement(indicator, "2025-01-15", 130)
        assert kvi("kvi_attainment") == "0.3"

    def test_starts_on_its_first_day(self, db):
        make_indicator(external_id="K", valid_from=date(2025, 2, 1))
        assert kvi("kvi_attainment") == "(not_applicable)"

    @pytest.mark.parametrize(("retired_on", "found"), [("2025-01-31", "(not_applicable)"), ("2025-02-01", "0.6")])
    def test_ends_when_retired(self, db, retired_on, found):
        make_measurement(make_indicator(external_id="K", retired_on=retired_on), "2025-01-15", 130)
        assert kvi("kvi_attainment") == found

    @pytest.mark.parametrize(("retired_on", "found"), [("2025-01-31", "(not_applicable)"), ("2025-02-01", "0.6")])
    def test_ends_with_its_goal(self, db, retired_on, found):
        make_measurement(make_indicator(make_goal(retired_on=retired_on), external_id="K"), "2025-01-15", 130)
        assert kvi("kvi_attainment") == found

    def test_not_active_is_said_before_an_open_period(self, db):
        make_indicator(external_id="K", valid_from=date(2025, 2, 1))
        assert kvi("kvi_attainment", as_of="2025-01-15") == "(not_applicable)"


# --- path ----------------------------------------------------------------------------------------------

PATH = {"baseline_date": date(2025, 1, 1), "due_date": date(2025, 12, 31)}
STEPS = {**PATH, "path": "stepped", "path_points": [["2025-03-31", "0.1"], ["2025-06-30", "0.5"]]}


@pytest.mark.parametrize(
    ("version", "last_day", "planned"),
    [
        (PATH, "2025-04-02", "0.25"),
        (PATH, "2024-12-31", "0"),
        (PATH, "2025-12-31", "1"),
        ({**PATH, "due_date": None}, "2025-04-02", "(not_applicable)"),
        ({**PATH, "baseline_date": None}, "2025-04-02", "(not_applicable)"),
        ({**RANGE, "tolerance_outside": 1}, "2025-04-02", "1"),
        ({**PATH, "levels": LEVELS, "baseline": 1, "target": 3}, "2025-04-02", "0.375"),
        ({**PATH, "levels": LEVELS}, "2025-04-02", "0.25"),
        (STEPS, "2025-03-30", "0"),
        (STEPS, "2025-06-29", "0.1"),
        (STEPS, "2025-06-30", "0.5"),
        (STEPS, "2025-12-31", "1"),
        ({**PATH, "valid_from": date(2025, 5, 1)}, "2025-04-02", "(not_applicable)"),
    ],
)  # fmt: skip
def test_planned_attainment(db, version, last_day, planned):
    make_indicator(external_id="K", **version)
    end = date.fromordinal(date.fromisoformat(last_day).toordinal() + 1)
    assert kvi("kvi_planned", f"2024-12-01..{end}") == planned


@pytest.mark.parametrize(
    ("value", "gap"), [(130, "35"), (112, "-1"), (Decimal("107.5"), "-10"), (Decimal("102.5"), "-20"), (90, "-45")]
)
def test_path_gap_on_the_day_of_the_measurement(db, value, gap):
    make_measurement(make_indicator(external_id="K", **PATH), "2025-04-02", value)
    assert kvi("kvi_path_gap", "2025-04") == gap


def test_path_gap_takes_the_reasons_of_both_sides(db):
    indicator = make_indicator(external_id="K", **PATH)
    assert kvi("kvi_path_gap") == "(no_data)"
    make_measurement(indicator, "2025-01-15", 130)
    assert ask_one("kvi_path_gap", MONTH, level="kvi")["unit"] == "percent-points"
    other = make_indicator(external_id="L")
    make_measurement(other, "2025-01-15", 130)
    assert value_of("kvi_path_gap", MONTH, level="kvi", subjects=["L"]) == "(not_applicable)"


# --- goals and customers ---------------------------------------------------------------------------------


@pytest.fixture
def three_indicators(db):
    """Weight 2 at 0.6, weight 1 at 1.3, weight 1 stale."""
    owner = make_goal(external_id="O", customer=make_customer(external_id="X", segment="south"))
    for weight, value, day in [(2, 130, "2025-01-15"), (1, 165, "2025-01-15"), (1, 150, "2024-06-15")]:
        make_measurement(make_indicator(owner, weight=weight), day, value)
    return owner


def test_goal_attainment_and_coverage(three_indicators):
    found = goal("goal_attainment")
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == ("0.7333333333", "2.2", "3", 2)
    found = goal("goal_coverage")
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == ("0.75", "3", "4", 3)


def test_a_goal_without_active_or_measured_indicators(db):
    owner = make_goal(external_id="O")
    assert (goal("goal_attainment")["reason"], goal("goal_coverage")["reason"]) == ("no_data", "no_data")
    make_indicator(owner)
    assert (goal("goal_attainment")["reason"], goal("goal_coverage")["value"]) == ("no_data", "0")
    assert goal("kvi_confirmed_share")["reason"] == "no_data"


def test_weights_are_those_of_the_version_in_force_on_the_last_day(three_indicators):
    first = three_indicators.indicators.order_by("pk").first()
    make_version(first, weight=4, valid_from=date(2025, 1, 31))
    assert goal("goal_attainment")["numerator"] == "3.4"
    assert goal("goal_coverage")["denominator"] == "6"


def test_confirmed_share(three_indicators):
    three_indicators.indicators.order_by("pk").first().measurements.update(status="confirmed")
    for level, name in {"goal": "O", "customer": "X", "segment": "south"}.items():
        found = ask_one("kvi_confirmed_share", MONTH, level=level, subjects=[name])
        assert (found["value"], found["n"]) == ("0.6666666667", 2)
    assert value_of("kvi_confirmed_share", MONTH) == "0.6666666667"


@pytest.fixture
def two_goals(three_indicators):
    """11/15 with weight 3 and 0.5 with weight 1."""
    three_indicators.weight = 3
    three_indicators.save()
    make_measurement(make_indicator(make_goal(three_indicators.customer)), "2025-01-15", 125)
    return three_indicators.customer


def test_customer_value_score(two_goals):
    shape = {
        "level": "customer", "subject": "X", "period": {"start": "2025-01-01", "end": "2025-02-01"}, "unit": "ratio",
        "interval": None, "variant": "default", "as_of": "2026-01-01",
    }  # fmt: skip
    assert ask("customer_value_score", MONTH, level="customer") == [
        {**shape, "metric": "customer_value_score:collective", "value": "0.675", "numerator": "2.7",
         "denominator": "4", "n": 2, "reason": None},
        {**shape, "metric": "customer_value_score:individual", "value": None, "numerator": None,
         "denominator": None, "n": 0, "reason": "no_data"},
    ]  # fmt: skip


def test_customer_value_score_is_a_mean_over_live_customers(two_goals):
    other, gone = make_customer(), make_customer()
    make_subscription(gone, "2024-01-01", "2024-12-31", 10)
    for customer in (other, gone, make_customer(is_test=True)):
        make_measurement(make_indicator(make_goal(customer)), "2025-01-15", 100)
    found = ask_one("customer_value_score:collective", MONTH)
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == ("0.3375", None, None, 2)


def test_individual_goals_are_those_of_a_group_and_never_mixed(two_goals):
    group = make_user_group(two_goals, external_id="G")
    make_measurement(make_indicator(make_goal(two_goals, user_group=group)), "2025-01-15", 110)
    assert [r["metric"] for r in ask("customer_value_score", MONTH, level="user_group")] == [
        "customer_value_score:individual"
    ]
    assert value_of("customer_value_score:individual", MONTH, level="user_group", subjects=["G"]) == "0.2"
    asked = {"level": "user_group", "subjects": ["G"]}
    assert value_of("customer_value_score:collective", MONTH, **asked) == "(not_applicable)"
    assert value_of("customer_value_score:individual", MONTH, level="customer", subjects=["X"]) == "0.2"
    assert value_of("customer_value_score:collective", MONTH, level="customer", subjects=["X"]) == "0.675"


class TestCoverage:
    def test_three_of_four(self, db):
        for number in range(4):
            indicator = make_indicator(make_goal())
            if number:
                make_measurement(indicator, "2025-01-15", 100)
        found = ask_one("kvi_coverage", MONTH)
        assert (found["value"], found["numerator"], found["denominator"], found["n"]) == ("0.75", "3", "4", 4)

    def test_nobody_live(self, db):
        assert value_of("kvi_coverage", MONTH) == "(no_data)"
        make_subscription(make_customer(), "2024-01-01", "2025-01-31", 10)
        assert value_of("kvi_coverage", MONTH) == "(no_data)"

    def test_live_is_who_has_a_running_row_or_none_at_all(self, db):
        make_subscription(make_customer(), "2025-01-31", None, 0)
        make_subscription(make_customer(), "2024-01-01", "2025-02-01", 10, is_trial=True)
        make_subscription(make_customer(), "2025-02-01", None, 10)
        make_customer()
        assert ask_one("kvi_coverage", MONTH)["n"] == 3
        assert ask_one("kvi_coverage", MONTH, as_of="2025-01-31")["n"] == 4  # the later row is not known yet


@pytest.mark.parametrize("size", [1, 30])
@pytest.mark.parametrize(("level", "queries"), [("kvi", 7), ("goal", 7), ("customer", 8), ("user_group", 7)])
def test_as_many_queries_for_thirty_as_for_one(db, level, queries, size, django_assert_num_queries):
    for _ in range(size):
        customer = make_customer()
        owner = make_goal(customer, user_group=make_user_group(customer))
        make_measurement(make_indicator(owner), "2025-01-15", 130)
    set_workspace()
    code = {"kvi": "kvi_attainment", "goal": "goal_attainment"}.get(level, "customer_value_score:individual")
    with django_assert_num_queries(queries):
        assert [r["value"] for r in ask(code, MONTH, level=level)] == ["0.6"] * size
