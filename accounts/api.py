"""Customers, their user groups and contacts, and who of them may enter the portal."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import portal_services
from accounts.access import WRITES_ALL, may_add_customers
from accounts.models import Contact, Customer, PortalAccess, User, UserGroup
from accounts.records import services
from accounts.records.api import Archived, RecordFilter, RecordWrites, forms_of, input_field
from accounts.records.forms import owners
from accounts.records.kinds import CONTACTS, CUSTOMER_FIELDS, USER_GROUPS
from accounts.records.merge_api import MergeInput, MergePreviewSerializer, MergesRecords
from accounts.records.queries import mergeable_customers
from accounts.rest.endpoints import RecordSerializer, described, is_contact, verb
from accounts.rest.fields import Custom, PublicIdField, Reference
from accounts.rest.inputs import Input, NoInput
from cs_portal.kit.api.errors import Conflict


class PortalCustomerSerializer(RecordSerializer):
    class Meta:
        model = Customer
        fields = read_only_fields = ("id", "name")


class CustomerSerializer(PortalCustomerSerializer):
    """Contacts get id and name only."""

    owner = PublicIdField(allow_null=True)
    custom = Custom(read_only=True)

    class Meta(PortalCustomerSerializer.Meta):
        fields = read_only_fields = (
            "id", "external_id", *CUSTOMER_FIELDS, "owner", "custom", "archived_at", "created_at",
        )  # fmt: skip


class CustomerInput(Input):
    """What the form has; whose a customer is, only leads and administrators decide."""

    ours = ("id", "external_id", "archived_at", "created_at")

    owner = Reference("owners", allow_null=True, required=False)
    custom = Custom(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        return super().get_fields() | {name: input_field(Customer._meta.get_field(name)) for name in CUSTOMER_FIELDS}

    def validate_owner(self, owner: User | None) -> User | None:
        if self.context["request"].user.role not in WRITES_ALL:
            raise serializers.ValidationError(_("Only leads and administrators decide whose a customer is."))
        return owner


class CustomerApiFilter(Archived):
    class Meta:
        model = Customer
        fields = ("external_id", "segment", "phase")


OTHER = {"other": "7d1b2f6a-6a0f-4a53-8d0f-0d1c7a1a9f0e"}


class CustomerViewSet(MergesRecords):
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

    def owners(self) -> QuerySet[User]:
        return owners()

    def mergeable(self) -> QuerySet[Customer]:
        return mergeable_customers(self.request.user, self.get_object())

    def customer_behind(self, record: Customer) -> Customer:
        return record

    @described(CustomerInput, CustomerSerializer, status=201, example={"name": "Huber Logistik", "segment": "SMB"})
    def create(self, request: Request) -> Response:
        """A new customer; it is the caller's own unless another owner is named."""
        if not may_add_customers(request.user):
            raise PermissionDenied
        return self.created(services.add_customer(by=request.user, **self.body(CustomerInput)))

    @described(CustomerInput, CustomerSerializer, example={"segment": "Enterprise"})
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Change what is sent, leave the rest."""
        customer = self.to_change()
        fields = self.body(CustomerInput, partial=True)
        return self.changed(services.edit_customer(customer, by=request.user, **fields))

    @verb(NoInput, CustomerSerializer)
    def archive(self, request: Request, public_id: str) -> Response:
        """Out of lists and closed for writing; its figures stay. Refused while something waits there."""
        customer = self.to_change()
        self.body(NoInput)
        return self.changed(services.archive_customer(customer, by=request.user))

    @verb(NoInput, CustomerSerializer)
    def restore(self, request: Request, public_id: str) -> Response:
        """Back as it was."""
        customer = self.get_object()
        self.refuse_contacts()
        self.body(NoInput)
        return self.changed(services.restore_customer(customer, by=request.user))

    @verb(MergeInput, MergePreviewSerializer, example=OTHER)
    def merge_preview(self, request: Request, public_id: str) -> Response:
        """What merging the other customer into this one would do. Changes nothing."""
        return self.previewed()

    @verb(MergeInput, CustomerSerializer, example=OTHER)
    def merge(self, request: Request, public_id: str) -> Response:
        """Everything of the other customer follows to this one. Final: it cannot be undone."""
        return self.merged()


class UserGroupSerializer(RecordSerializer):
    customer = PublicIdField()

    class Meta:
        model = UserGroup
        fields = read_only_fields = ("id", "external_id", "customer", "name", "archived_at")


GroupChange, GroupInput = forms_of(USER_GROUPS)
ContactChange, ContactInput = forms_of(CONTACTS, custom=Custom(required=False))
CUSTOMER_ID = "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de"


class UserGroupViewSet(RecordWrites):
    """Groups of users at a customer, the bearers of individual goals."""

    serializer_class = UserGroupSerializer
    filterset_class = RecordFilter
    queryset = UserGroup.objects.none()
    record_kind = USER_GROUPS

    def get_queryset(self) -> QuerySet[UserGroup]:
        return UserGroup.everything.filter(customer__in=self.customers()).select_related("customer")

    @described(
        GroupInput, UserGroupSerializer, status=201, example={"customer": CUSTOMER_ID, "name": "Accounts receivable"}
    )
    def create(self, request: Request) -> Response:
        """A new group of users."""
        return self.make(GroupInput)

    @described(GroupChange, UserGroupSerializer, example={"name": "Accounting"})
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Change what is sent, leave the rest."""
        return self.change(GroupChange)

    @verb(NoInput, UserGroupSerializer)
    def archive(self, request: Request, public_id: str) -> Response:
        """Out of lists; its figures stay. Twice is once."""
        return self.put_away()

    @verb(NoInput, UserGroupSerializer)
    def restore(self, request: Request, public_id: str) -> Response:
        """Back as it was."""
        return self.bring_back()


