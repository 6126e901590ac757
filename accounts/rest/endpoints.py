"""The base of every endpoint: the gate, the caller's side, one transaction a write, ETags, done once."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Viewer, customers_for, portal_access, writable_customers_for
from accounts.models import Customer, PortalAccess, Role, User
from accounts.rest.fields import PlainDecimal
from accounts.rest.idempotency import once
from accounts.rest.inputs import Input, NoInput
from accounts.rest.models import ApiToken
from accounts.rest.permissions import WRITERS, InScope, Writes
from cs_portal.kit.again import once_more
from cs_portal.kit.api.etags import etag_of, is_known, require_match


def is_contact(user: Viewer) -> bool:
    return isinstance(user, User) and user.role == Role.CONTACT


class RecordSerializer(serializers.ModelSerializer[Any]):
    """Every row is known by its public id; decimals are plain strings."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DecimalField: PlainDecimal
    }
    id = serializers.UUIDField(source="public_id", read_only=True)

    def get_fields(self) -> dict[str, Any]:
        """DRF forgets that a choice may be empty when it is only read; the schema has to say so."""
        fields: dict[str, Any] = super().get_fields()
        for name, field in fields.items():
            if isinstance(field, serializers.ChoiceField):
                field.allow_blank = self.Meta.model._meta.get_field(field.source or name).blank  # type: ignore[attr-defined]
        return fields


class CustomerChild(django_filters.FilterSet):
    """``?customer=<public id>``; somebody else's finds nothing."""

    customer = django_filters.UUIDFilter(field_name="customer__public_id", label="public id of the customer")


class Endpoint(viewsets.GenericViewSet):  # type: ignore[type-arg]
    """Records by public id. ``portal_serializer_class`` is what contacts get: no internal fields.

    ``customer_of`` names the way from a record to its customer; ``api_names`` the fields that services call otherwise.
    """

    http_method_names = ("get", "head", "post", "put", "patch")
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    permission_classes = (IsAuthenticated, InScope, Writes)
    writers: frozenset[str] = WRITERS
    portal_serializer_class: type[serializers.Serializer[Any]] | None = None
    customer_of: tuple[str, ...] = ("customer",)
    api_names: dict[str, str] = {}
    request: Request

    # --- who asks -----------------------------------------------------------------------------------

    @cached_property
    def access(self) -> PortalAccess | None:
        """The portal access that a contact acts with: the token's, or that of the session."""
        token = self.request.auth
        return token.access if isinstance(token, ApiToken) else portal_access(self.request._request)

    def customers(self) -> QuerySet[Customer]:
        """The customers that exist for the caller; for a contact the one they act for."""
        if not is_contact(self.request.user):
            return customers_for(self.request.user)
        return Customer.objects.filter(pk=self.access.contact.customer_id if self.access else None)

    # --- reading ------------------------------------------------------------------------------------

    def get_serializer_class(self) -> type[serializers.Serializer[Any]]:
        if self.portal_serializer_class is not None and is_contact(self.request.user):
            return self.portal_serializer_class
        return super().get_serializer_class()

    def shown(self, record: Model) -> Response:
        """The record as it is now, with its ETag."""
        data = self.get_serializer(record).data
        return Response(data, headers={"ETag": etag_of(data)})

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, public_id: Any) -> HttpResponse:
        answer = self.shown(self.get_object())
        if not is_known(request, answer["ETag"]):
            return answer
        return HttpResponseNotModified(headers={"ETag": answer["ETag"]})

    def finalize_response(self, request: Request, response: HttpResponse, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nobody's cache but the caller's own, and that asks again each time."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-cache")
        return response

    # --- writing ------------------------------------------------------------------------------------

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        name = str(request.method).lower()
        if request.method not in SAFE_METHODS and hasattr(self, name):
            setattr(self, name, partial(self._atomically, getattr(self, name)))

    def _atomically(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Any:
        act = partial(handler, request, *args, **kwargs)

        @transaction.atomic
        def written() -> Any:
            return once(request, request.user, act) if request.method == "POST" else act()

        return once_more(written)

    def to_change(self) -> Any:
        """The record that the path names, which the caller may change: 404, 403, 412 in this order.

        A decision on a version that the caller names (If-Match) holds the record until it is written.
        """
        record = self.get_object()
        self.require_right(record)
        if "If-Match" in self.request.headers:
            self.get_queryset().model.objects.select_for_update().get(pk=record.pk)
            record = self.get_object()
            require_match(self.request, self.shown(record)["ETag"])
        return record

    def require_right(self, record: Model) -> None:
        """Colleagues write for the customers that are theirs; contacts where the endpoint lets them (403)."""
        if not is_contact(self.request.user):
            self.require_write(self.customer_behind(record))
        elif not self.lets_contacts():
            raise PermissionDenied

    def lets_contacts(self) -> bool:
        return False

    def refuse_contacts(self) -> None:
        if is_contact(self.request.user):
            raise PermissionDenied

    def customer_behind(self, record: Any) -> Customer:
        for name in self.customer_of:
            record = getattr(record, name)
        return record

    def require_write(self, customer: Customer) -> None:
        if not writable_customers_for(self.request.user).filter(pk=customer.pk).exists():
            raise PermissionDenied

    def body(self, form: type[Input], **options: Any) -> dict[str, Any]:
        """What was sent, checked; raises ValidationError by field."""
        given = form(data=self.request.data, context=self.get_serializer_context(), **options)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def changed(self, record: Model) -> Response:
        """The record after a write."""
        return self.shown(self.get_queryset().get(pk=record.pk))

    def created(self, record: Model) -> Response:
        answer = self.changed(record)
        answer.status_code = 201
        answer["Location"] = reverse(f"{self.basename}-detail", args=[record.public_id])  # type: ignore[attr-defined]
        return answer


def described(form: type[Input] | None, shows: Any, *, status: int = 200, example: Any = None) -> Any:
    """How a write stands in the OpenAPI file: what it takes, with an example, and what it answers."""
    examples = [OpenApiExample("Example", value=example, request_only=True)] if example else []
    return extend_schema(request=form, responses={status: shows}, examples=examples)


def verb(form: type[Input], shows: Any, *, path: str = "", example: Any = None) -> Any:
    """``POST <record>/<path>/``; by default the path is the handler's name."""

    def decorate(handler: Callable[..., Response]) -> Any:
        request = None if form is NoInput else form
        route = action(detail=True, methods=["post"], url_path=path or handler.__name__.replace("_", "-"))
        return described(request, shows, example=example)(route(handler))  # the route drops a description below it

    return decorate
