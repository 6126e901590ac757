"""``manage.py metrics`` (metrics.md, section 16)."""

import csv
import io
import json

import pytest
import time_machine
from django.core.management import CommandError, call_command

from kvi import metric_requests
from kvi.catalog import CATALOG
from tests.factories.accounts import make_customer, make_user
from tests.factories.facts import make_goal, make_indicator, make_measurement, make_subscription, set_workspace

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("metrics", *args, stdout=out)
    return out.getvalue()


def results(*args: str) -> list[dict]:
    return json.loads(run(*args, "--as-of", "2026-01-01"))["results"]


def refused(*args: str) -> str:
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("metrics", *args, stdout=out)
    assert (caught.value.returncode, out.getvalue()) == (2, "")
    return str(caught.value).partition(":")[0]


@pytest.fixture
def two_customers(db):
    for name, mrr in {"a": 100, "B": "50.5"}.items():
        customer = make_customer(external_id=name, segment="süd", owner_text="Eva@x.de")
        make_subscription(customer, "2024-01-01", None, mrr)


def test_the_envelope(two_customers):
    set_workspace(time_zone="Europe/Vienna", reporting_currency="EUR")
    answer = json.loads(run("arr", "--period", "2025-01", "--as-of", "2025-03-01"))
    assert answer == {
        "catalogue_version": 1,
        "reporting_currency": "EUR",
        "time_zone": "Europe/Vienna",
        "results": [
            {
                "metric": "arr", "level": "portfolio", "subject": None,
                "period": {"start": "2025-01-01", "end": "2025-02-01"}, "value": "1806", "unit": "money",
                "numerator": None, "denominator": None, "n": 2, "interval": None, "reason": None,
                "variant": "default", "as_of": "2025-03-01",
            }
        ],
    }  # fmt: skip
    assert list(answer["results"][0]) == [
        "metric", "level", "subject", "period", "value", "unit", "numerator", "denominator", "n", "interval", "reason",
        "variant", "as_of",
    ]  # fmt: skip


def test_codes_then_parameters_then_subjects_then_variants(two_customers):
    found = results("nps_share", "mrr", "--period", "2025-01", "--level", "customer")
    shares = [f"nps_share:{group}" for group in ("promoter", "passive", "detractor")]
    assert [(r["metric"], r["subject"]) for r in found] == [
        (code, subject) for code in (*shares, "mrr") for subject in ("B", "a")
    ]
    found = results("nps_share", "--period", "2025-01", "--level", "customer", "--variant", "all")
    assert [(r["subject"], r["variant"]) for r in found][:4] == [
        ("B", "respondent"), ("B", "all_answers"), ("a", "respondent"), ("a", "all_answers"),
    ]  # fmt: skip


@pytest.mark.parametrize("level", ["portfolio", "customer", "segment", "kvi", "goal"])
def test_without_codes_every_metric_of_the_level_in_the_order_of_the_catalogue(two_customers, level):
    make_measurement(make_indicator(make_goal(make_customer(segment="x"))), "2025-01-02", 130)
    found = dict.fromkeys(r["metric"].partition(":")[0] for r in results("--period", "2025-01", "--level", level))
    by_name = {"feature_adoption", *(code for code, metric in CATALOG.items() if metric.extra)}  # no feature was seen
    assert list(found) == [code for code, m in CATALOG.items() if level in m.levels and code not in by_name]


def test_a_variant_without_codes_skips_what_lacks_it(two_customers):
    found = results("--period", "2025-01", "--variant", "all_answers")
    assert {r["variant"] for r in found} == {"all_answers"}
    assert {r["metric"].partition(":")[0] for r in found} == {
        "nps", "nps_share", "csat", "csat_mean", "ces", "ces_mean", "survey_answers",
    }  # fmt: skip
    assert results("--period", "2025-01", "--level", "customer", "--variant", "account") == []


