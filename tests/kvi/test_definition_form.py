"""The form of a definition: where it starts, what it leaves out, what a next version keeps."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role
from cs_portal.metrics.periods import add_months
from kvi import services
from kvi.definition_form import SECTIONS, DefinitionForm, initial_of
from kvi.models import IndicatorVersion
from tests.factories.accounts import make_customer, make_user
from tests.factories.kvi import DEFINITION, make_goal, make_indicator

pytestmark = pytest.mark.django_db
TODAY = date.today()
FORM = {
    "name_en": "Handling time", "kind": "quantitative", "direction": "decrease", "unit": "min", "baseline": "12",
    "target": "6", "cadence": "monthly", "weight": "1",
}  # fmt: skip
RUBRIC = {"name_en": "Ease", "kind": "qualitative", "levels": "low\nhigh", "cadence": "quarterly", "weight": "1"}


@pytest.fixture
def csm():
    return make_user(Role.CSM, language="en")


@pytest.fixture
def goal(csm):
    return make_goal(make_customer(owner=csm))


@pytest.fixture
def staff(client, csm):
    client.force_login(csm)
    return client


def entered(**answers):
    form = DefinitionForm(answers)
    assert form.is_valid(), form.errors
    return form.definition()


def test_every_field_stands_in_one_group():
    names = [name for _title, groups in SECTIONS for group in groups for name in group.names]
    assert sorted(names) == sorted(DefinitionForm.base_fields)


def test_a_template_starts_with_a_years_time_and_the_reporting_currency(staff, goal):
    page = staff.get(reverse("kvi:indicator_new", args=[goal.public_id]), {"template": "hours_saved"})
    initial = page.context["form"].initial
    assert (initial["baseline_date"], initial["due_date"]) == (TODAY, add_months(TODAY, 12))
    assert (initial["value_currency"], initial["unit"]) == ("EUR", "h")
    text = page.content.decode()
    assert "chosen: Working time saved" in text
    assert text.count('aria-current="true"') == 1


def test_without_a_template_nothing_is_marked_as_chosen(staff, goal):
    page = staff.get(reverse("kvi:indicator_new", args=[goal.public_id]), {"template": "unknown"}).content.decode()
    assert "chosen:" not in page
    assert 'aria-current="true"' not in page


def test_what_the_rules_ask_for_is_marked_before_anything_is_sent(staff, goal):
    form = staff.get(reverse("kvi:indicator_new", args=[goal.public_id])).context["form"]
    marked = {name for name, field in form.fields.items() if field.widget.attrs.get("aria-required")}
    assert marked == {
        "direction", "baseline", "target", "range_low", "range_high", "tolerance_outside", "levels", "path_points",
        "value_currency",
    }  # fmt: skip


def test_money_that_is_not_agreed_leaves_no_trace():
    got = entered(**FORM, value_currency="EUR", value_factor_expected="3")
    assert (got["value_kind"], got["value_currency"], got["value_factor_expected"]) == ("", "", None)


def test_a_range_has_no_path_and_no_levels():
    range_ = {"direction": "maintain", "range_low": "95", "range_high": "99", "tolerance_outside": "5"}
    got = entered(**FORM | range_, path="stepped", path_points="2026-06-30: 50 %", levels="a\nb")
    assert {name: got[name] for name in ("baseline", "target", "levels", "path", "path_points")} == {
        "baseline": None, "target": None, "levels": None, "path": "linear", "path_points": None,
    }  # fmt: skip


def test_groups_that_were_hidden_are_not_sent_and_not_missed():
    got = entered(**FORM)
    assert (got["path"], got["path_points"], got["levels"], got["level_scores"]) == ("linear", None, None, None)


def test_levels_may_have_scores_of_their_own():
    got = entered(**RUBRIC, level_scores="0\n0,4")
    assert (got["levels"], got["level_scores"]) == (["low", "high"], [Decimal(0), Decimal("0.4")])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level_scores": "0"}, "There must be as many scores as levels."),
        ({"level_scores": "0\n1.5"}, "Each score lies between 0 and 1."),
        ({"level_scores": "0\nmany"}, "Enter a number."),
        ({"path_tolerance": "2"}, "less than or equal to 1"),
        ({"grace_days": "-1"}, "greater than or equal to 0"),
        ({"grace_days": "9" * 30}, "less than or equal to 366"),
        ({"path": "stepped", "path_points": "tomorrow: 5"}, "This line is no date with a share: tomorrow: 5"),
    ],
)
def test_fine_points_without_sense_say_so_and_store_nothing(staff, goal, change, said):
    answer = staff.post(reverse("kvi:indicator_new", args=[goal.public_id]), RUBRIC | change)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not IndicatorVersion.objects.exists()


def test_the_next_version_keeps_what_nobody_touches(csm, goal):
    fine = {"path_tolerance": Decimal("0.2"), "grace_days": 10}
    money = {"value_kind": "rate_month", "value_factor_expected": Decimal(50), "value_currency": "CHF"}
    before = make_indicator(goal, **fine, **money).versions.get()
    got = entered(**{name: value for name, value in initial_of(before).items() if value is not None})
    after = services.draft_version(goal, by=csm, indicator=before.indicator, **got)
    same = [*DEFINITION, *fine, *money]
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


def test_scores_of_levels_survive_the_next_version(goal):
    rubric = {"kind": "qualitative", "direction": "", "levels": ["low", "mid", "high"], "baseline": None}
    version = make_indicator(goal, **rubric, target=None, level_scores=[0, Decimal("0.25"), 1]).versions.get()
    version.refresh_from_db()
    got = entered(**{name: value for name, value in initial_of(version).items() if value is not None})
    assert got["level_scores"] == version.level_scores
