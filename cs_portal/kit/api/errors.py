"""One error shape for everything below /api/: ``{"type", "errors": [{"code", "detail", "attr"}]}``."""

from typing import Any

from django.core import exceptions as django_errors
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions, serializers, status

STATES_MOVED_ON = ("not_open", "not_now", "too_early", "retired", "disputed", "not_disputed")
UNREADABLE = (
    django_errors.SuspiciousOperation, django_errors.BadRequest, MultiPartParserError, UnreadablePostError,
)  # fmt: skip

DATABASE_AWAY = (OperationalError, InterfaceError)  # restarting, full, out of connections, or giving up a deadlock
COME_BACK = 10  # seconds


class Unavailable(exceptions.APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = gettext_lazy("The database does not answer. Please try again in a few seconds.")
    wait = COME_BACK  # becomes Retry-After


class Conflict(exceptions.APIException):
    """The record is not in a state that allows this (any more)."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class PreconditionFailed(exceptions.APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"
    default_detail = gettext_lazy("Somebody has changed this in the meantime. Read it again and decide anew.")


class KeyReused(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = gettext_lazy("This Idempotency-Key was used for another request.")


class ErrorDetailSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="stable word for programs")
    detail = serializers.CharField(help_text="sentence for people, in the caller's language")
    attr = serializers.CharField(
        allow_null=True, help_text="field of the body, query parameter or header that is wrong"
    )


class ErrorSerializer(serializers.Serializer[Any]):
    """The answer to everything that was refused."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = ErrorDetailSerializer(many=True)


class Handler(ExceptionHandler):
    """What services and Django refuse becomes an answer; only what nobody expected is a 500."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, django_errors.ValidationError):
            return _refused(exc, self.context["view"])
        if isinstance(exc, UNREADABLE):
            return exceptions.ParseError(_("The body cannot be read."))
        if isinstance(exc, DATABASE_AWAY):
            return Unavailable()
        return super().convert_known_exceptions(exc)


def _refused(error: django_errors.ValidationError, view: Any) -> exceptions.APIException:
    """A service's refusal: at its field (400), or as a state that does not allow it (409)."""
    if hasattr(error, "error_dict"):
        names = getattr(view, "api_names", {})
        return exceptions.ValidationError(
            {names.get(name, name): _details(errors) for name, errors in error.error_dict.items()}
        )
    if error.error_list[0].code in STATES_MOVED_ON:
        return Conflict(" ".join(error.messages), error.error_list[0].code)
    return exceptions.ValidationError(_details(error.error_list))


def _details(errors: list[django_errors.ValidationError]) -> list[exceptions.ErrorDetail]:
    return [exceptions.ErrorDetail(text, one.code or "invalid") for one in errors for text in one.messages]


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def plain_error(status_code: int, code: str, detail: str) -> JsonResponse:
    """The same shape for what fails before an endpoint is found, and for what fails in finding it."""
    kind = "server_error" if status_code >= 500 else "client_error"
    body = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}
    return JsonResponse(body, status=status_code)
