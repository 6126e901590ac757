"""Write the demo company as files of the import contract; deterministic for an anchor day."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from cs_portal.demo.care import ask_support, in_onboarding, onboarding_start, take_steps
from cs_portal.demo.catalogue import (
    COMPANIES,
    FIRST_NAMES,
    GROUP_AIM,
    GROUPS,
    LAST_NAMES,
    LEVELS,
    SHARED_AIMS,
    Measured,
)
from cs_portal.demo.company import (
    ADDON,
    AHEAD,
    BEHIND,
    CHURNED,
    CONTRACTED,
    DISPUTED,
    FREE,
    MONTHS,
    NEW_VERSION,
    RANGE,
    STALE,
    STEPPED,
    TEST,
    TRIAL,
    WITHOUT_GOALS,
    Company24,
    Row,
    contact_id,
)
from cs_portal.demo.feedback import ask_quarterly
from cs_portal.metrics.periods import add_months


def write_company(folder: Path, anchor: date, owners: list[str]) -> dict[str, int]:
    """Write all files into ``folder``; ``owners`` are the CSMs' addresses. Returns the rows per file."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[Row]] = {"exchange_rates.csv": list(_rates(anchor))}
    for number, company in enumerate(COMPANIES):
        # Two of three customers belong to the first CSM, so that both teams have something to do.
        one = Company24(number, company, owners[0 if number % 3 else 1], anchor, Random(f"{company.name}"))
        for part in (_customer, _people, _subscriptions, _goals, ask_quarterly, ask_support, take_steps):
            part(one)
        for file, more in one.rows.items():
            rows.setdefault(file, []).extend(more)
    for file, content in rows.items():
        _write(folder / file, content)
    return {file: len(content) for file, content in rows.items()}


def _write(path: Path, rows: list[Row]) -> None:
    header = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _rates(anchor: date) -> Iterator[Row]:
    random = Random("rates")
    for month in range(-MONTHS - 2, 1):
        day = add_months(anchor.replace(day=1), month)
        yield {"currency": "USD", "valid_from": day, "rate": f"{0.92 + random.uniform(-0.03, 0.03):.4f}"}
        yield {"currency": "CHF", "valid_from": day, "rate": f"{1.04 + random.uniform(-0.02, 0.03):.4f}"}


def _customer(one: Company24) -> None:
    phase = "onboarding" if in_onboarding(one) else "expansion" if one.is_(AHEAD) else "retention"
    one.add(
        "customers.csv",
        external_id=one.id,
        name=one.company.name,
        segment=one.company.segment,
        phase=phase,
        industry=one.company.industry,
        country=one.company.country,
        language=one.language,
        owner=one.owner,
        acquisition_channel=("messe", "partner", "web")[one.number % 3],
        onboarding_start=onboarding_start(one),
        billing_overdue_days=(0, 0, 0, 12, 35)[one.number % 5],
        billing_as_of=one.anchor,
        is_test="true" if one.is_(TEST) else "false",
    )


def _people(one: Company24) -> None:
    side = 0 if one.language == "de" else 1
    one.add("user_groups.csv", external_id=f"{one.id}-g1", customer=one.id, name=GROUPS[side])
    for place, role in enumerate(("sponsor", "champion", "key user", "user", "user", "user")):
        first = FIRST_NAMES[side][(one.number + 5 * place) % 12]
        last = LAST_NAMES[side][(one.number * 3 + place) % 12]
        domain = f"{one.id}.example"
        one.add(
            "contacts.csv",
            external_id=contact_id(one.id, place + 1),
            customer=one.id,
            name=f"{first} {last}",
            email=f"{_ascii(first)}.{_ascii(last)}@{domain}",
            language=one.language,
            role=role,
            user_group=f"{one.id}-g1" if place >= 3 else "",
            is_active="true",
        )


def _ascii(name: str) -> str:
    spelled = name.lower()
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ı", "i")):
        spelled = spelled.replace(letter, plain)
    return spelled


