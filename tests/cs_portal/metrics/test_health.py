"""The worked examples of metrics.md section 10 and the rules of curves, without a database."""

from datetime import date
from fractions import Fraction

import pytest

from cs_portal.metrics.action_points import Action, ActionList, ActionTally, action_points
from cs_portal.metrics.base import Asked, Period, Scope
from cs_portal.metrics.exact import plain
from cs_portal.metrics.health import (
    SHIPPED_MODEL,
    CustomerHealth,
    HealthTally,
    Parts,
    TrendTally,
    band,
    health_band_customers,
    health_contribution,
    health_coverage,
    health_score,
    health_trend,
    revenue_at_risk,
    trend_band,
)

H1 = {"usage": "0.65", "nps": "30", "tickets": "0.25", "billing": "7"}
BEST = {"usage": "1", "nps": "100", "tickets": "0", "billing": "0"}


def asked(level="customer", variant="weighted", parameter=None):
    scope = Scope(level, ("X",), Period.parse("2025-01"), date(2026, 1, 1))
    return Asked(scope, variant, parameter)


def parts(values):
    inputs = {item.name: item for item in SHIPPED_MODEL.inputs}
    return Parts(SHIPPED_MODEL, {name: inputs[name].points(Fraction(value)) for name, value in values.items()})


def customer(values, **more):
    return CustomerHealth(1, parts(values), **more)


def with_score(score, **more):
    """One whose billing alone says the score."""
    return CustomerHealth(1, Parts(SHIPPED_MODEL, {"usage": Fraction(score), "billing": Fraction(score)}), **more)


def only(values):
    return HealthTally((customer(values),))


def shape(result):
    return [None if result.value is None else plain(result.value), result.reason, result.n]


def test_h1():
    assert {name: plain(y) for name, y in parts(H1).points.items()} == {
        "usage": "85", "nps": "70", "tickets": "88.75", "billing": "85",
    }  # fmt: skip
    tally = only(H1)
    assert shape(health_score(tally, asked())) == ["84.25", None, 4]
    shares = {name: plain(health_contribution(tally, asked(parameter=name)).value) for name in H1}
    assert shares == {"usage": "34", "nps": "7", "tickets": "17.75", "billing": "25.5"}
    assert shape(health_contribution(tally, asked(parameter="weather"))) == [None, "not_applicable", None]
    without_nps = only({name: value for name, value in H1.items() if name != "nps"})
    assert shape(health_score(without_nps, asked())) == ["85.8333333333", None, 3]
    assert shape(health_coverage(without_nps, asked())) == ["0.9", None, 3]
    assert shape(health_contribution(without_nps, asked(parameter="nps"))) == ["0", None, 3]
    assert shape(health_score(only(BEST), asked())) == ["110", None, 4]


def test_too_little_data_has_no_score():
    thin = only({"nps": "30", "tickets": "0.25"})
    assert shape(health_score(thin, asked())) == [None, "no_data", 0]
    assert shape(health_coverage(thin, asked())) == ["0.3", None, 2]
    assert shape(health_contribution(thin, asked(parameter="nps"))) == [None, "no_data", 0]
    assert shape(health_score(only({"billing": "0", "tickets": "0"}), asked())) == ["100", None, 2]  # 0.5 is enough


def test_the_trend_is_all_from_what_changed():
    before, now = customer(H1), customer({**H1, "usage": "0.35"})
    assert shape(health_score(HealthTally((now,)), asked())) == ["72.25", None, 4]
    assert shape(health_trend(TrendTally(now, before), asked())) == ["-12", None, 4]
    assert shape(health_trend(TrendTally(now, customer({})), asked())) == [None, "no_data", 0]
    assert [trend_band(Fraction(change)) for change in ("5", "5.1", "-5", "-5.1")] == [
        "steady", "rising", "steady", "falling",
    ]  # fmt: skip


