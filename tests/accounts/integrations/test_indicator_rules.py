"""The row rules of kvis.csv and kvi_measurements.csv (metrics.md, sections 15 and 17)."""

from typing import Any

from kvi.models import IndicatorVersion

BEFORE = {
    "customers": "external_id,name\nA,Alpha\n",
    "goals": "external_id,customer,scope,name,start_date\nO,A,collective,n,2024-01-01\nO2,A,collective,n,2024-01-01\n",
}
COLUMNS = [
    "external_id",
    "version",
    "goal",
    "valid_from",
    "agreed_on",
    "retired_on",
    "name",
    "kind",
    "direction",
    "unit",
    "baseline",
    "baseline_date",
    "target",
    "due_date",
    "range_low",
    "range_high",
    "tolerance_outside",
    "levels",
    "level_scores",
    "path",
    "path_points",
    "path_tolerance",
    "cadence",
    "grace_days",
    "weight",
    "value_kind",
    "value_factor_conservative",
    "value_factor_expected",
    "value_currency",
]
HEADER = ",".join(COLUMNS)
AGREED = {"agreed_on": "2024-01-01"}
RISING = {**AGREED, "direction": "increase", "baseline": "1", "target": "2"}
RANGE = {**AGREED, "direction": "maintain"}
LEVELS = {**AGREED, "kind": "qualitative", "levels": "a|b|c"}
STEPS = {"path": "stepped"}
WORTH = {**RISING, "value_kind": "one_off"}


def row(**values: Any) -> str:
    defaults = {"external_id": "K", "goal": "O", "valid_from": "2024-01-01", "name": "n", "kind": "quantitative"}
    return ",".join(str({**defaults, **values}.get(column, "")) for column in COLUMNS)


def test_definitions(judge):
    cases: list[tuple[dict[str, str], str]] = [
        ({}, ""),
        ({"goal": "X"}, 'goal:unknown_reference: "X"'),
        ({"version": "-1"}, 'version:out_of_range: "-1"'),
        ({"valid_from": "", "name": ""}, 'valid_from:missing_value: ""'),
        (RISING, ""),
        (AGREED, 'direction:missing_value: ""'),
        ({**AGREED, "direction": "increase"}, 'baseline:missing_value: ""'),
        ({**AGREED, "direction": "decrease", "baseline": "1"}, 'target:missing_value: ""'),
        ({**RISING, "target": "0.5"}, 'target:conflict: "0.5"'),
        ({**RISING, "target": "1"}, ""),
        ({**RISING, "direction": "decrease"}, 'target:conflict: "2"'),
        ({**RISING, "agreed_on": "", "baseline": "3"}, 'target:conflict: "2"'),
        (RANGE, 'range_low:missing_value: ""'),
        ({**RANGE, "range_low": "-1"}, 'range_high:missing_value: ""'),
        ({**RANGE, "range_low": "2", "range_high": "1"}, 'range_high:conflict: "1"'),
        ({**RANGE, "range_low": "1", "range_high": "1"}, 'tolerance_outside:missing_value: ""'),
        ({**RANGE, "range_low": "1", "range_high": "1", "tolerance_outside": "0"}, ""),
        ({**AGREED, "kind": "qualitative"}, 'levels:missing_value: ""'),
        ({**LEVELS, "baseline": "0", "target": "2.0"}, ""),
        ({**LEVELS, "baseline": "3"}, 'baseline:out_of_range: "3"'),
        ({**LEVELS, "target": "-1"}, 'target:out_of_range: "-1"'),
        ({**LEVELS, "target": "1.5"}, 'target:out_of_range: "1.5"'),
        ({**LEVELS, "direction": "increase", "baseline": "2", "target": "1"}, 'target:conflict: "1"'),
        ({**LEVELS, "level_scores": "0 | 0.5 | 1.0"}, ""),
        ({**LEVELS, "level_scores": "0|1"}, 'level_scores:conflict: "0|1"'),
        ({**LEVELS, "level_scores": "0|1.5|1"}, 'level_scores:out_of_range: "0|1.5|1"'),
        ({**LEVELS, "level_scores": "0|-1|1"}, 'level_scores:out_of_range: "0|-1|1"'),
        ({**LEVELS, "level_scores": "0|x|1"}, 'level_scores:bad_value: "0|x|1"'),
        ({**LEVELS, "levels": "a||c"}, 'levels:bad_value: "a||c"'),
        ({"baseline_date": "2024-01-02", "due_date": "2024-01-02"}, 'due_date:conflict: "2024-01-02"'),
        ({"baseline_date": "2024-01-02", "due_date": "2024-01-03"}, ""),
        (STEPS, 'path_points:missing_value: ""'),
        ({**STEPS, "path_points": "2024-01-01:0.50|2024-01-02:1"}, ""),
        ({**STEPS, "path_points": "2024-01-02:0|2024-01-01:1"}, 'path_points:bad_value: "2024-01-02:0|2024-01-01:1"'),
        ({**STEPS, "path_points": "2024-01-01:0|2024-01-01:1"}, 'path_points:bad_value: "2024-01-01:0|2024-01-01:1"'),
        ({**STEPS, "path_points": "2024-01-01"}, 'path_points:bad_value: "2024-01-01"'),
        ({"value_kind": "one_off"}, 'value_kind:conflict: "one_off"'),
        (WORTH, 'value_currency:missing_value: ""'),
        ({**WORTH, "value_currency": "EUR"}, 'value_factor_conservative:missing_value: ""'),
        ({**WORTH, "value_currency": "EUR", "value_factor_expected": "-3"}, ""),
        ({"weight": "0"}, 'weight:out_of_range: "0"'),
        ({"grace_days": "-1"}, 'grace_days:out_of_range: "-1"'),
        ({"path_tolerance": "-0.1"}, 'path_tolerance:out_of_range: "-0.1"'),
    ]  # fmt: skip
    rows = [(row(**{"external_id": f"K{number}", **values}), problem) for number, (values, problem) in enumerate(cases)]
    judge("kvis", HEADER, rows, **BEFORE)


