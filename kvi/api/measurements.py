"""Measured by either side; confirmed or disputed by the customer."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest.endpoints import Endpoint, RecordSerializer, described, is_contact, verb
from accounts.rest.fields import Day, Number, PublicIdField, Reference, Text, Whole, note
from accounts.rest.inputs import Input, NoInput
from accounts.rest.models import ApiToken
from kvi import services
from kvi.api.shared import shown_to_contacts
from kvi.models import Indicator, Measurement


class MeasurementSerializer(RecordSerializer):
    indicator = PublicIdField()

    class Meta:
        model = Measurement
        fields = read_only_fields = (
            "id", "external_id", "indicator", "date", "value", "level", "status", "source", "comment", "evidence",
            "revision", "origin", "dispute_reason", "created_at",
        )  # fmt: skip


class MeasurementFilter(django_filters.FilterSet):
    customer = django_filters.UUIDFilter(
        field_name="indicator__goal__customer__public_id", label="public id of the customer"
    )
    indicator = django_filters.UUIDFilter(field_name="indicator__public_id", label="public id of the indicator")

    class Meta:
        model = Measurement
        fields = ("status",)


class MeasurementInput(Input):
    """A value for a number, a level (from 0) for levels in words."""

    ours = (
        "id", "external_id", "status", "source", "revision", "origin", "dispute_reason", "created_at",
    )  # fmt: skip

    indicator = Reference("indicators")
    date = Day()
    value = Number(allow_null=True, default=None)
    level = Whole(allow_null=True, default=None, min_value=0, max_value=100)
    comment = note()
    evidence = Text(max_length=255, allow_blank=True, default="", help_text="where it can be found")


class DisputeInput(Input):
    reason = Text(max_length=10_000, help_text="what is wrong with the value")


MEASURED = {"indicator": "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de", "date": "2026-02-28", "value": "9.5"}


class MeasurementViewSet(Endpoint):
    """Measured values or levels, each in its latest revision."""

    serializer_class = MeasurementSerializer
    filterset_class = MeasurementFilter
    queryset = Measurement.objects.none()
    customer_of = ("indicator", "goal", "customer")

    def get_queryset(self) -> QuerySet[Measurement]:
        measurements = Measurement.objects.filter(indicator__goal__customer__in=self.customers())
        if is_contact(self.request.user):
            measurements = measurements.filter(shown_to_contacts("indicator__"))
        return measurements.select_related("indicator__goal__customer")

    def indicators(self) -> QuerySet[Indicator]:
        indicators = Indicator.objects.filter(goal__customer__in=self.customers()).select_related("goal__customer")
        return indicators.filter(shown_to_contacts()) if is_contact(self.request.user) else indicators

    def require_right(self, record: Measurement) -> None:
        """Whether a value is right says the customer, never we."""
        super().require_right(record)
        if not is_contact(self.request.user):
            raise PermissionDenied

    def lets_contacts(self) -> bool:
        return self.access is not None and self.access.may_contribute

    @described(MeasurementInput, MeasurementSerializer, status=201, example=MEASURED)
    def create(self, request: Request) -> Response:
        """Store what was measured on a day. A second value for the day is a revision of the first.

        A contact's own value is confirmed by entering it, ours waits for the customer.
        """
        fields = self.body(MeasurementInput)
        indicator: Indicator = fields.pop("indicator")
        if not is_contact(request.user):
            self.require_write(indicator.goal.customer)
        elif not self.lets_contacts():
            raise PermissionDenied
        measured = {"day": fields.pop("date"), "access": self.access, "by": request.user, **fields}
        through = Measurement.Origin.API if isinstance(request.auth, ApiToken) and self.access is None else None
        return self.created(services.record_measurement(indicator, origin=through, **measured))

    @verb(NoInput, MeasurementSerializer)
    def confirm(self, request: Request, public_id: str) -> Response:
        """The customer agrees with the value."""
        measurement = self.to_change()
        self.body(NoInput)
        return self.changed(services.confirm_measurement(measurement, revision=measurement.revision, by=request.user))

    @verb(DisputeInput, MeasurementSerializer, example={"reason": "The holidays were counted in."})
    def dispute(self, request: Request, public_id: str) -> Response:
        """The customer does not agree: the value stops counting."""
        measurement = self.to_change()
        return self.changed(services.dispute_measurement(measurement, by=request.user, **self.body(DisputeInput)))

    @verb(NoInput, MeasurementSerializer)
    def withdraw_dispute(self, request: Request, public_id: str) -> Response:
        """The value waits for the customer's confirmation again."""
        measurement = self.to_change()
        self.body(NoInput)
        return self.changed(services.withdraw_dispute(measurement, by=request.user))
