"""Storing how health is scored: everything is checked first, then all is stored or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.db import transaction

from accounts.audit import services as audit
from accounts.models import Customer, User
from cs_portal.metrics.base import Metric
from kvi.catalog import CATALOG
from kvi.health.models import ActionPoints, HealthModel, HealthOverride

LONGEST_OVERRIDE = timedelta(days=180)
READ_HEALTH = frozenset(
    {"health_score", "health_coverage", "health_contribution", "health_trend", "revenue_at_risk", "upsell_potential"}
)
INPUT_KEYS = frozenset({"name", "weight", "metric", "variant", "parameter", "window", "cap", "curve"})


class HealthError(ValueError):
    """What is wrong and what is allowed; nothing was stored."""


@transaction.atomic
def store_health(
    *,
    models: Sequence[Mapping[str, Any]] = (),
    action_points: Mapping[str, Any] | None = None,
    overrides: Sequence[Mapping[str, Any]] = (),
    by: User | None,
) -> list[str]:
    """Store models (by valid_from), the list of action points and overrides; returns warnings. Raises HealthError.

    Storing the same content again changes nothing.
    """
    warnings: list[str] = []
    for model in models:
        warnings += _store_model(_fields(model, "a health model", {"valid_from", "inputs"}), by)
    if action_points is not None:
        _store_action_points(_fields(action_points, "action_points", {"window", "score_cap", "actions"}), by)
    for override in overrides:
        _store_override(_fields(override, "an override", {"customer", "score", "reason", "valid_from", "expires"}), by)
    return warnings


def _store_model(fields: Mapping[str, Any], by: User | None) -> list[str]:
    inputs = [_checked_input(item) for item in _list(fields.get("inputs"), "inputs")]
    names = [item["name"] for item in inputs]
    if len(set(names)) < len(names):
        raise HealthError("inputs: two of them have the same name")
    total = sum((Decimal(item["weight"]) for item in inputs), Decimal(0))
    if total != 100:
        raise HealthError(f"inputs: the weights sum to {total}; allowed: exactly 100")
    row, _created = HealthModel.objects.update_or_create(
        valid_from=_day(fields.get("valid_from"), "valid_from"), defaults={"inputs": inputs}
    )
    audit.record("health.model_stored", by=by, target=row, valid_from=str(row.valid_from))
    few_or_many = not 4 <= len(inputs) <= 6
    return [f"health model {row.valid_from}: {len(inputs)} inputs; 4 to 6 are advised"] if few_or_many else []


def _checked_input(item: Any) -> dict[str, Any]:
    fields = _fields(item, "an input", INPUT_KEYS)
    name = _text(fields.get("name"), "name")
    metric, variant, parameter = _checked_metric(fields, name)
    weight = _number(fields.get("weight"), f"{name}: weight", low=Decimal(0), open_low=True)
    cap = _number(fields.get("cap", 100), f"{name}: cap", low=Decimal(100), high=Decimal(150))
    return {
        "name": name,
        "weight": str(weight),
        "metric": metric,
        "variant": variant,
        "parameter": parameter,
        "window": _whole(fields.get("window"), f"{name}: window"),
        "cap": str(cap),
        "curve": _curve(fields.get("curve"), name, cap),
    }


def _checked_metric(fields: Mapping[str, Any], name: str) -> tuple[str, str, str | None]:
    """One that customers have, and that does not read health itself."""
    metric = CATALOG.get(_text(fields.get("metric"), f"{name}: metric"))
    if metric is None or "customer" not in metric.levels or metric.code in READ_HEALTH:
        raise HealthError(f"{name}: metric: allowed: a metric of the catalogue at level customer, none of health")
    variant = _text(fields.get("variant") or "default", f"{name}: variant")
    if variant not in ("default", *metric.variants_at("customer")):
        raise HealthError(f"{name}: variant: allowed: {', '.join(metric.variants_at('customer'))}")
    return metric.code, variant, _checked_parameter(metric, fields.get("parameter"), name)


def _checked_parameter(metric: Metric, value: Any, name: str) -> str | None:
    if value is None and metric.has_total:
        return None
    parameter = "" if value is None else _text(value, f"{name}: parameter")
    if not metric.knows_parameter(parameter):
        allowed = ", ".join(metric.parameters) if isinstance(metric.parameters, tuple) else "a name"
        raise HealthError(f"{name}: parameter: allowed: {allowed or 'none'}")
    return parameter


def _curve(points: Any, name: str, cap: Decimal) -> list[list[str]]:
    curve = []
    for point in _list(points, f"{name}: curve"):
        if not isinstance(point, list) or len(point) != 2:
            raise HealthError(f"{name}: curve: each point is [x, y]")
        x = _number(point[0], f"{name}: curve x")
        curve.append((x, _number(point[1], f"{name}: curve y", low=Decimal(0), high=cap)))
    if any(left[0] >= right[0] for left, right in pairwise(curve)):
        raise HealthError(f"{name}: curve: x must rise from point to point")
    return [[str(x), str(y)] for x, y in curve]


def _store_action_points(fields: Mapping[str, Any], by: User | None) -> None:
    actions = [_checked_action(item) for item in _list(fields.get("actions"), "actions")]
    row, _created = ActionPoints.objects.update_or_create(
        singleton=True,
        defaults={
            "window": _whole(fields.get("window", 30), "window"),
            "score_cap": _number(fields.get("score_cap", 120), "score_cap", low=Decimal(0), open_low=True),
            "actions": actions,
        },
    )
    audit.record("health.action_points_stored", by=by, target=row, actions=len(actions))


def _checked_action(item: Any) -> dict[str, Any]:
    fields = _fields(item, "an action", {"event", "impact", "cap", "half_life"})
    event = _text(fields.get("event"), "event")
    checked = {"event": event, "impact": str(_number(fields.get("impact"), f"{event}: impact"))}
    for name in ("cap", "half_life"):
        value = fields.get(name)
        number = None if value is None else _number(value, f"{event}: {name}", low=Decimal(0), open_low=True)
        checked |= {name: None if number is None else str(number)}  # type: ignore[dict-item]
    return checked


def _store_override(fields: Mapping[str, Any], by: User | None) -> None:
    external_id = _text(fields.get("customer"), "customer")
    customer = Customer.objects.filter(external_id=external_id).first()
    if customer is None:
        raise HealthError(f"customer: there is no customer {external_id[:100]}")
    first, expires = (_day(fields.get(name), name) for name in ("valid_from", "expires"))
    if not first < expires <= first + LONGEST_OVERRIDE:
        raise HealthError("expires: allowed: after valid_from and at most 180 days later")
    row, created = HealthOverride.objects.get_or_create(
        customer=customer,
        score=_number(fields.get("score"), "score", low=Decimal(0), high=Decimal(150)),
        reason=_text(fields.get("reason"), "reason"),
        valid_from=first,
        expires=expires,
        defaults={"by": by},
    )
    if created:
        audit.record("health.override_set", by=by, target=row, customer=customer.pk)


# --- reading JSON ----------------------------------------------------------------------------------


def _fields(item: Any, what: str, known: Iterable[str]) -> Mapping[str, Any]:
    if not isinstance(item, dict):
        raise HealthError(f"{what}: expected an object")
    unknown = sorted(set(item) - set(known))
    if unknown:
        raise HealthError(f"{what}: unknown {', '.join(unknown)}; allowed: {', '.join(sorted(known))}")
    return item


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise HealthError(f"{name}: expected a list with at least one entry")
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise HealthError(f"{name}: expected a text")
    return value.strip()


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 3660:
        raise HealthError(f"{name}: allowed: whole days, 1-3660")
    return value


def _day(value: Any, name: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise HealthError(f"{name}: expected a date, YYYY-MM-DD") from error


def _number(
    value: Any, name: str, *, low: Decimal | None = None, high: Decimal | None = None, open_low: bool = False
) -> Decimal:
    allowed = f"{name}: allowed: a number" + (
        f" above {low}" if open_low else f" from {low}" if low is not None else ""
    )
    allowed += f" to {high}" if high is not None else ""
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation as error:
        raise HealthError(allowed) from error
    if not number.is_finite() or abs(number) >= 10**18 or number != round(number, 10):
        raise HealthError(allowed)
    if (low is not None and (number < low or (open_low and number == low))) or (high is not None and number > high):
        raise HealthError(allowed)
    return number
