"""Read endpoints for goals, indicators with their versions, and measurements."""

import django_filters
from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.access import customers_for
from accounts.api import CustomerChild, PublicIdField, PublicIdViewSet, RecordSerializer, is_contact
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement, VersionState
from kvi.models.indicators import DEFINITION_FIELDS


class GoalSerializer(RecordSerializer):
    customer = PublicIdField()
    user_group = PublicIdField(allow_null=True)
    customer_owner = PublicIdField(allow_null=True)

    class Meta:
        model = Goal
        fields = read_only_fields = (
            "id", "external_id", "customer", "user_group", "scope", "name", "description", "goal_type", "weight",
            "state", "start_date", "retired_on", "customer_owner", "review_cadence", "next_review_on",
        )  # fmt: skip


class GoalViewSet(PublicIdViewSet):
    """What customers want to reach. Contacts do not see drafts."""

    serializer_class = GoalSerializer
    filterset_class = CustomerChild
    queryset = Goal.objects.none()

    def get_queryset(self) -> QuerySet[Goal]:
        goals = Goal.objects.filter(customer__in=customers_for(self.request.user))
        if is_contact(self.request.user):
            goals = goals.exclude(state=Goal.State.DRAFT)
        return goals.select_related("customer", "user_group", "customer_owner")


class VersionSerializer(RecordSerializer):
    """One definition; decimals are strings."""

    version = serializers.IntegerField(source="number", read_only=True)
    texts = serializers.SerializerMethodField()
    path_points = serializers.SerializerMethodField()

    class Meta:
        model = IndicatorVersion
        fields = read_only_fields = (
            "id", "version", "state", *DEFINITION_FIELDS, "agreed_on", "retired_on", "content_hash", "provenance",
            "proposed_by_side", "proposed_at",
        )  # fmt: skip

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_texts(self, version: IndicatorVersion) -> object:
        return version.texts

    @extend_schema_field({"type": "array", "nullable": True, "items": {"type": "array", "items": {"type": "string"}}})
    def get_path_points(self, version: IndicatorVersion) -> object:
        return version.path_points


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


class IndicatorViewSet(PublicIdViewSet):
    """Key Value Indicators with every version of their definition. Contacts do not see drafts."""

    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilter
    queryset = Indicator.objects.none()

    def get_queryset(self) -> QuerySet[Indicator]:
        indicators = Indicator.objects.filter(goal__customer__in=customers_for(self.request.user))
        versions = IndicatorVersion.objects.order_by("number")
        if is_contact(self.request.user):
            versions = versions.exclude(state=VersionState.DRAFT)
            indicators = indicators.filter(shown_to_contacts(), pk__in=versions.values("indicator"))
        related = indicators.select_related("goal__customer", "customer_owner")
        return related.prefetch_related(Prefetch("versions", queryset=versions))


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


class MeasurementViewSet(PublicIdViewSet):
    """Measured values or levels, each in its latest revision."""

    serializer_class = MeasurementSerializer
    filterset_class = MeasurementFilter
    queryset = Measurement.objects.none()

    def get_queryset(self) -> QuerySet[Measurement]:
        measurements = Measurement.objects.filter(indicator__goal__customer__in=customers_for(self.request.user))
        if is_contact(self.request.user):
            measurements = measurements.filter(shown_to_contacts("indicator__"))
        return measurements.select_related("indicator")


def shown_to_contacts(prefix: str = "") -> Q:
    """A goal that is still a draft is ours alone."""
    return ~Q(**{f"{prefix}goal__state": Goal.State.DRAFT})
