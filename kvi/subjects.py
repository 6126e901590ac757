"""The subjects of each level: who may be asked for, and who is listed (metrics.md, section 16 rule 3)."""

from collections.abc import Collection

from django.db.models import Model, Q, QuerySet

from accounts.models import Customer, UserGroup
from kvi.models import Goal, Indicator
from surveys.models import Survey

LISTED_BELOW_PORTFOLIO: dict[str, tuple[type[Model], str]] = {
    "customer": (Customer, ""),
    "user_group": (UserGroup, "customer__"),
    "goal": (Goal, "customer__"),
    "kvi": (Indicator, "goal__customer__"),
}


def listed_subjects(level: str, customers: QuerySet[Customer] | None = None) -> list[str]:
    """The level's subjects by code point, those of test customers left out; one query.

    ``customers`` narrows them to what a user may see.
    """
    return sorted(_names(level, customers, listed=True))


def known_subjects(level: str, names: Collection[str], customers: QuerySet[Customer] | None = None) -> set[str]:
    """Those of the names that are subjects of the level, test customers included; one query."""
    clean = [name for name in names if name and "\x00" not in name]
    return _names(level, customers, named=clean)


def _names(
    level: str, customers: QuerySet[Customer] | None, *, named: Collection[str] | None = None, listed: bool = False
) -> set[str]:
    if level == "survey":
        rows, field = _surveys(customers, listed=listed), "external_id"
    elif level == "segment":
        visible = Customer.objects.all() if customers is None else customers
        rows, field = visible.filter(is_test=False, merged_into=None).exclude(segment="").order_by(), "segment"
    else:
        rows, field = _owned(level, customers, listed=listed), "external_id"
    if named is not None:
        rows = rows.filter(**{f"{field}__in": named})
    return set(rows.values_list(field, flat=True))


def _owned(level: str, customers: QuerySet[Customer] | None, *, listed: bool) -> QuerySet[Model]:
    model, path = LISTED_BELOW_PORTFOLIO[level]
    rows: QuerySet[Model] = model._base_manager.order_by()  # archived ones too
    if listed:
        rows = rows.filter(**{f"{path}is_test": False, f"{path}merged_into": None})
    if customers is not None:
        rows = rows.filter(**{f"{path}pk__in": customers.values("pk")})
    return rows


def _surveys(customers: QuerySet[Customer] | None, *, listed: bool) -> QuerySet[Model]:
    """Listed with any invitation or response; for somebody, those that a visible customer has to do with."""
    rows: QuerySet[Model] = Survey.objects.order_by()
    if customers is not None:
        return rows.filter(_touches(customers)).distinct()
    if listed:
        return rows.filter(Q(invitations__isnull=False) | Q(responses__isnull=False)).distinct()
    return rows


def _touches(customers: QuerySet[Customer]) -> Q:
    ids = customers.values("pk")
    paths = (
        "invitations__customer", "invitations__contact__customer", "responses__customer",
        "responses__contact__customer", "responses__invitation__customer", "responses__invitation__contact__customer",
    )  # fmt: skip
    touched = Q()
    for path in paths:
        touched |= Q(**{f"{path}__in": ids})
    return touched
