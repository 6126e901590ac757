"""How health is scored on a day: the model in force, the list of actions, what somebody has set instead."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction
from typing import Any

from cs_portal.metrics.action_points import Action, ActionList
from cs_portal.metrics.health import SHIPPED_MODEL, Input, Model, curve
from kvi.health.models import ActionPoints, HealthModel, HealthOverride


def model_on(day: date) -> Model:
    """The one with the latest first day up to ``day``; the shipped one as long as there is none. One query."""
    row = HealthModel.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    return SHIPPED_MODEL if row is None else Model(row.valid_from, tuple(_input(item) for item in row.inputs))


def stored_health() -> dict[str, Any]:
    """Models, action points and overrides as ``manage.py settings --file`` takes them; what nobody set is left out."""
    points = ActionPoints.objects.first()
    parts: dict[str, Any] = {
        "health_models": [
            {"valid_from": str(row.valid_from), "inputs": row.inputs} for row in HealthModel.objects.all()
        ],
        "overrides": [_override(row) for row in HealthOverride.objects.select_related("customer")],
    }
    if points is not None:
        parts["action_points"] = {
            "window": points.window, "score_cap": str(points.score_cap), "actions": points.actions,
        }  # fmt: skip
    return {name: part for name, part in parts.items() if part}


def _override(row: HealthOverride) -> dict[str, str]:
    return {
        "customer": row.customer.external_id, "score": str(row.score), "reason": row.reason,
        "valid_from": str(row.valid_from), "expires": str(row.expires),
    }  # fmt: skip


def _input(item: dict[str, Any]) -> Input:
    return Input(
        name=item["name"],
        weight=Fraction(item["weight"]),
        metric=item["metric"],
        window=item["window"],
        curve=curve(*item["curve"]),
        variant=item["variant"],
        parameter=item["parameter"],
        cap=Fraction(item["cap"]),
    )


def listed_actions() -> ActionList | None:
    """None as long as nobody has listed any; one query."""
    row = ActionPoints.objects.first()
    if row is None:
        return None
    return ActionList(tuple(_action(item) for item in row.actions), row.window, Fraction(row.score_cap))


def _action(item: dict[str, Any]) -> Action:
    cap, half_life = (None if item[name] is None else Fraction(item[name]) for name in ("cap", "half_life"))
    return Action(item["event"], Fraction(item["impact"]), cap, half_life)


def overrides_on(day: date, customers: Collection[int]) -> dict[int, HealthOverride]:
    """By customer the one in force, of several the latest made; one query."""
    running = HealthOverride.objects.filter(valid_from__lte=day, expires__gt=day, customer__in=customers)
    return {override.customer_id: override for override in running.order_by("created_at", "pk")}
