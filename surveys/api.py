"""Survey waves and their invitations: asked, withdrawn, sent anew. What somebody answered is not here."""

from uuid import uuid4

import django_filters
from django.db.models import Exists, Model, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Contact, Customer
from accounts.rest.endpoints import Endpoint, RecordSerializer, described, is_contact, verb
from accounts.rest.fields import Day, PublicIdField, Reference, Text
from accounts.rest.inputs import Input, NoInput
from surveys import services
from surveys.models import Invitation, Wave
from surveys.queries import answers_of, waves_for

MOST_CONTACTS = 1_000


class WaveSerializer(RecordSerializer):
    kind = serializers.CharField(source="version.kind", read_only=True)
    asked = serializers.IntegerField(read_only=True, help_text="people you may see")
    answered = serializers.IntegerField(read_only=True)

    class Meta:
        model = Wave
        fields = read_only_fields = (
            "id", "name", "kind", "asked", "answered", "closes_at", "withdrawn_at", "created_at",
        )  # fmt: skip


class WaveInput(Input):
    ours = ("id", "kind", "asked", "answered", "closes_at", "withdrawn_at", "created_at")

    customer = Reference("customers")
    name = Text(max_length=255, one_line=True, help_text="contacts with portal access see it as well")
    contacts = serializers.ListField(
        child=Reference("askable"), min_length=1, max_length=MOST_CONTACTS, help_text="active contacts with an address"
    )
    closes_on = Day(help_text="the last day on which the links work")


SOME_ID = "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de"
ASKED = {"customer": SOME_ID, "name": "NPS 2026-02", "contacts": [SOME_ID], "closes_on": "2026-03-31"}


class WaveViewSet(Endpoint):
    """NPS waves that asked customers whom the caller sees. Contacts find none here."""

    serializer_class = WaveSerializer
    filter_backends = ()
    queryset = Wave.objects.none()

    def get_queryset(self) -> QuerySet[Wave]:
        if is_contact(self.request.user):
            return Wave.objects.none()
        return waves_for(self.request.user).order_by("pk")

    def askable(self) -> QuerySet[Contact]:
        return Contact.objects.filter(customer__in=self.customers())

    def customer_behind(self, record: Model) -> Customer:
        """The customer whose contacts it asked."""
        return self.customers().filter(invitations__wave=record).order_by("pk")[0]

    @described(WaveInput, WaveSerializer, status=201, example=ASKED)
    def create(self, request: Request) -> Response:
        """Ask these contacts of one customer by mail."""
        self.refuse_contacts()
        fields = self.body(WaveInput)
        customer: Customer = fields.pop("customer")
        self.require_write(customer)
        return self.created(services.start_wave(customer, key=uuid4(), by=request.user, **fields))

    @verb(NoInput, WaveSerializer)
    def withdraw(self, request: Request, public_id: str) -> Response:
        """Its links store nothing from now on, mails that wait are not sent."""
        wave = self.to_change()
        self.body(NoInput)
        services.withdraw_wave(wave, by=request.user)
        return self.changed(wave)


class InvitationSerializer(RecordSerializer):
    wave = PublicIdField()
    contact = PublicIdField()
    customer = PublicIdField()
    answered = serializers.BooleanField(read_only=True)

    class Meta:
        model = Invitation
        fields = read_only_fields = (
            "id", "wave", "contact", "customer", "sent_at", "bounced_at", "expires_at", "answered",
        )  # fmt: skip


class InvitationFilter(django_filters.FilterSet):
    customer = django_filters.UUIDFilter(field_name="customer__public_id", label="public id of the customer")
    wave = django_filters.UUIDFilter(field_name="wave__public_id", label="public id of the wave")


class InvitationViewSet(Endpoint):
    """Who was asked in a wave of ours, and whether they answered. Contacts find none here."""

    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter
    queryset = Invitation.objects.none()

    def get_queryset(self) -> QuerySet[Invitation]:
        if is_contact(self.request.user):
            return Invitation.objects.none()
        ours = Invitation.objects.filter(customer__in=self.customers(), wave__isnull=False, contact__isnull=False)
        return ours.select_related("wave", "contact", "customer").annotate(answered=Exists(answers_of()))

    @verb(NoInput, InvitationSerializer)
    def renew(self, request: Request, public_id: str) -> Response:
        """A new link by a new mail; the old link is dead at once."""
        invitation = self.to_change()
        self.body(NoInput)
        services.renew_link(invitation, by=request.user)
        return self.changed(invitation)
