"""Read endpoint for value reports."""

from django.db.models import QuerySet

from accounts.access import customers_for
from accounts.api import CustomerChild, PublicIdField, PublicIdViewSet, RecordSerializer, is_contact
from reports.models import ReportState, ValueReport

SHOWN_TO_CONTACTS = (ReportState.RELEASED_BY_CSM, ReportState.RELEASED_BY_CUSTOMER, ReportState.ISSUED)


class ReportSerializer(RecordSerializer):
    customer = PublicIdField()

    class Meta:
        model = ValueReport
        fields = read_only_fields = (
            "id", "customer", "period_start", "period_end", "language", "state", "content_hash", "frozen_at",
            "issued_at", "issued_without_customer", "created_at",
        )  # fmt: skip


class ReportViewSet(PublicIdViewSet):
    """Value reports. Contacts see those that were released to them."""

    serializer_class = ReportSerializer
    filterset_class = CustomerChild
    queryset = ValueReport.objects.none()

    def get_queryset(self) -> QuerySet[ValueReport]:
        reports = ValueReport.objects.filter(customer__in=customers_for(self.request.user)).select_related("customer")
        return reports.filter(state__in=SHOWN_TO_CONTACTS) if is_contact(self.request.user) else reports