def test_every_variant_of_the_level_in_the_order_listed(two_customers):
    found = results("nps", "--period", "2025-01", "--variant", "all")
    assert [r["variant"] for r in found] == ["respondent", "all_answers", "account", "revenue"]
    found = results("nps", "--period", "2025-01", "--level", "customer", "--subject", "a", "--variant", "all")
    assert [r["variant"] for r in found] == ["respondent", "all_answers"]


def test_default_selects_the_first_variant(two_customers):
    assert results("arpa", "--period", "2025-01", "--variant", "default")[0]["variant"] == "monthly"
    assert results("arr", "--period", "2025-01", "--variant", "seed")[0]["metric"] == "arpa"


def test_a_year_is_the_fiscal_year(two_customers):
    set_workspace(fiscal_year_start_month=4)
    (found,) = results("mrr", "--period", "2024")
    assert found["period"] == {"start": "2024-04-01", "end": "2025-04-01"}


def test_as_of_is_today_in_the_workspaces_zone(two_customers):
    with time_machine.travel("2025-01-31T23:30:00+00:00", tick=False):
        assert json.loads(run("mrr", "--period", "2025-01"))["results"][0]["as_of"] == "2025-02-01"
        set_workspace(time_zone="America/New_York")
        assert json.loads(run("mrr", "--period", "2025-01"))["results"][0]["as_of"] == "2025-01-31"


def test_csv(two_customers):
    make_subscription(make_customer(external_id="=1+1", segment="x"), "2025-02-01", None, 3)
    text = run("mrr", "nps", "--period", "2025-01", "--level", "customer", "--as-of", "2026-01-01", "--format", "csv")
    assert text.splitlines()[0] == (
        "metric,level,subject,period_start,period_end,value,unit,numerator,denominator,n,interval_low,interval_high,"
        "reason,variant,as_of"
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1:3] == [
        ["mrr", "customer", "'=1+1", "2025-01-01", "2025-02-01", "", "money", "", "", "0", "", "", "no_data",
         "default", "2026-01-01"],
        ["mrr", "customer", "B", "2025-01-01", "2025-02-01", "50.5", "money", "", "", "1", "", "", "", "default",
         "2026-01-01"],
    ]  # fmt: skip
    assert len(rows) == 7


def test_table(two_customers):
    text = run("mrr", "nps", "--period", "2025-01", "--as-of", "2026-01-01", "--format", "table")
    assert text.splitlines() == [
        "metric  subject  value    n  reason   variant",
        "mrr              €150.50  2           default",
        "nps                       0  no_data  respondent",
    ]


def test_an_owner_has_a_portfolio(two_customers):
    eva = make_user(email="eva@x.de")
    make_subscription(make_customer(owner=eva), "2024-01-01", None, 7)
    make_subscription(make_customer(owner=make_user(), owner_text="eva@x.de"), "2024-01-01", None, 1000)
    answer = json.loads(run("mrr", "--period", "2025-01", "--as-of", "2026-01-01", "--owner", "EVA@x.de"))
    assert (answer["results"][0]["value"], answer["results"][0]["level"], answer["results"][0]["subject"]) == (
        "157.5", "portfolio", None,
    )  # fmt: skip
    assert answer["filter"] == {"owner": "EVA@x.de"}


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["nix", "--period", "2025-01"], "unknown_code (code)"),
        (["nps_share:best", "--period", "2025-01"], "unknown_parameter (code)"),
        (["mrr:x", "--period", "2025-01"], "unknown_parameter (code)"),
        (["mrr:", "--period", "2025-01"], "unknown_parameter (code)"),
        (["mrr", "--period", "2025-01", "--variant", "daily"], "unknown_variant (variant)"),
        (["mrr", "--period", "2025-01", "--level", "team"], "unknown_level (level)"),
        (["mrr", "--period", "2025-01", "--level", "kvi"], "level_not_supported (level)"),
        (["arr", "--period", "2025-01", "--level", "customer", "--variant", "seed"], "level_not_supported (level)"),
        (["nps", "--period", "2025-01", "--level", "customer", "--variant", "account"], "level_not_supported (level)"),
        (["mrr", "--period", "2025-01", "--level", "customer", "--owner", "a@x.de"], "level_not_supported (level)"),
        (["mrr", "--period", "2025-01", "--level", "customer", "--subject", "C"], "unknown_subject (subject)"),
        (["mrr", "--period", "2025-01", "--level", "customer", "--subject", "a\x00"], "unknown_subject (subject)"),
        (["mrr", "--period", "2025-01", "--level", "segment", "--subject", ""], "unknown_subject (subject)"),
        (["mrr", "--period", "2025-01", "--owner", "nobody@x.de"], "unknown_subject (owner)"),
        (["mrr", "--period", "2025-01", "--subject", "a"], "subject_without_level (subject)"),
        (["mrr"], "bad_period (period)"),
        (["mrr", "--period", "2025-13"], "bad_period (period)"),
        (["mrr", "--period", "2025-01", "--as-of", "2025-02-30"], "bad_as_of (as_of)"),
        (["mrr", "--period", "2025-01", "--as-of", "20250201"], "bad_as_of (as_of)"),
        (["mrr", "--period", "2025-01", "--format", "xml"], "bad_format (format)"),
    ],
)
def test_what_makes_no_sense_prints_nothing_and_exits_with_2(two_customers, args, code):
    assert refused(*args) == code


