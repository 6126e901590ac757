"""Files of records: listed, added, downloaded, archived and brought back as on the pages."""

from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_orjson_renderer.renderers import ORJSONRenderer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.attachments import services
from accounts.attachments.models import Attachment
from accounts.attachments.queries import attachments_for, may_archive, portal_attachments
from accounts.attachments.views import sent
from accounts.comments.queries import Thread, found_thread
from accounts.comments.registry import SUBJECTS
from accounts.records.api import RecordFilter
from accounts.rest.endpoints import Endpoint, RecordSerializer, is_contact, verb
from accounts.rest.fields import PublicIdField
from accounts.rest.inputs import Input, NoInput
from cs_portal.kit.api.errors import Conflict

KINDS = sorted(SUBJECTS)


class AttachmentSerializer(RecordSerializer):
    customer = PublicIdField()
    kind = serializers.ChoiceField(choices=KINDS, read_only=True)
    shared = serializers.BooleanField(source="is_shared", read_only=True)
    media_type = serializers.CharField(source="file_type.media_type", read_only=True)
    sha256 = serializers.CharField(source="digest", read_only=True)

    class Meta:
        model = Attachment
        fields = read_only_fields = (
            "id", "customer", "kind", "record", "name", "media_type", "size", "sha256", "shared", "created_at",
            "archived_at",
        )  # fmt: skip


class AttachmentInput(Input):
    """A form (``multipart/form-data``), since a file is no JSON."""

    ours = ("id", "customer", "name", "media_type", "size", "sha256", "created_at", "archived_at")

    kind = serializers.ChoiceField(choices=KINDS)
    record = serializers.UUIDField(help_text="public id of the record it belongs to")
    shared = serializers.BooleanField(default=False, help_text="the customer's contacts see it too")
    file = serializers.FileField(allow_empty_file=True, max_length=1_000)


class AttachmentFilter(RecordFilter):
    class Meta:
        model = Attachment
        fields = ("kind", "record")


class Bytes(ORJSONRenderer):
    """For callers who accept only what a download is; a refusal is still JSON."""

    media_type = "application/octet-stream"
    format = "bytes"


class AttachmentViewSet(Endpoint):
    """Files of customers, goals, indicators, measurements, follow-ups and reports. Contacts find the shared ones."""

    serializer_class = AttachmentSerializer
    filterset_class = AttachmentFilter
    queryset = Attachment.objects.none()
    api_names = {"files": "file"}

    def get_queryset(self) -> QuerySet[Attachment]:
        if not is_contact(self.request.user):
            return attachments_for(self.request.user)
        return portal_attachments(self.access) if self.access is not None else Attachment.objects.none()

    def get_parsers(self) -> list[Any]:
        return [MultiPartParser()] if self.action_map.get("post") == "create" else super().get_parsers()

    def require_right(self, record: Model) -> None:
        """Whoever added it, and who writes for the customer."""
        if not may_archive(record, self.request.user, self.access):  # type: ignore[arg-type]
            raise PermissionDenied

    @extend_schema(request={"multipart/form-data": AttachmentInput}, responses={201: AttachmentSerializer})
    def create(self, request: Request) -> Response:
        """Add a file. Its type is told by its content; a picture is stored without its metadata."""
        given = self.body(AttachmentInput)
        thread = self._thread(given["kind"], given["record"])
        only = {"key": uuid4(), "by": request.user, "shared": given["shared"] and thread.access is None}
        (added,) = services.add_attachments(thread, [given["file"]], **only)
        return self.created(added)

    def _thread(self, kind: str, record: Any) -> Thread:
        thread = found_thread(kind, record, self.request.user, self.access)
        if thread is None:
            wrong = ErrorDetail(_("There is no such record."), "does_not_exist")
            raise ValidationError({"record": [wrong]})
        return thread

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[ORJSONRenderer, Bytes])
    def content(self, request: Request, public_id: str) -> HttpResponse:
        """The file itself, to be saved."""
        attachment = self.get_object()
        try:
            with services.hand_out(attachment, by=request.user) as content:
                return sent(attachment, BytesIO(content.read()), Bytes.media_type)
        except OSError:
            raise Conflict(_("The content is missing on the server."), "content_missing") from None

    @verb(NoInput, AttachmentSerializer)
    def archive(self, request: Request, public_id: str) -> Response:
        """Out of sight on both sides; it can be brought back."""
        return self._put(services.archive_attachment)

    @verb(NoInput, AttachmentSerializer)
    def restore(self, request: Request, public_id: str) -> Response:
        """Back as it was."""
        return self._put(services.restore_attachment)

    def _put(self, service: Any) -> Response:
        attachment = self.to_change()
        self.body(NoInput)
        return self.changed(service(attachment, by=self.request.user, access=self.access))
