"""Merging through the interface: what it would do, and doing it, by the same service as the page."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from accounts.records.merging import Preview, merge, merge_preview
from accounts.rest.endpoints import Endpoint
from accounts.rest.fields import Reference
from accounts.rest.inputs import Input


class MergeInput(Input):
    other = Reference("mergeable", help_text="the record that is merged into this one")


class MovingSerializer(serializers.Serializer[Any]):
    record = serializers.CharField(source="label")
    moves = serializers.IntegerField()
    stays = serializers.IntegerField(help_text="frozen, or a twin of what the kept record has")


class TakenSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    value = serializers.CharField()


class DifferingSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    kept = serializers.CharField()
    dropped = serializers.CharField()


class MergePreviewSerializer(serializers.Serializer[Any]):
    """Names of records and fields are in the caller's language. ``refusals`` say why it cannot be done."""

    follows = MovingSerializer(many=True)
    taken = TakenSerializer(many=True)
    differing = DifferingSerializer(many=True)
    contradictions = serializers.ListField(child=serializers.CharField())
    portal_accesses = serializers.IntegerField()
    refusals = serializers.ListField(child=serializers.CharField())
    can_be_undone = serializers.BooleanField()


class MergesRecords(Endpoint):
    """An endpoint whose records can become one; ``mergeable`` are those that the caller may merge into this one."""

    def previewed(self) -> Response:
        kept = self.to_change()
        return Response(MergePreviewSerializer(_told(merge_preview(kept, self.body(MergeInput)["other"]))).data)

    def merged(self) -> Response:
        kept = self.to_change()
        return self.changed(merge(kept, self.body(MergeInput)["other"], by=self.request.user))


def _told(preview: Preview) -> dict[str, Any]:
    return {
        "follows": preview.parts,
        "taken": [{"field": field, "value": value} for field, value in preview.filled],
        "differing": [{"field": field, "kept": own, "dropped": given} for field, own, given in preview.differs],
        "contradictions": preview.contradictions,
        "portal_accesses": preview.portal,
        "refusals": preview.refusals,
        "can_be_undone": False,  # docs/decisions/0018
    }
