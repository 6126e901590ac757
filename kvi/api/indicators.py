"""Key Value Indicators: defined, put before the other side, answered, retired. Each side signs for itself only."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Contact
from accounts.rest.endpoints import Endpoint, RecordSerializer, described, is_contact, verb
from accounts.rest.fields import Day, PublicIdField, Reference, Text
from accounts.rest.inputs import Input, NoInput, ReasonInput
from kvi import services
from kvi.api.definitions import CounterInput, DefinitionInput, VersionSerializer, definition
from kvi.api.shared import shown_to_contacts
from kvi.models import Goal, Indicator, IndicatorVersion, VersionState

VERSION = "versions/<int:number>"


class IndicatorSerializer(RecordSerializer):
    goal = PublicIdField()
    customer = PublicIdField(source="goal.customer")
    customer_owner = PublicIdField(allow_null=True)
    versions = VersionSerializer(many=True, read_only=True)

    class Meta:
        model = Indicator
        fields = read_only_fields = ("id", "external_id", "goal", "customer", "customer_owner", "versions")


class IndicatorFilter(django_filters.FilterSet):
    customer = django_filters.UUIDFilter(field_name="goal__customer__public_id", label="public id of the customer")
    goal = django_filters.UUIDFilter(field_name="goal__public_id", label="public id of the goal")


class IndicatorInput(DefinitionInput):
    goal = Reference("goals")


class ProposalInput(Input):
    to = Reference("contacts", help_text="a contact who signs for the customer")


class RecordInput(Input):
    """An agreement given outside, by mail or in a meeting; shown as recorded, never as a signature."""

    contact = Reference("contacts", help_text="who agreed")
    agreed_on = Day()
    evidence = Text(max_length=2_000, help_text="where it can be found")


DAYS = {
    "texts": {"de": {"name": "Tage bis zur Rechnung"}, "en": {"name": "Days to invoice"}},
    "direction": "decrease",
    "unit": "days",
    "baseline": "12",
    "baseline_date": "2026-01-01",
    "target": "6",
    "due_date": "2026-12-31",
}
SOME_ID = "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de"


class IndicatorViewSet(Endpoint):
    """Key Value Indicators with every version of their definition. Contacts do not see drafts."""

    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilter
    queryset = Indicator.objects.none()
    customer_of = ("goal", "customer")
    api_names = {"name": "texts", "question": "texts"}

    def get_queryset(self) -> QuerySet[Indicator]:
        indicators = Indicator.objects.filter(goal__customer__in=self.customers())
        versions = IndicatorVersion.objects.order_by("number")
        if is_contact(self.request.user):
            versions = versions.exclude(state=VersionState.DRAFT)
            indicators = indicators.filter(shown_to_contacts(), pk__in=versions.values("indicator"))
        related = indicators.select_related("goal__customer", "customer_owner")
        return related.prefetch_related(Prefetch("versions", queryset=versions))

    def goals(self) -> QuerySet[Goal]:
        goals = Goal.objects.filter(customer__in=self.customers()).select_related("customer", "customer_owner")
        return goals.exclude(state=Goal.State.DRAFT) if is_contact(self.request.user) else goals

    def contacts(self) -> QuerySet[Contact]:
        return Contact.objects.filter(customer__in=self.customers())

    def lets_contacts(self) -> bool:
        """Contributors propose and withdraw, sponsors sign and say no; the rest is the colleagues'."""
        if self.access is None or not self.access.may_contribute:
            return False
        return self.action == "withdraw" or (self.action in ("accept", "counter", "decline") and self.access.may_sign)

    def _version(self, indicator: Indicator, number: int) -> IndicatorVersion:
        shown = indicator.versions.select_related("indicator__goal__customer")
        if is_contact(self.request.user):
            shown = shown.exclude(state=VersionState.DRAFT)
        return get_object_or_404(shown, number=number)

    def _definition(self, form: type[Input], language: str) -> dict[str, Any]:
        return definition(self.body(form), language)

    # --- defining -----------------------------------------------------------------------------------

    @described(IndicatorInput, IndicatorSerializer, status=201, example={"goal": SOME_ID, **DAYS})
    def create(self, request: Request) -> Response:
        """A new indicator of a goal: a colleague's is a draft, a contact's is put before us at once."""
        fields = self.body(IndicatorInput)
        goal: Goal = fields.pop("goal")
        if is_contact(request.user):
            return self.created(self._proposed(goal, fields).indicator)
        self.require_write(goal.customer)
        made = services.draft_version(goal, by=request.user, **definition(fields, goal.customer.language))
        return self.created(made.indicator)

    def _proposed(self, goal: Goal, fields: dict[str, Any]) -> IndicatorVersion:
        user = self.request.user
        if self.access is None or not self.access.may_contribute:
            raise PermissionDenied
        return services.propose_indicator(goal, by=user, access=self.access, **definition(fields, user.language))

    @verb(DefinitionInput, IndicatorSerializer, path="versions", example=DAYS)
    def draft(self, request: Request, public_id: str) -> Response:
        """The next version of the definition, as a draft. It needs both signatures again."""
        indicator = self.to_change()
        fields = self._definition(DefinitionInput, indicator.goal.customer.language)
        services.draft_version(indicator.goal, by=request.user, indicator=indicator, **fields)
        return self.changed(indicator)

    @described(DefinitionInput, IndicatorSerializer, example=DAYS)
    @action(detail=True, methods=["put"], url_path=VERSION)
    def redraft(self, request: Request, public_id: str, number: int) -> Response:
        """Replace a draft."""
        indicator = self.to_change()
        version = self._version(indicator, number)
        fields = self._definition(DefinitionInput, indicator.goal.customer.language)
        services.redraft_version(version, by=request.user, **fields)
        return self.changed(indicator)

    # --- proposing and answering --------------------------------------------------------------------

    @verb(ProposalInput, IndicatorSerializer, path=f"{VERSION}/propose", example={"to": SOME_ID})
    def propose(self, request: Request, public_id: str, number: int) -> Response:
        """Put a draft before the customer, signed by our side. The contact gets a mail."""
        indicator = self.to_change()
        version = self._version(indicator, number)
        services.propose_version(version, by=request.user, **self.body(ProposalInput))
        return self.changed(indicator)

    @verb(CounterInput, IndicatorSerializer, path=f"{VERSION}/counter", example={**DAYS, "target": "7", "note": "…"})
    def counter(self, request: Request, public_id: str, number: int) -> Response:
        """Answer the other side's proposal with a changed definition, signed by the caller's side."""
        indicator = self.to_change()
        version = self._version(indicator, number)
        fields = self._definition(CounterInput, indicator.goal.customer.language)
        services.counter_version(version, by=request.user, access=self.access, **fields)
        return self.changed(indicator)

    @verb(NoInput, IndicatorSerializer, path=f"{VERSION}/accept")
    def accept(self, request: Request, public_id: str, number: int) -> Response:
        """Sign for the caller's own side; with both signatures it is agreed."""
        indicator = self.to_change()
        version = self._version(indicator, number)
        self.body(NoInput)
        services.accept_version(version, by=request.user, access=self.access)
        return self.changed(indicator)

    @verb(ReasonInput, IndicatorSerializer, path=f"{VERSION}/decline", example={"note": "We cannot measure that."})
    def decline(self, request: Request, public_id: str, number: int) -> Response:
        """Say no to the other side's proposal, with a reason."""
        indicator = self.to_change()
        version = self._version(indicator, number)
        services.decline_version(version, by=request.user, access=self.access, **self.body(ReasonInput))
        return self.changed(indicator)

    @verb(NoInput, IndicatorSerializer, path=f"{VERSION}/withdraw")
    def withdraw(self, request: Request, public_id: str, number: int) -> Response:
        """Take the own side's proposal back."""
        indicator = self.to_change()
        version = self._version(indicator, number)
        self.body(NoInput)
        services.withdraw_version(version, by=request.user, access=self.access)
        return self.changed(indicator)

    @verb(
        RecordInput, IndicatorSerializer, path=f"{VERSION}/record-agreement",
        example={"contact": SOME_ID, "agreed_on": "2026-02-03", "evidence": "Mail of 3 February"},
    )  # fmt: skip
    def record_agreement(self, request: Request, public_id: str, number: int) -> Response:
        """Note an agreement given outside; it is shown as recorded, never as the customer's signature."""
        indicator = self.to_change()
        version = self._version(indicator, number)
        services.record_agreement(version, by=request.user, **self.body(RecordInput))
        return self.changed(indicator)

    @verb(NoInput, IndicatorSerializer)
    def retire(self, request: Request, public_id: str) -> Response:
        """From today on it is no longer measured and leaves score and report."""
        indicator = self.to_change()
        self.body(NoInput)
        services.retire_indicator(indicator, by=request.user)
        return self.changed(indicator)