def test_versions_of_one_indicator_name_one_goal_and_kind(judge):
    judge("kvis", HEADER, [
        (row(), ""),
        (row(version=1, weight=3), 'external_id:duplicate_key: "K"'),
        (row(version=2, goal="O2"), 'goal:conflict: "O2"'),
        (row(version=2, kind="qualitative"), 'kind:conflict: "qualitative"'),
        (row(version=2, **RISING), ""),
        (row(version=3), ""),
    ], **BEFORE)  # fmt: skip
    judge("kvis", HEADER, [
        (row(version=3, goal="O2"), 'goal:conflict: "O2"'),
        (row(version=4, goal="O2"), 'goal:conflict: "O2"'),
        (row(version=4, kind="qualitative"), 'kind:conflict: "qualitative"'),
    ])  # fmt: skip


def test_an_agreed_version_takes_no_change_but_its_end(judge, load):
    judge("kvis", HEADER, [(row(**RISING), "")], **BEFORE)
    judge("kvis", HEADER, [(row(**{**RISING, "target": "3", "unit": "h"}), 'unit:conflict: "h"')])
    judge("kvis", HEADER, [(row(**{**RISING, "agreed_on": ""}), 'agreed_on:conflict: ""')])
    ended = load(kvis=f"{HEADER}\n{row(retired_on='2024-06-01', **RISING)}\n")
    assert ended == (["kvis.csv created=0 updated=1 unchanged=0 rejected=0"], [], 0)
    part = "external_id,goal,valid_from,name,kind,weight\nK,O,2024-01-01,n,quantitative,"
    assert load(kvis=f"{part}\n").out == ["kvis.csv created=0 updated=0 unchanged=1 rejected=0"]
    assert load(kvis=f"{part}2\n").err == ['kvis.csv:2:weight:conflict: "2"']
    stored = IndicatorVersion.objects.values_list("target", "unit", "state", "provenance").get()
    assert stored == (2, "", "retired", "imported")
    assert str(IndicatorVersion.objects.get().retired_on) == "2024-06-01"


def test_measurements(judge):
    kvis = f"{HEADER}\n{row(**RISING)}\n{row(external_id='Q', **LEVELS)}\n"
    shorter = row(external_id="Q", version=2, **{**LEVELS, "levels": "a|b"})
    judge("kvi_measurements", "external_id,kvi,date,value,level,status", [
        ("M1,K,2024-02-01,-5.5,,disputed", ""),
        ("M2,Q,2024-02-01,,1,confirmed", ""),
        ("M3,K,2024-02-01,5,1,", 'level:conflict: "1"'),
        ("M4,K,2024-02-01,,1,", 'level:conflict: "1"'),
        ("M5,K,2024-02-01,,,", 'value:missing_value: ""'),
        ("M6,Q,2024-02-01,,,", 'level:missing_value: ""'),
        ("M7,Q,2024-02-01,1,,", 'value:conflict: "1"'),
        ("M8,Q,2024-02-01,1,1,", 'value:conflict: "1"'),
        ("M9,Q,2024-02-01,,2,", 'level:out_of_range: "2"'),  # version 2 has two levels only
        ("M10,Q,2024-02-01,,-1,", 'level:out_of_range: "-1"'),
        ("M11,X,2024-02-01,,1,", 'kvi:unknown_reference: "X"'),
        ("M12,Q,2024-02-01,,1,open", 'status:bad_value: "open"'),
    ], **BEFORE, kvis=f"{kvis}{shorter}\n")  # fmt: skip