def test_of_several_mistakes_the_first_in_the_order_of_the_contract_is_named(two_customers):
    wrong = {
        "code": ["nix"], "parameter": ["nps_share:x"], "variant": ["--variant", "x"], "level": ["--level", "x"],
        "subject": ["--subject", "x"], "period": ["--period", "x"], "as_of": ["--as-of", "x"],
        "format": ["--format", "x"],
    }  # fmt: skip
    codes = [
        "unknown_code (code)", "unknown_parameter (code)", "unknown_variant (variant)", "unknown_level (level)",
        "subject_without_level (subject)", "bad_period (period)", "bad_as_of (as_of)", "bad_format (format)",
    ]  # fmt: skip
    for code in codes:
        words = [word for words in wrong.values() for word in words]
        assert refused("mrr", *words, *([] if "period" in wrong else ["--period", "2025-01"])) == code
        wrong.pop(next(iter(wrong)))
    assert refused("kvi_coverage", "--level", "customer", "--subject", "x") == "level_not_supported (level)"


def test_too_many_results_are_refused_before_anything_is_counted(two_customers, monkeypatch):
    monkeypatch.setattr(metric_requests, "MOST_RESULTS", 3)
    assert len(results("mrr", "--period", "2025-01", "--level", "customer")) == 2
    assert refused("mrr", "arr", "--period", "2025-01", "--level", "customer") == "too_many_results"


def test_everything_at_every_level_of_an_empty_database(db):
    for level in ("portfolio", "segment", "customer", "user_group", "survey", "kvi", "goal"):
        found = results("--period", "2025-01", "--level", level, "--variant", "all")
        assert {r["reason"] for r in found if r["variant"] == "seed_literal_surveyed"} <= {"zero_denominator"}
        assert {r["value"] for r in found if r["metric"].startswith("health_band")} <= {"0"}  # customers, and none is
        others = [r for r in found if r["variant"] != "seed_literal_surveyed" and r["value"] != "0"]
        assert all(r["reason"] in {"no_data", "not_applicable"} for r in others)
        assert bool(found) == (level == "portfolio")


@pytest.mark.parametrize("period", ["0001-01", "9998", "9999-11", "0001-01-01..9999-12-31", "1999-02-28..2000-02-29"])
def test_the_ends_of_the_calendar(two_customers, period):
    make_measurement(make_indicator(make_goal(make_customer(segment="x"))), "2025-01-02", 130)
    for level in ("portfolio", "kvi"):
        assert results("--period", period, "--level", level, "--variant", "all")


def test_the_day_that_runs_counts_as_it_stands(two_customers):
    (found,) = json.loads(run("mrr", "--period", "2025-01-01..2025-01-11", "--as-of", "2025-01-10"))["results"]
    assert found["value"] == "150.5"
