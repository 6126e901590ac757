"""Every kind of record through the interface: read, made, changed, archived and brought back as on the pages."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import KEEPS_NUMBERS, keeps_numbers
from accounts.models import Customer
from accounts.records import services
from accounts.records.registry import WORKSPACE_KINDS, Kind, kinds
from accounts.rest.endpoints import CustomerChild, Endpoint, RecordSerializer, described, is_contact, verb
from accounts.rest.fields import Day, Flag, Moment, Number, PublicIdField, Reference, Text, Whole, note
from accounts.rest.inputs import Input, NoInput
from accounts.rest.permissions import WRITERS
from cs_portal.kit.currencies import ISO_4217

OURS = ("id", "external_id", "archived_at", "created_at")


class Archived(django_filters.FilterSet):
    """Current records, or with ``?archived=true`` those that are archived."""

    archived = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        method="by_archive",
        label="archived records instead of current ones",
    )

    def by_archive(self, rows: QuerySet[Any], _name: str, archived: str) -> QuerySet[Any]:
        return rows.filter(archived_at__isnull=archived != "true")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("archived") else found.filter(archived_at__isnull=True)


class RecordFilter(CustomerChild, Archived):
    pass


def input_field(field: "models.Field[Any, Any]") -> serializers.Field[Any, Any, Any, Any]:
    """What a body may hold for a field of a model: the rule of the form, said in JSON."""
    open_: dict[str, Any] = {"default": field.get_default()} if field.has_default() else {}
    if field.null:
        open_ = {"allow_null": True, "default": None}
    if isinstance(field, models.ForeignKey):
        return Reference(field.related_model._meta.model_name + "_choices", **open_)
    if field.choices:
        return serializers.ChoiceField(choices=field.choices, allow_blank=field.blank, **open_)
    if field.name == "currency":
        return serializers.ChoiceField(choices=sorted(ISO_4217))
    for kind, made in (
        (models.DateTimeField, Moment), (models.DateField, Day), (models.DecimalField, Number),
        (models.BooleanField, Flag), (models.IntegerField, Whole),
    ):  # fmt: skip
        if isinstance(field, kind):
            return made(**open_)
    if isinstance(field, models.TextField):
        return note()
    return Text(max_length=field.max_length, one_line=True, **({"allow_blank": True, **open_} if field.blank else {}))


def forms_of(kind: Kind, **more: Any) -> tuple[type[Input], type[Input]]:
    """What a change takes, and what a new record takes."""
    name = kind.model.__name__
    fields = {field: input_field(kind.field(field)) for field in kind.fields} | more
    change = type(f"{name}Change", (Input,), {**fields, "ours": (*OURS, "customer")})
    customer = Reference("customers", allow_null=kind.slug in WORKSPACE_KINDS)
    new = type(f"{name}New", (change,), {"ours": OURS, "customer": customer})
    return change, new


def serializer_of(kind: Kind) -> type[RecordSerializer]:
    shown = ("id", "external_id", "customer", *kind.fields, "archived_at", "created_at")
    meta = type("Meta", (), {"model": kind.model, "fields": shown, "read_only_fields": shown})
    related: dict[str, Any] = {"customer": PublicIdField(allow_null=kind.slug in WORKSPACE_KINDS)}
    related |= {name: PublicIdField(allow_null=True) for name in kind.relations}
    return type(f"{kind.model.__name__}Serializer", (RecordSerializer,), {**related, "Meta": meta})


def endpoint_of(kind: Kind, example: dict[str, Any]) -> type[Endpoint]:
    """The endpoint of a kind that only colleagues know."""
    serializer, (change, new) = serializer_of(kind), forms_of(kind)

    class KindEndpoint(RecordWrites):
        filterset_class = RecordFilter
        queryset = kind.model.objects.none()
        serializer_class = serializer
        record_kind = kind
        writers = WRITERS | KEEPS_NUMBERS if kind.slug in WORKSPACE_KINDS else WRITERS

        def get_queryset(self) -> QuerySet[Any]:
            """Nothing for contacts; those of no customer for whoever keeps them."""
            seen = Customer.objects.none() if is_contact(self.request.user) else self.customers()
            whole = kind.slug in WORKSPACE_KINDS and keeps_numbers(self.request.user)
            shown = Q(customer__in=seen) | Q(customer=None) if whole else Q(customer__in=seen)
            rows = kind.model.everything.filter(shown)
            found: QuerySet[Any] = rows.select_related("customer", *kind.relations)
            return found

        @described(new, serializer, status=201, example=example)
        def create(self, request: Request) -> Response:
            """A new record of a customer."""
            return self.make(new)

        @described(change, serializer, example={name: value for name, value in example.items() if name != "customer"})
        def partial_update(self, request: Request, public_id: str) -> Response:
            """Change what is sent, leave the rest."""
            return self.change(change)

        @verb(NoInput, serializer)
        def archive(self, request: Request, public_id: str) -> Response:
            """Out of lists and figures. Twice is once."""
            return self.put_away()

        @verb(NoInput, serializer)
        def restore(self, request: Request, public_id: str) -> Response:
            """Back as it was."""
            return self.bring_back()

    KindEndpoint.__name__ = f"{kind.model.__name__}ViewSet"
    KindEndpoint.__doc__ = f"{kind.many} of customers."
    return KindEndpoint


class RecordWrites(Endpoint):
    """The writes of a kind, each ending in its service."""

    record_kind: Kind

    def make(self, form: type[Input]) -> Response:
        self.refuse_contacts()
        fields = self.body(form)
        customer = fields.pop("customer", None)
        self.require_place(customer)
        return self.created(services.add_record(self.record_kind, customer, by=self.request.user, **fields))

    def require_right(self, record: Model) -> None:
        self.refuse_contacts()
        self.require_place(getattr(record, "customer", None))

    def require_place(self, customer: Customer | None) -> None:
        """Raise PermissionDenied where the caller writes no records: at the customer, or those of no customer."""
        if customer is not None:
            self.require_write(customer)
        elif not keeps_numbers(self.request.user):
            raise PermissionDenied

    def change(self, form: type[Input]) -> Response:
        row = self.to_change()
        return self.changed(services.edit_record(row, by=self.request.user, **self.body(form, partial=True)))

    def put_away(self) -> Response:
        row = self.to_change()
        self.body(NoInput)
        return self.changed(services.archive_record(row, by=self.request.user))

    def bring_back(self) -> Response:
        row = self.to_change()
        self.body(NoInput)
        return self.changed(services.restore_record(row, by=self.request.user))

    def usergroup_choices(self) -> QuerySet[Any]:
        return self._choices("user_group")

    def contact_choices(self) -> QuerySet[Any]:
        return self._choices("contact")

    def _choices(self, name: str) -> QuerySet[Any]:
        rows = self.record_kind.field(name).related_model.objects
        found: QuerySet[Any] = rows.filter(customer__in=self.customers())
        return found


EXAMPLES: dict[str, dict[str, Any]] = {
    "end-users": {"is_licensed": True, "active_from": "2026-01-01"},
    "subscriptions": {"plan": "Business", "start_date": "2026-01-01", "mrr": "1200", "currency": "EUR"},
    "churn-records": {"date": "2026-06-30", "reason": "competitor"},
    "costs": {"date": "2026-03-01", "category": "serving", "amount": "450", "currency": "EUR"},
    "onboarding-steps": {"step": "import_data", "name": "Import the data", "position": 2},
    "tickets": {"opened_at": "2026-03-02T09:15:00Z", "priority": "high"},
}
CUSTOMER = {"customer": "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de"}
ENDPOINTS = {kind.slug: endpoint_of(kind, CUSTOMER | EXAMPLES[kind.slug]) for kind in kinds() if kind.slug in EXAMPLES}
