"""Records of a customer of every kind that has forms."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from accounts.models import Customer
from accounts.records.models import CustomField
from accounts.records.registry import KINDS

_numbers = count(1)


def fields_of(slug: str) -> dict[str, Any]:
    """What a record of the kind needs, different each time where it must be."""
    number = next(_numbers)
    return {
        "contacts": {"name": f"Person {number}", "email": f"person-{number}@customer.example"},
        "user-groups": {"name": f"Group {number}"},
        "end-users": {"is_licensed": True},
        "subscriptions": {"plan": "Business", "start_date": date(2026, 1, 1), "mrr": 100, "currency": "EUR"},
        "churn-records": {"date": date(2026, 3, 1), "reason": "price"},
        "costs": {"date": date(2026, 3, 1), "category": "serving", "amount": 50, "currency": "EUR"},
        "onboarding-steps": {"step": f"step-{number}", "position": number},
        "tickets": {"opened_at": datetime(2026, 3, 1, 9, tzinfo=UTC)},
    }[slug]


def make_record(slug: str, customer: Customer | None, **fields: Any) -> Any:
    return KINDS[slug].model.objects.create(customer=customer, **{**fields_of(slug), **fields})


def make_custom_field(key: str, kind: str = "text", subject: str = "customer", **fields: Any) -> CustomField:
    names = {"label_en": key.title(), "label_de": key.title()}
    return CustomField.objects.create(subject=subject, key=key, kind=kind, **{**names, **fields})
