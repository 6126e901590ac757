"""manage.py settings: metrics.md section 4 and section 16 rule 7."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.audit.models import AuditEntry
from accounts.models import Customer
from accounts.services import workspace_settings
from cs_portal.metrics.base import WorkspaceSettings
from kvi.health.models import ActionPoints, HealthModel, HealthOverride

pytestmark = pytest.mark.django_db
CURVE = [[0, 0], [1, 100]]


def settings(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("settings", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def test_all_settings_are_printed_with_their_defaults():
    printed = dict(line.split("=", 1) for line in settings())
    assert list(printed) == list(WorkspaceSettings.__dataclass_fields__)
    assert printed["time_zone"] == "Europe/Berlin"
    assert printed["kvi_path_tolerance"] == "0.1"
    assert printed["gross_margin"] == ""


def test_named_settings_are_printed_and_values_set():
    assert settings("min_n", "reporting_currency=USD", "gross_margin=0.8") == [
        "min_n=5",
        "reporting_currency=USD",
        "gross_margin=0.8",
    ]
    assert workspace_settings().reporting_currency == "USD"
    assert [entry.details for entry in AuditEntry.objects.all()] == [
        {"reporting_currency": "USD", "gross_margin": "0.8"}
    ]
    assert settings("gross_margin=") == ["gross_margin="]


def test_setting_the_same_again_changes_and_audits_nothing():
    settings("min_n=7")
    settings("min_n=7")
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("colour=red", "no such setting"),
        ("colour", "no such setting"),
        ("time_zone=Mars/Base", "IANA"),
        ("time_zone=localtime", "IANA"),
        ("reporting_currency=eur", "ISO 4217"),
        ("reporting_currency=DEM", "ISO 4217"),
        ("min_n=1", "2-50"),
        ("min_n=51", "2-50"),
        ("min_n=٣", "2-50"),
        ("min_n=", "2-50"),
        ("churn_min_customers=29", ">= 30|30-"),
        ("gross_margin=0", "0 < g <= 1"),
        ("gross_margin=NaN", "0 < g <= 1"),
        ("kvi_path_tolerance=1.1", "0-1"),
        ("kvi_path_tolerance=1e400", "0-1"),
        ("advocate_nps_threshold=-101", "-100-100"),
        ("regular_days=29", "regular_window_days"),
        ("regular_window_days=3", "regular_window_days"),
    ],
)
def test_a_wrong_value_ends_with_2_and_the_allowed_range_and_sets_nothing(assignment, message):
    with pytest.raises(CommandError, match=message) as error:
        settings("fiscal_year_start_month=4", assignment)
    assert error.value.returncode == 2
    assert workspace_settings() == WorkspaceSettings()


def test_the_anonymous_minimum_may_only_be_raised():
    settings("anonymous_min_n=8")
    with pytest.raises(CommandError, match="8-50"):
        settings("anonymous_min_n=7")


@pytest.fixture
def file(tmp_path):
    def write(content: object) -> str:
        path = tmp_path / "settings.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return f"--file={path}"

    return write


def model(**changes: object) -> dict[str, object]:
    first = {"name": "a", "weight": 60.5, "metric": "nps", "window": 180, "cap": 120, "curve": CURVE}
    second = {"name": "b", "weight": 39.5, "metric": "nps", "variant": "respondent", "window": 1, "curve": CURVE}
    return {"valid_from": "2025-01-01", "inputs": [first | changes, second]}


def test_a_file_stores_settings_models_action_points_and_overrides_and_storing_it_again_changes_nothing(file):
    Customer.objects.create(external_id="C1", name="One")
    content = {
        "settings": {"kvi_path_tolerance": 0.2, "gross_margin": None, "min_n": 6},
        "health_models": [model()],
        "action_points": {"window": 14, "score_cap": 100, "actions": [{"event": "login", "impact": -1.5, "cap": 5}]},
        "overrides": [
            {
                "customer": "C1",
                "score": 80,
                "reason": "they told us",
                "valid_from": "2025-01-01",
                "expires": "2025-06-30",
            }
        ],
    }
    for _again in range(2):
        assert settings(file(content)) == []
    stored = HealthModel.objects.get()
    assert [(item["name"], item["weight"], item["variant"], item["cap"]) for item in stored.inputs] == [
        ("a", "60.5", "default", "120"),
        ("b", "39.5", "respondent", "100"),
    ]
    assert ActionPoints.objects.get().actions == [{"event": "login", "impact": "-1.5", "cap": "5", "half_life": None}]
    assert [(row.customer.external_id, row.score, row.by) for row in HealthOverride.objects.all()] == [("C1", 80, None)]
    assert (workspace_settings().min_n, str(workspace_settings().kvi_path_tolerance)) == (6, "0.2000000000")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ("[" * 20_000, "cannot be read"),
        ("[]", "allowed"),
        ({"colour": {}}, "allowed"),
        ({"settings": []}, "expected an object"),
        ({"settings": {"min_n": True}}, "2-50"),
        ({"settings": {"gross_margin": [1]}}, "0 < g <= 1"),
        ({"settings": {"colour": True}}, "no such setting"),
        ({"settings": {"min_n": 99}}, "2-50"),
        ({"health_models": {}}, "expected a list"),
        ({"health_models": [model(weight=60)]}, "exactly 100"),
        ({"health_models": [model(weight=0)]}, "above 0"),
        ({"health_models": [model(weight="NaN")]}, "above 0"),
        ({"health_models": [model(weight="1e400")]}, "above 0"),
        ({"health_models": [model(metric="nps\0")]}, "a: metric: expected a text"),
        ({"health_models": [model(variant=5)]}, "a: variant: expected a text"),
        ({"health_models": [model(parameter={})]}, "a: parameter: expected a text"),
        ({"health_models": [model(name="b")]}, "same name"),
        ({"health_models": [model(cap=99)]}, "from 100 to 150"),
        ({"health_models": [model(curve=[[0, 0], [0, 1]])]}, "x must rise"),
        ({"health_models": [model(curve=[[0, 121]])]}, "to 120"),
        ({"health_models": [model(curve=[])]}, "at least one"),
        ({"health_models": [model(window=0)]}, "1-3660"),
        ({"health_models": [model(wieght=1)]}, "unknown wieght"),
        ({"health_models": [model() | {"valid_from": "2025-02-30"}]}, "YYYY-MM-DD"),
        ({"action_points": {"actions": [{"event": "x", "impact": "much"}]}}, "a number"),
        ({"overrides": [{"customer": "nobody"}]}, "no customer"),
        ({"overrides": [{"customer": "C1\0"}]}, "customer: expected a text"),
        (
            {"overrides": [{"customer": "C1", "valid_from": "2025-01-01", "expires": "2025-07-01"}]},
            "at most 180 days",
        ),
        (
            {"overrides": [{"customer": "C1", "score": 151, "valid_from": "2025-01-01", "expires": "2025-02-01"}]},
            "to 150",
        ),
        (
            {"overrides": [{"customer": "C1", "score": 1, "valid_from": "2025-01-01", "expires": "2025-02-01"}]},
            "reason",
        ),
    ],
)
def test_a_wrong_file_stores_nothing_of_it(file, content, message):
    Customer.objects.create(external_id="C1", name="One")
    if isinstance(content, dict) and isinstance(content.get("settings", {}), dict):
        content = {"settings": {"fiscal_year_start_month": 4} | content.get("settings", {}), **{
            key: value for key, value in content.items() if key != "settings"
        }}  # fmt: skip
    with pytest.raises(CommandError, match=message) as error:
        settings(file(content))
    assert error.value.returncode == 2
    assert workspace_settings() == WorkspaceSettings()
    assert not HealthModel.objects.exists()
    assert not HealthOverride.objects.exists()
