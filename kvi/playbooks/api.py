"""Follow-ups: opened by hand, given to somebody, put off, closed and opened again as on the pages."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Customer, User
from accounts.rest.endpoints import CustomerChild, Endpoint, RecordSerializer, described, is_contact, verb
from accounts.rest.fields import Day, Moment, PublicIdField, Reference, Text
from accounts.rest.inputs import Input, NoInput, NoteInput
from accounts.staff.queries import colleagues
from kvi.playbooks import services
from kvi.playbooks.models import FollowUp
from kvi.playbooks.queries import follow_ups_for, may_work_on

SOME_ID = "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de"


class FollowUpSerializer(RecordSerializer):
    customer = PublicIdField()
    reason = serializers.SerializerMethodField()
    owner = PublicIdField(allow_null=True)
    deputy = PublicIdField(allow_null=True)

    class Meta:
        model = FollowUp
        fields = read_only_fields = (
            "id", "customer", "reason", "source", "owner", "deputy", "due_at", "snoozed_until", "state", "outcome",
            "note", "created_at", "closed_at",
        )  # fmt: skip

    @extend_schema_field({"type": "string"})
    def get_reason(self, follow_up: FollowUp) -> str:
        return str(follow_up)


class PeopleInput(Input):
    """The ids of colleagues, as a customer's ``owner`` has them."""

    owner = Reference("colleagues")
    deputy = Reference("colleagues", allow_null=True, default=None)


class FollowUpInput(PeopleInput):
    ours = ("id", "source", "snoozed_until", "state", "outcome", "note", "created_at", "closed_at")

    customer = Reference("customers")
    reason = Text(max_length=255, one_line=True, help_text="what is to be done")
    due_at = Moment()


class SnoozeInput(Input):
    until = Day(help_text="from this day on it is in Today again")


class CloseInput(NoteInput):
    outcome = serializers.ChoiceField(choices=FollowUp.Outcome.choices)


class FollowUpFilter(CustomerChild):
    class Meta:
        model = FollowUp
        fields = ("state", "source")


GIVEN = {"owner": SOME_ID, "deputy": None}
CALL = {"customer": SOME_ID, "reason": "Talk about the calls", "due_at": "2026-03-02T10:00:00+01:00", **GIVEN}


class FollowUpViewSet(Endpoint):
    """Loops that are open with customers, and what came of them. Contacts find none here."""

    serializer_class = FollowUpSerializer
    filterset_class = FollowUpFilter
    queryset = FollowUp.objects.none()
    api_names = {"due": "due_at"}

    def get_queryset(self) -> QuerySet[FollowUp]:
        if is_contact(self.request.user):
            return FollowUp.objects.none()
        return follow_ups_for(self.request.user)

    def colleagues(self) -> QuerySet[User]:
        return colleagues().filter(is_active=True)

    def require_right(self, record: Model) -> None:
        """Also whom it was given to."""
        if not may_work_on(self.request.user, record):  # type: ignore[arg-type]
            raise PermissionDenied

    @described(FollowUpInput, FollowUpSerializer, status=201, example=CALL)
    def create(self, request: Request) -> Response:
        """Open one by hand. Send an Idempotency-Key: without it the same again is a second one."""
        self.refuse_contacts()
        fields = self.body(FollowUpInput)
        customer: Customer = fields.pop("customer")
        self.require_write(customer)
        hand = {"source": FollowUp.Source.HAND, "source_id": uuid4(), "by": request.user}
        return self.created(services.open_follow_up(customer, **hand, **fields))

    @verb(PeopleInput, FollowUpSerializer, example=GIVEN)
    def assign(self, request: Request, public_id: str) -> Response:
        """Give it to colleagues who look after the customer."""
        row = self.to_change()
        return self.changed(services.assign_follow_up(row, by=request.user, **self.body(PeopleInput)))

    @verb(SnoozeInput, FollowUpSerializer, example={"until": "2026-03-05"})
    def snooze(self, request: Request, public_id: str) -> Response:
        """Leave it out of Today until that day; its clock runs on."""
        row = self.to_change()
        return self.changed(services.snooze_follow_up(row, by=request.user, **self.body(SnoozeInput)))

    @verb(CloseInput, FollowUpSerializer, example={"outcome": "reached", "note": "Settled on the phone."})
    def close(self, request: Request, public_id: str) -> Response:
        """Say what came of it; ``other`` needs a note."""
        row = self.to_change()
        return self.changed(services.close_follow_up(row, by=request.user, **self.body(CloseInput)))

    @verb(NoteInput, FollowUpSerializer, example={"note": "Opened twice."})
    def cancel(self, request: Request, public_id: str) -> Response:
        """It was not meant; the note says why."""
        row = self.to_change()
        return self.changed(services.cancel_follow_up(row, by=request.user, **self.body(NoteInput)))

    @verb(NoInput, FollowUpSerializer)
    def reopen(self, request: Request, public_id: str) -> Response:
        """As it was before it was closed; the note stays."""
        row = self.to_change()
        self.body(NoInput)
        return self.changed(services.reopen_follow_up(row, by=request.user))
