"""Value reports: drafted, commented, frozen, released by each side for itself, issued."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Customer
from accounts.rest.endpoints import CustomerChild, Endpoint, RecordSerializer, described, is_contact, verb
from accounts.rest.fields import Day, PublicIdField, Reference, note
from accounts.rest.inputs import Input, NoInput
from cs_portal.metrics.base import BadPeriod, Period
from reports import services
from reports.models import ValueReport
from reports.queries import SHOWN_TO_CONTACTS


class ReportSerializer(RecordSerializer):
    customer = PublicIdField()

    class Meta:
        model = ValueReport
        fields = read_only_fields = (
            "id", "customer", "period_start", "period_end", "language", "state", "comment", "content_hash", "frozen_at",
            "issued_at", "issued_without_customer", "created_at",
        )  # fmt: skip


SET_BY_US = ("id", "state", "content_hash", "frozen_at", "issued_at", "issued_without_customer", "created_at")


class ReportInput(Input):
    """The period is half-open: ``period_end`` is the first day after it."""

    ours = (*SET_BY_US, "comment")

    customer = Reference("customers")
    period_start = Day()
    period_end = Day()
    language = serializers.ChoiceField(choices=services.LANGUAGES)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        fields["period"] = _period(fields.pop("period_start"), fields.pop("period_end"))
        return fields


class CommentInput(Input):
    ours = (*SET_BY_US, "customer", "period_start", "period_end", "language")

    comment = note(help_text="our words to the customer: plain text, an empty line begins a paragraph")


QUARTER = {
    "customer": "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de",
    "period_start": "2026-01-01",
    "period_end": "2026-04-01",
    "language": "de",
}


class ReportViewSet(Endpoint):
    """Value reports. Contacts see those that were released to them."""

    serializer_class = ReportSerializer
    filterset_class = CustomerChild
    queryset = ValueReport.objects.none()
    api_names = {"period": "period_end"}

    def get_queryset(self) -> QuerySet[ValueReport]:
        reports = ValueReport.objects.filter(customer__in=self.customers()).select_related("customer")
        return reports.filter(state__in=SHOWN_TO_CONTACTS) if is_contact(self.request.user) else reports

    def lets_contacts(self) -> bool:
        return self.action == "release" and self.access is not None and self.access.may_sign

    @described(ReportInput, ReportSerializer, status=201, example=QUARTER)
    def create(self, request: Request) -> Response:
        """A draft for the period; one that exists already for the same is continued."""
        self.refuse_contacts()
        wanted = self.body(ReportInput)
        customer: Customer = wanted.pop("customer")
        self.require_write(customer)
        return self.created(services.create_report(customer, by=request.user, **wanted))

    @described(CommentInput, ReportSerializer, example={"comment": "A good quarter.\n\nThank you for it."})
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Our words to the customer; only in a draft."""
        report = self.to_change()
        fields = self.body(CommentInput, partial=True)
        services.set_comment(report, fields.get("comment", report.comment), by=request.user)
        return self.changed(report)

    @verb(NoInput, ReportSerializer)
    def submit(self, request: Request, public_id: str) -> Response:
        """Freeze the content for review and have its PDF made."""
        return self._act(services.submit_for_review)

    @verb(NoInput, ReportSerializer)
    def reopen(self, request: Request, public_id: str) -> Response:
        """Back to draft: numbers are read anew."""
        return self._act(services.back_to_draft)

    @verb(NoInput, ReportSerializer)
    def release(self, request: Request, public_id: str) -> Response:
        """The caller's own side's release: ours asks the sponsors for theirs, theirs issues the report."""
        if not is_contact(request.user):
            return self._act(services.release_by_csm)
        report = self.to_change()
        self.body(NoInput)
        if self.access is None:
            raise PermissionDenied
        return self.changed(services.release_by_customer(report, access=self.access))

    @verb(NoInput, ReportSerializer)
    def issue(self, request: Request, public_id: str) -> Response:
        """After ten days without the customer's answer; marked as not released by the customer."""
        return self._act(services.issue_without_customer)

    def _act(self, service: Any) -> Response:
        report = self.to_change()
        self.body(NoInput)
        return self.changed(service(report, by=self.request.user))


def _period(start: date, end: date) -> Period:
    try:
        return Period(start, end)
    except BadPeriod:
        wrong = ErrorDetail(_("The period must end after it begins."), "invalid")
        raise ValidationError({"period_end": [wrong]}) from None