def _subscriptions(one: Company24) -> None:
    if one.is_(FREE):
        _subscription(one, 1, one.start, None, 0, plan="Free")
        return
    if one.is_(TRIAL):
        _subscription(one, 1, one.anchor - timedelta(days=20), one.anchor + timedelta(days=10), 0, is_trial="true")
        return
    change = add_months(one.start, 12)
    mrr = one.company.mrr
    end = add_months(one.anchor.replace(day=1), -2) if one.is_(CHURNED) else None
    after = mrr * 0.6 if one.is_(CONTRACTED) else mrr * (1 + 0.04 * (one.number % 5))
    reason = "downgrade" if one.is_(CONTRACTED) else "upsell" if one.number % 5 else "renewal"
    _subscription(one, 1, one.start, change, mrr, change_reason="new")
    last = end or (add_months(change, 12) if one.number % 2 else None)
    _subscription(one, 2, change, last if last and last > change else None, after, change_reason=reason)
    if one.is_(ADDON):
        _subscription(
            one, 3, add_months(change, 3), None, mrr * 0.15, kind="addon", change_reason="addon", plan="Routen"
        )


def _subscription(one: Company24, place: int, start: date, end: date | None, mrr: float, **more: Any) -> None:
    row = {"plan": "Professional", "kind": "base", "is_trial": "false", "change_reason": ""} | more
    one.add(
        "subscriptions.csv",
        external_id=f"{one.id}-s{place}",
        customer=one.id,
        start_date=start,
        end_date=end or "",
        mrr=f"{mrr:.2f}",
        currency=one.company.currency,
        seats=10 + one.company.mrr // 60,
        **row,
    )


# --- goals ------------------------------------------------------------------------------------------


def _goals(one: Company24) -> None:
    if one.is_(WITHOUT_GOALS) or one.is_(TRIAL):
        return
    for place in range(2 if one.number % 4 else 1):
        aim = SHARED_AIMS[(one.number + place) % len(SHARED_AIMS)]
        goal = f"{one.id}-o{place + 1}"
        begin = add_months(one.start, 1)
        one.add(
            "goals.csv",
            external_id=goal,
            customer=one.id,
            scope="collective",
            user_group="",
            name=aim.name(one.language),
            description=aim.description(one.language),
            goal_type=aim.goal_type,
            weight=2 - place,
            start_date=begin,
        )
        for number, measured in enumerate(aim.measured, 1):
            _indicator(one, f"{goal}-k{number}", goal, measured, begin, weight=3 - number)
    if one.is_(RANGE):
        _range_indicator(one)
    if one.number % 3 == 0:
        _group_goal(one)


def _indicator(one: Company24, kvi: str, goal: str, measured: Measured, begin: date, weight: int) -> None:
    due = add_months(one.anchor.replace(day=1), 3 + one.number % 6)
    unit = measured.unit
    if "/" in unit:
        unit = unit.split("/")[0 if one.language == "de" else 1]
    definition = {
        "goal": goal,
        "valid_from": begin,
        "agreed_on": begin + timedelta(days=6),
        "name": measured.name(one.language),
        "kind": "quantitative",
        "direction": measured.direction,
        "unit": unit,
        "baseline": measured.baseline,
        "baseline_date": begin,
        "target": measured.target,
        "due_date": due,
        "cadence": "monthly",
        "weight": weight,
    }
    if measured.factor:
        definition |= {
            "value_kind": "rate_month",
            "value_factor_conservative": measured.factor[0],
            "value_factor_expected": measured.factor[1],
            "value_currency": one.company.currency,
        }
    if one.is_(STEPPED):
        half = begin + (due - begin) / 2
        definition |= {"path": "stepped", "path_points": f"{add_months(begin, 4)}:0.2|{half}:0.6"}
    one.add("kvis.csv", external_id=kvi, version=1, **definition)
    if one.is_(NEW_VERSION) and weight == 2:
        later = add_months(one.anchor.replace(day=1), -8)
        raised = measured.baseline + 1.15 * (measured.target - measured.baseline)
        changes = {"valid_from": later, "agreed_on": later, "target": f"{raised:.2f}"}
        one.add("kvis.csv", external_id=kvi, version=2, **definition | changes)
    _measurements(one, kvi, measured, begin, due)