class PortalContactSerializer(RecordSerializer):
    customer = PublicIdField()

    class Meta:
        model = Contact
        fields = read_only_fields = ("id", "customer", "name", "role")


class ContactSerializer(PortalContactSerializer):
    """People at a customer. Contacts get id, customer, name and role of their own company's people."""

    user_group = PublicIdField(allow_null=True)
    custom = Custom(read_only=True)
    portal_role = serializers.SerializerMethodField()

    class Meta(PortalContactSerializer.Meta):
        fields = read_only_fields = (
            "id", "external_id", "customer", "name", "email", "language", "role", "user_group", "is_active",
            "custom", "portal_role", "archived_at", "created_at",
        )  # fmt: skip

    @extend_schema_field({"type": "string", "nullable": True, "enum": [*PortalAccess.PortalRole.values, None]})
    def get_portal_role(self, contact: Contact) -> str | None:
        """Null without access to the portal."""
        return next((access.role for access in contact.unrevoked), None)  # type: ignore[attr-defined]


class InvitationInput(Input):
    role = serializers.ChoiceField(choices=PortalAccess.PortalRole.choices, help_text="the role in the portal")


class ContactViewSet(RecordWrites, MergesRecords):
    """People at customers. Inviting one opens the portal to them, revoking closes it at once."""

    serializer_class = ContactSerializer
    portal_serializer_class = PortalContactSerializer
    filterset_class = RecordFilter
    queryset = Contact.objects.none()
    record_kind = CONTACTS

    def get_queryset(self) -> QuerySet[Contact]:
        contacts = Contact.everything.filter(customer__in=self.customers()).select_related("customer", "user_group")
        if is_contact(self.request.user):
            return contacts.filter(is_active=True, archived_at__isnull=True)
        live = PortalAccess.objects.filter(revoked_at__isnull=True)
        return contacts.prefetch_related(Prefetch("portal_accesses", queryset=live, to_attr="unrevoked"))

    @described(
        ContactInput, ContactSerializer, status=201,
        example={"customer": CUSTOMER_ID, "name": "Anna Huber", "email": "anna@huber.example"},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """A new person at a customer; the portal opens to them by an invitation."""
        return self.make(ContactInput)

    @described(ContactChange, ContactSerializer, example={"role": "champion"})
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Change what is sent, leave the rest. Another address ends the access to the portal."""
        return self.change(ContactChange)

    @verb(NoInput, ContactSerializer)
    def archive(self, request: Request, public_id: str) -> Response:
        """Out of lists, and the portal is closed to them. Twice is once."""
        return self.put_away()

    @verb(NoInput, ContactSerializer)
    def restore(self, request: Request, public_id: str) -> Response:
        """Back as it was."""
        return self.bring_back()

    def mergeable(self) -> QuerySet[Contact]:
        """Current contacts of the same customer."""
        contact = self.get_object()
        return Contact.objects.filter(customer=contact.customer_id).exclude(pk=contact.pk)

    @verb(MergeInput, MergePreviewSerializer, example=OTHER)
    def merge_preview(self, request: Request, public_id: str) -> Response:
        """What merging the other contact into this one would do. Changes nothing."""
        return self.previewed()

    @verb(MergeInput, ContactSerializer, example=OTHER)
    def merge(self, request: Request, public_id: str) -> Response:
        """The other contact becomes this one, and its access to the portal ends. Final: it cannot be undone."""
        return self.merged()

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
