"""``GET /api/v1/metrics/``: the same questions and answers as the command (metrics.md, section 16)."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.access import customers_for, sees_whole_portfolio
from accounts.models import User
from kvi.catalog import LEVELS
from kvi.hidden import hides_others
from kvi.metric_exports import written
from kvi.metric_requests import Words, understand
from kvi.scorecard import MetricRequestError

FORMATS = ("json", "csv")
CONTENT_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


class OwnFormat(BaseContentNegotiation):
    """``?format=`` is this endpoint's own parameter, whatever the Accept header says."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class PeriodSerializer(serializers.Serializer[Any]):
    start = serializers.DateField()
    end = serializers.DateField(help_text="the first day after the period")


class ReadingSerializer(serializers.Serializer[Any]):
    """One metric of one subject. Numbers are exact decimal strings with at most ten places."""

    metric = serializers.CharField(help_text="code, or code:parameter")
    level = serializers.ChoiceField(choices=LEVELS)
    subject = serializers.CharField(allow_null=True, help_text="external id; null at portfolio")
    period = PeriodSerializer()
    value = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    interval = serializers.ListField(child=serializers.CharField(), allow_null=True, min_length=2, max_length=2)
    reason = serializers.CharField(allow_null=True, help_text="why value is null")
    variant = serializers.CharField()
    as_of = serializers.DateField()


class FilterSerializer(serializers.Serializer[Any]):
    owner = serializers.CharField()


class MetricsSerializer(serializers.Serializer[Any]):
    catalogue_version = serializers.IntegerField()
    reporting_currency = serializers.CharField()
    time_zone = serializers.CharField()
    results = ReadingSerializer(many=True)
    filter = FilterSerializer(required=False, help_text="present when the portfolio was narrowed")


def _text(name: str, description: str, **options: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=description, **options)


PARAMETERS = [
    OpenApiParameter("code", {"type": "array", "items": {"type": "string"}}, OpenApiParameter.QUERY,
                     description="metric code or code:parameter, repeated; default: every metric of the level"),
    _text("period", "YYYY-MM, YYYY, YYYY-Qn or D1..D2 (D2 no longer in it)", required=True),
    _text("level", "default portfolio", enum=LEVELS),
    _text("subject", "external id, or the segment's text; default: all of the level that you see"),
    _text("variant", "name of a variant, or all; default: the first"),
    _text("as_of", "YYYY-MM-DD: as known on that day; default: today"),
    _text("owner", "e-mail address or me: the portfolio of that person's customers"),
    _text("format", "default json", enum=FORMATS),
]  # fmt: skip


class MetricsView(APIView):
    """Metrics of a period by subject, exact, each with numerator, denominator, n and interval where it has them."""

    content_negotiation_class = OwnFormat

    @extend_schema(
        operation_id="metrics_list",
        parameters=PARAMETERS,
        responses={(200, "application/json"): MetricsSerializer, (200, "text/csv"): str},
    )
    def get(self, request: Request) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not user.is_colleague:
            raise exceptions.NotFound
        words = _words(request)
        visible = None if sees_whole_portfolio(user) else customers_for(user)
        try:
            if visible is not None and hides_others(words.level or "portfolio", words.subject, words.owner, visible):
                raise exceptions.PermissionDenied
            question = understand(words, formats=FORMATS, viewer=user, visible=visible)
        except MetricRequestError as error:
            raise _api_error(error) from error
        return HttpResponse(written(question), content_type=CONTENT_TYPES[question.format])


def _words(request: Request) -> Words:
    query = request.query_params
    names = (name for name in Words.__dataclass_fields__ if name != "codes")
    return Words(codes=query.getlist("code"), **{name: query.get(name) for name in names})


def _api_error(error: MetricRequestError) -> exceptions.APIException:
    if (error.code, error.attr) == ("unknown_subject", "subject"):
        return exceptions.NotFound()
    detail = exceptions.ErrorDetail(error.detail, error.code)
    return exceptions.ValidationError({error.attr: [detail]} if error.attr else [detail])