def _pace(one: Company24) -> float:
    if one.is_(AHEAD):
        return 1.35
    return 0.35 if one.is_(BEHIND) else one.random.uniform(0.85, 1.1)


def _measurements(one: Company24, kvi: str, measured: Measured, begin: date, due: date) -> None:
    pace, days = _pace(one), list(_measuring_days(one, begin))
    for place, day in enumerate(days):
        share = min(1.2, pace * (day - begin).days / (due - begin).days) + one.random.uniform(-0.04, 0.04)
        value = measured.baseline + share * (measured.target - measured.baseline)
        status = "confirmed" if place < len(days) - 2 or one.number % 2 else "unconfirmed"
        if one.is_(DISPUTED) and place == len(days) - 1:
            status = "disputed"
        one.add(
            "kvi_measurements.csv",
            external_id=f"{kvi}-m{place + 1:02}",
            kvi=kvi,
            date=day,
            value=f"{value:.1f}",
            level="",
            status=status,
            source="Auswertung" if one.language == "de" else "report",
        )


def _measuring_days(one: Company24, begin: date) -> Iterator[date]:
    """The fourth of each month; a stale one stops five months ago."""
    last = add_months(one.anchor, -5) if one.is_(STALE) else one.anchor - timedelta(days=3)
    day = add_months(begin, 1) + timedelta(days=3)
    while day <= last:
        yield day
        day = add_months(day, 1)


def _range_indicator(one: Company24) -> None:
    kvi, begin = f"{one.id}-o1-k9", add_months(one.start, 2)
    one.add(
        "kvis.csv",
        external_id=kvi,
        version=1,
        goal=f"{one.id}-o1",
        valid_from=begin,
        agreed_on=begin,
        name="Verfügbarkeit der App" if one.language == "de" else "Availability of the app",
        kind="quantitative",
        direction="maintain",
        unit="%",
        range_low=99.2,
        range_high=100,
        tolerance_outside=2,
        cadence="monthly",
        weight=1,
    )
    for place, day in enumerate(_measuring_days(one, begin)):
        value = 99.7 if one.random.random() > 0.2 else 98.4
        one.add(
            "kvi_measurements.csv", external_id=f"{kvi}-m{place:02}", kvi=kvi, date=day, value=value, level="",
            status="confirmed", source="Monitoring",
        )  # fmt: skip


def _group_goal(one: Company24) -> None:
    side, goal = (0 if one.language == "de" else 1), f"{one.id}-o8"
    begin = add_months(one.start, 3)
    one.add(
        "goals.csv", external_id=goal, customer=one.id, scope="individual", user_group=f"{one.id}-g1",
        name=GROUP_AIM.name(one.language), description=GROUP_AIM.description(one.language),
        goal_type=GROUP_AIM.goal_type, weight=1, start_date=begin,
    )  # fmt: skip
    kvi = f"{goal}-k1"
    name = "Wie ruhig ist der Arbeitstag?" if side == 0 else "How calm is the working day?"
    one.add(
        "kvis.csv", external_id=kvi, version=1, goal=goal, valid_from=begin, agreed_on=begin, name=name,
        kind="qualitative", direction="", baseline=1, target=4, baseline_date=begin,
        due_date=add_months(one.anchor.replace(day=1), 6), levels="|".join(LEVELS[side]),
        level_scores="0|0.25|0.5|0.8|1", cadence="quarterly", weight=1,
    )  # fmt: skip
    days = [day for place, day in enumerate(_measuring_days(one, begin)) if place % 3 == 0]
    for place, day in enumerate(days):
        one.add(
            "kvi_measurements.csv", external_id=f"{kvi}-m{place:02}", kvi=kvi, date=day, value="",
            level=min(4, 1 + place // 2), status="confirmed", source="Team",
        )  # fmt: skip
