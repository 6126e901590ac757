"""What customers want to reach: made, changed, reviewed and closed as on the pages."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Contact, Customer, UserGroup
from accounts.rest.endpoints import CustomerChild, Endpoint, RecordSerializer, described, is_contact, verb
from accounts.rest.fields import Day, Flag, Number, PublicIdField, Reference, Text, note
from accounts.rest.inputs import Input, NoteInput, ReasonInput
from kvi import services
from kvi.models import Goal


class GoalSerializer(RecordSerializer):
    customer = PublicIdField()
    user_group = PublicIdField(allow_null=True)
    customer_owner = PublicIdField(allow_null=True)

    class Meta:
        model = Goal
        fields = read_only_fields = (
            "id", "external_id", "customer", "user_group", "scope", "name", "description", "goal_type", "weight",
            "state", "start_date", "retired_on", "customer_owner", "review_cadence", "next_review_on", "closing_note",
        )  # fmt: skip


class GoalChange(Input):
    """What the form has."""

    ours = ("id", "external_id", "customer", "state", "retired_on", "next_review_on", "closing_note")

    name = Text(max_length=255, one_line=True)
    description = note()
    goal_type = serializers.ChoiceField(choices=Goal.Type.choices, allow_blank=True, default="")
    scope = serializers.ChoiceField(choices=Goal.Scope.choices, default=Goal.Scope.COLLECTIVE)
    user_group = Reference("user_groups", allow_null=True, default=None, help_text="of an individual goal")
    customer_owner = Reference("contacts", allow_null=True, default=None, help_text="a contact of the customer")
    start_date = Day()
    weight = Number(default=1)
    review_cadence = serializers.ChoiceField(choices=Goal.ReviewCadence.choices, default=Goal.ReviewCadence.QUARTERLY)


class GoalInput(GoalChange):
    ours = tuple(name for name in GoalChange.ours if name != "customer")

    customer = Reference("customers")


class ReviewInput(Input):
    still_valid = Flag(help_text="whether it still is the customer's goal")
    note = note()


GOAL = {
    "customer": "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de",
    "name": "Invoices leave the house faster",
    "goal_type": "time_saving",
    "start_date": "2026-01-01",
}


class GoalViewSet(Endpoint):
    """What customers want to reach. Contacts do not see drafts."""

    serializer_class = GoalSerializer
    filterset_class = CustomerChild
    queryset = Goal.objects.none()

    def get_queryset(self) -> QuerySet[Goal]:
        goals = Goal.objects.filter(customer__in=self.customers())
        if is_contact(self.request.user):
            goals = goals.exclude(state=Goal.State.DRAFT)
        return goals.select_related("customer", "user_group", "customer_owner")

    def user_groups(self) -> QuerySet[UserGroup]:
        return UserGroup.objects.filter(customer__in=self.customers())

    def contacts(self) -> QuerySet[Contact]:
        return Contact.objects.filter(customer__in=self.customers(), is_active=True)

    @described(GoalInput, GoalSerializer, status=201, example=GOAL)
    def create(self, request: Request) -> Response:
        """A draft; it becomes proposed and agreed with its first indicator. The same draft again is the first one."""
        self.refuse_contacts()
        fields = self.body(GoalInput)
        customer: Customer = fields.pop("customer")
        self.require_write(customer)
        return self.created(services.create_goal(customer, by=request.user, **fields))

    @described(GoalChange, GoalSerializer, example={"name": "Invoices leave the house within a day"})
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Change what is sent, leave the rest."""
        goal = self.to_change()
        fields = self.body(GoalChange, partial=True)
        return self.changed(services.edit_goal(goal, by=request.user, **fields))

    @verb(NoteInput, GoalSerializer, example={"note": "Reached two months early."})
    def achieve(self, request: Request, public_id: str) -> Response:
        """The customer has it. It stays in score and report until it is retired."""
        goal = self.to_change()
        return self.changed(services.achieve_goal(goal, by=request.user, **self.body(NoteInput)))

    @verb(ReasonInput, GoalSerializer, example={"note": "The department was closed."})
    def retire(self, request: Request, public_id: str) -> Response:
        """Take it out of score and report from today on."""
        goal = self.to_change()
        return self.changed(services.retire_goal(goal, by=request.user, **self.body(ReasonInput)))

    @verb(ReviewInput, GoalSerializer, example={"still_valid": True, "note": "Confirmed in the quarterly call."})
    def review(self, request: Request, public_id: str) -> Response:
        """Keep the answer to "still your goal?"; the next review follows by the cadence."""
        goal = self.to_change()
        services.review_goal(goal, by=request.user, **self.body(ReviewInput))
        return self.changed(goal)