def test_bands_and_customers_per_band():
    scores = ("40", "40.5", "70", "100", "100.1")
    assert [band(Fraction(score)) for score in scores] == ["red", "yellow", "yellow", "green", "outstanding"]
    everybody = HealthTally((*map(with_score, scores), customer({})))
    counts = {
        name: shape(health_band_customers(everybody, asked("portfolio", parameter=name)))
        for name in ("red", "yellow", "green", "outstanding", "unknown")
    }
    assert counts == {
        "red": ["1", None, 6], "yellow": ["2", None, 6], "green": ["1", None, 6], "outstanding": ["1", None, 6],
        "unknown": ["1", None, 6],
    }  # fmt: skip
    assert shape(health_band_customers(HealthTally(), asked("segment", parameter="red"))) == ["0", None, 0]


def test_the_portfolio_is_a_mean_or_weighted_with_what_is_paid():
    everybody = HealthTally((
        with_score(30, mrr=Fraction(900)), with_score(90, mrr=Fraction(100), override=Fraction(10)), with_score(60),
        customer({}, mrr=None),
    ))  # fmt: skip
    assert shape(health_score(everybody, asked("portfolio"))) == ["60", None, 3]
    assert shape(health_score(everybody, asked("portfolio", "effective"))) == ["33.3333333333", None, 3]
    weighted = health_score(everybody, asked("portfolio", "revenue_weighted"))
    assert [*shape(weighted), weighted.numerator, weighted.denominator] == ["36", None, 2, 36000, 1000]
    assert shape(revenue_at_risk(everybody, asked("portfolio"))) == ["900", None, 1]
    unknown = HealthTally((*everybody.customers, with_score(20, mrr=None)))
    assert shape(health_score(unknown, asked("portfolio", "revenue_weighted"))) == [None, "mixed_currency", None]
    assert shape(revenue_at_risk(unknown, asked("portfolio"))) == [None, "mixed_currency", None]
    assert shape(health_score(HealthTally(), asked("portfolio", "revenue_weighted"))) == [None, "no_data", 0]
    assert shape(revenue_at_risk(HealthTally(), asked("portfolio"))) == ["0", None, 0]


def points(actions, happened, level="customer", **listed):
    everybody = happened if isinstance(happened, list) else [happened]
    tally = ActionTally(ActionList(tuple(actions), **listed), True, everybody)
    return shape(action_points(tally, asked(level, "action_points")))


def test_action_points():
    actions = [Action("a", Fraction(1)), Action("b", Fraction(3)), Action("c", Fraction(-2))]
    assert points(actions, {"a": {0: 15, 3: 5}, "b": {1: 10}, "c": {29: 5}}) == ["40", None, 3]
    assert points(actions, {"c": {0: 5}}) == ["0", None, 3]
    assert points(actions, {"b": {0: 500}}) == ["120", None, 3]
    assert points(actions, {"b": {0: 500}}, score_cap=Fraction(80)) == ["80", None, 3]
    assert points(actions, [{"a": {0: 10}}, {}], "portfolio") == ["5", None, 2]
    assert points([Action("a", Fraction(2), cap=Fraction(3))], {"a": {0: 10}}) == ["6", None, 1]
    fading = [Action("a", Fraction(1), half_life=Fraction(7))]
    assert points(fading, {"a": {0: 1, 7: 2, 14: 4}}) == ["3", None, 1]
    assert points(fading, {"a": {1: 1}}) == ["0.9057236643", None, 1]
    assert shape(action_points(ActionTally(None, True, [{}]), asked())) == [None, "not_applicable", None]
    listed = ActionList(tuple(actions))
    assert shape(action_points(ActionTally(listed, False, [{}]), asked())) == [None, "no_data", 0]


@pytest.mark.parametrize(
    ("x", "y"), [("-200", "0"), ("-100", "0"), ("-50", "20"), ("0", "40"), ("40", "85"), ("100", "120"), ("500", "120")]
)
def test_a_curve_is_straight_between_its_points_and_level_beyond(x, y):
    (item,) = (item for item in SHIPPED_MODEL.inputs if item.name == "nps")
    assert plain(item.points(Fraction(x))) == y
