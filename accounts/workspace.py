"""The settings of metrics.md section 4: what each allows, how it reads and prints, and the one way to change it."""

import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import connection, transaction

from accounts.audit import services as audit
from accounts.models import User, Workspace
from accounts.services import workspace
from accounts.signals import settings_changed
from cs_portal.kit.currencies import ISO_4217
from cs_portal.metrics.exact import plain

Value = str | int | Decimal | None


class SettingError(ValueError):
    """A name that does not exist or a value outside the allowed range; nothing was set."""


@dataclass(frozen=True)
class Rule:
    """``parse`` raises ValueError for a text that is not allowed."""

    allowed: str
    parse: Callable[[str], Value]


def _whole(low: int, high: int | None = None) -> Rule:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < low:
            raise ValueError(text)
        if high is not None and int(text) > high:
            raise ValueError(text)
        return int(text)

    return Rule(f"{low}-{high}" if high is not None else f">= {low}", parse)


def _number(low: str, high: str) -> Rule:
    def parse(text: str) -> Decimal:
        number = _decimal(text)
        if not Decimal(low) <= number <= Decimal(high):
            raise ValueError(text)
        return number

    return Rule(f"{low}-{high}", parse)


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or abs(number) >= 1000 or number != round(number, 10):
        raise ValueError(text)
    return number


def _margin(text: str) -> Decimal | None:
    if not text:
        return None
    number = _decimal(text)
    if not 0 < number <= 1:
        raise ValueError(text)
    return number


def _zone(text: str) -> str:
    """A zone that both Python and the database know; each has names of its own, and ``localtime`` is any zone."""
    if text not in zoneinfo.available_timezones() or text == "localtime":
        raise ValueError(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_timezone_names WHERE name = %s", [text])
        if not cursor.rowcount:
            raise ValueError(text)
    return text


def _currency(text: str) -> str:
    if text not in ISO_4217:
        raise ValueError(text)
    return text


RULES: Mapping[str, Rule] = {
    "time_zone": Rule("a name of the IANA time zone database, e.g. Europe/Berlin", _zone),
    "reporting_currency": Rule("a code of ISO 4217, e.g. EUR", _currency),
    "anonymous_min_n": _whole(5, 50),
    "churn_min_customers": _whole(30, 2_000_000_000),
    "fiscal_year_start_month": _whole(1, 12),
    "min_n": _whole(2, 50),
    "gross_margin": Rule("0 < g <= 1, empty: unset", _margin),
    "usage_min_n": _whole(0, 50),
    "trial_conversion_days": _whole(1, 365),
    "reopen_window_days": _whole(1, 90),
    "session_gap_minutes": _whole(1, 240),
    "regular_days": _whole(1, 90),
    "regular_window_days": _whole(1, 90),
    "churn_reason_lookback_days": _whole(0, 365),
    "stuck_after_days": _whole(1, 180),
    "health_min_coverage": _number("0", "1"),
    "health_trend_days": _whole(1, 365),
    "billing_stale_days": _whole(1, 365),
    "kvi_path_tolerance": _number("0", "1"),
    "seats_full_threshold": _number("0", "2"),
    "advocate_nps_threshold": _number("-100", "100"),
    "churn_horizon_days": _whole(30, 365),
}


def printed_settings() -> dict[str, str]:
    """Every setting by name as text, in the order of the catalogue; an unset one is empty."""
    row = workspace()
    return {name: _printed(getattr(row, name)) for name in RULES}


def _printed(value: Value) -> str:
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value)


@transaction.atomic
def change_settings(texts: Mapping[str, str], *, by: User | None) -> dict[str, str]:
    """Set them all or, when one is not allowed, none; audited. Returns what changed, as text.

    Raises SettingError that names the setting and what it allows.
    """
    values = {name: _allowed(name, text) for name, text in texts.items()}
    workspace()
    row = Workspace.objects.select_for_update().get()
    _check_together(row, values)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=[*changed])
        audit.record(
            "settings.changed", by=by, target=row, **{name: _printed(value) for name, value in changed.items()}
        )
        settings_changed.send(Workspace, names=frozenset(changed), by=by)
    return {name: _printed(value) for name, value in changed.items()}


def _allowed(name: str, text: str) -> Value:
    rule = RULES.get(name)
    if rule is None:
        raise SettingError(f"{name}: there is no such setting; there are {', '.join(RULES)}")
    try:
        return rule.parse(text.strip())
    except ValueError as error:
        raise SettingError(f"{name}={text[:100]}: not allowed; allowed: {rule.allowed}") from error


def _check_together(row: Workspace, values: Mapping[str, Value]) -> None:
    """Rules that need more than one value: what is stored, and what two settings say together."""
    days, window = (int(values.get(name, getattr(row, name))) for name in ("regular_days", "regular_window_days"))  # type: ignore[arg-type]
    if days > window:
        raise SettingError(f"regular_days={days}: not allowed; allowed: at most regular_window_days ({window})")
    lowest = row.anonymous_min_n
    if int(values.get("anonymous_min_n", lowest)) < lowest:  # type: ignore[arg-type]
        raise SettingError(f"anonymous_min_n: may only be raised; allowed: {lowest}-50")
