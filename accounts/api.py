"""Read endpoints for customers and contacts: the same gate as the pages."""

from typing import Any

import django_filters
from django.db import models
from django.db.models import Model, QuerySet
from rest_framework import serializers, viewsets
from rest_framework.request import Request

from accounts.access import Viewer, customers_for
from accounts.models import Contact, Customer, Role, User


def is_contact(user: Viewer) -> bool:
    return isinstance(user, User) and user.role == Role.CONTACT


class PublicIdField(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """Another record by its public id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="public_id", read_only=True, **options)

    def to_representation(self, obj: Model) -> str:
        return str(obj.public_id)  # type: ignore[attr-defined]


class PlainDecimal(serializers.DecimalField):
    """A string in plain notation without trailing zeros, as everywhere outside the screen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "normalize_output": True})


class RecordSerializer(serializers.ModelSerializer[Any]):
    """Every row is known by its public id; decimals are plain strings."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DecimalField: PlainDecimal
    }
    id = serializers.UUIDField(source="public_id", read_only=True)


class CustomerChild(django_filters.FilterSet):
    """``?customer=<public id>``; somebody else's finds nothing."""

    customer = django_filters.UUIDFilter(field_name="customer__public_id", label="public id of the customer")


class PublicIdViewSet(viewsets.ReadOnlyModelViewSet):  # type: ignore[type-arg]
    """Reads by public id. ``portal_serializer_class`` is what contacts get: no internal fields."""

    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    portal_serializer_class: type[serializers.Serializer[Any]] | None = None
    request: Request

    def get_serializer_class(self) -> type[serializers.Serializer[Any]]:
        if self.portal_serializer_class is not None and is_contact(self.request.user):
            return self.portal_serializer_class
        return super().get_serializer_class()


class PortalCustomerSerializer(RecordSerializer):
    class Meta:
        model = Customer
        fields = read_only_fields = ("id", "name")


class CustomerSerializer(PortalCustomerSerializer):
    """Contacts get id and name only."""

    owner = PublicIdField(allow_null=True)

    class Meta(PortalCustomerSerializer.Meta):
        fields = read_only_fields = (
            "id", "external_id", "name", "segment", "phase", "industry", "country", "language", "owner",
            "onboarding_start", "is_test", "created_at",
        )  # fmt: skip


class CustomerApiFilter(django_filters.FilterSet):
    class Meta:
        model = Customer
        fields = ("external_id", "segment", "phase")


class CustomerViewSet(PublicIdViewSet):
    """Companies that the caller may see."""

    serializer_class = CustomerSerializer
    portal_serializer_class = PortalCustomerSerializer
    queryset = Customer.objects.none()

    @property
    def filterset_class(self) -> type[django_filters.FilterSet] | None:
        """Contacts cannot filter by what they cannot read."""
        return None if is_contact(self.request.user) else CustomerApiFilter

    def get_queryset(self) -> QuerySet[Customer]:
        return customers_for(self.request.user).select_related("owner")


class PortalContactSerializer(RecordSerializer):
    customer = PublicIdField()

    class Meta:
        model = Contact
        fields = read_only_fields = ("id", "customer", "name", "role")


class ContactSerializer(PortalContactSerializer):
    """People at a customer. Contacts get id, customer, name and role of their own company's people."""

    class Meta(PortalContactSerializer.Meta):
        fields = read_only_fields = (
            "id", "external_id", "customer", "name", "email", "language", "role", "is_active", "created_at",
        )  # fmt: skip


class ContactViewSet(PublicIdViewSet):
    serializer_class = ContactSerializer
    portal_serializer_class = PortalContactSerializer
    filterset_class = CustomerChild
    queryset = Contact.objects.none()

    def get_queryset(self) -> QuerySet[Contact]:
        contacts = Contact.objects.filter(customer__in=customers_for(self.request.user)).select_related("customer")
        return contacts.filter(is_active=True) if is_contact(self.request.user) else contacts
