"""Exchange rates through the interface, for those who keep the numbers."""

import django_filters
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import KEEPS_NUMBERS
from accounts.records.api import Archived, RecordWrites, input_field
from accounts.rest.endpoints import RecordSerializer, described, verb
from accounts.rest.inputs import Input, NoInput
from accounts.rest.permissions import WRITERS
from accounts.revenue.kinds import RATES
from accounts.revenue.models import ExchangeRate
from accounts.revenue.queries import exchange_rates

EXAMPLE = {"currency": "USD", "valid_from": "2026-01-01", "rate": "0.92"}


class ExchangeRateFilter(Archived):
    currency = django_filters.CharFilter(label="three letters", max_length=3)


class ExchangeRateSerializer(RecordSerializer):
    class Meta:
        model = ExchangeRate
        fields = read_only_fields = ("id", *RATES.fields, "archived_at", "created_at")


class ExchangeRateInput(Input):
    ours = ("id", "archived_at", "created_at")
    currency = input_field(RATES.field("currency"))
    valid_from = input_field(RATES.field("valid_from"))
    rate = input_field(RATES.field("rate"))


class ExchangeRateViewSet(RecordWrites):
    """What one unit of a currency is worth in the reporting currency, from a day on."""

    queryset = ExchangeRate.objects.none()
    serializer_class = ExchangeRateSerializer
    filterset_class = ExchangeRateFilter
    record_kind = RATES
    writers = WRITERS | KEEPS_NUMBERS

    def get_queryset(self) -> QuerySet[ExchangeRate]:
        """Nothing for whoever does not keep the numbers."""
        return exchange_rates(self.request.user)

    @described(ExchangeRateInput, ExchangeRateSerializer, status=201, example=EXAMPLE)
    def create(self, request: Request) -> Response:
        """A new rate."""
        return self.make(ExchangeRateInput)

    @described(ExchangeRateInput, ExchangeRateSerializer, example={"rate": "0.93"})
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Change what is sent, leave the rest."""
        return self.change(ExchangeRateInput)

    @verb(NoInput, ExchangeRateSerializer)
    def archive(self, request: Request, public_id: str) -> Response:
        """Out of lists and figures. Twice is once."""
        return self.put_away()

    @verb(NoInput, ExchangeRateSerializer)
    def restore(self, request: Request, public_id: str) -> Response:
        """Back as it was."""
        return self.bring_back()
