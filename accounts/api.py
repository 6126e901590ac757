"""Customers, their user groups and contacts, and who of them may enter the portal."""

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import portal_services
from accounts.models import Contact, Customer, PortalAccess, UserGroup
from accounts.rest.endpoints import CustomerChild, Endpoint, RecordSerializer, is_contact, verb
from accounts.rest.fields import PublicIdField
from accounts.rest.inputs import Input, NoInput
from cs_portal.kit.api.errors import Conflict


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


class CustomerViewSet(Endpoint):
    """Companies that the caller may see."""

    serializer_class = CustomerSerializer
    portal_serializer_class = PortalCustomerSerializer
    queryset = Customer.objects.none()

    @property
    def filterset_class(self) -> type[django_filters.FilterSet] | None:
        """Contacts cannot filter by what they cannot read."""
        return None if is_contact(self.request.user) else CustomerApiFilter

    def get_queryset(self) -> QuerySet[Customer]:
        return self.customers().select_related("owner")


class UserGroupSerializer(RecordSerializer):
    customer = PublicIdField()

    class Meta:
        model = UserGroup
        fields = read_only_fields = ("id", "external_id", "customer", "name")


class UserGroupViewSet(Endpoint):
    """Groups of users at a customer, the bearers of individual goals."""

    serializer_class = UserGroupSerializer
    filterset_class = CustomerChild
    queryset = UserGroup.objects.none()

    def get_queryset(self) -> QuerySet[UserGroup]:
        return UserGroup.objects.filter(customer__in=self.customers()).select_related("customer")


class PortalContactSerializer(RecordSerializer):
    customer = PublicIdField()

    class Meta:
        model = Contact
        fields = read_only_fields = ("id", "customer", "name", "role")


class ContactSerializer(PortalContactSerializer):
    """People at a customer. Contacts get id, customer, name and role of their own company's people."""

    portal_role = serializers.SerializerMethodField()

    class Meta(PortalContactSerializer.Meta):
        fields = read_only_fields = (
            "id", "external_id", "customer", "name", "email", "language", "role", "is_active", "portal_role",
            "created_at",
        )  # fmt: skip

    @extend_schema_field({"type": "string", "nullable": True, "enum": [*PortalAccess.PortalRole.values, None]})
    def get_portal_role(self, contact: Contact) -> str | None:
        """Null without access to the portal."""
        return next((access.role for access in contact.unrevoked), None)  # type: ignore[attr-defined]


class InvitationInput(Input):
    role = serializers.ChoiceField(choices=PortalAccess.PortalRole.choices, help_text="the role in the portal")


class ContactViewSet(Endpoint):
    """People at customers. Inviting one opens the portal to them, revoking closes it at once."""

    serializer_class = ContactSerializer
    portal_serializer_class = PortalContactSerializer
    filterset_class = CustomerChild
    queryset = Contact.objects.none()

    def get_queryset(self) -> QuerySet[Contact]:
        contacts = Contact.objects.filter(customer__in=self.customers()).select_related("customer")
        if is_contact(self.request.user):
            return contacts.filter(is_active=True)
        live = PortalAccess.objects.filter(revoked_at__isnull=True)
        return contacts.prefetch_related(Prefetch("portal_accesses", queryset=live, to_attr="unrevoked"))

    @verb(InvitationInput, ContactSerializer, example={"role": "sponsor"})
    def invite(self, request: Request, public_id: str) -> Response:
        """Give a contact access to the portal and tell them by mail. Again: another role."""
        contact = self.to_change()
        portal_services.invite_contact(contact, by=request.user, **self.body(InvitationInput))
        return self.changed(contact)

    @verb(NoInput, ContactSerializer)
    def revoke(self, request: Request, public_id: str) -> Response:
        """Take the access to the portal away; open sessions and tokens end with it."""
        contact = self.to_change()
        self.body(NoInput)
        access = PortalAccess.objects.filter(contact=contact, revoked_at__isnull=True).first()
        if access is None:
            raise Conflict(ErrorDetail(_("This contact has no access to the portal."), "not_open"))
        portal_services.revoke_access(access, by=request.user)
        return self.changed(contact)
