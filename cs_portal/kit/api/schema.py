"""How the OpenAPI file is made of the endpoints: short operation ids, every error in the one shape, headers."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from cs_portal.kit.api.errors import ErrorSerializer

EVERYWHERE = ("401", "403", "404", "405", "406", "429", "500")
OF_WRITES = ("409", "412", "415")
WORDS = {"list": "list", "retrieve": "retrieve", "partial_update": "update", "create": "create"}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Sent again with the same body, the first answer is given again; kept for 24 hours.",
)  # fmt: skip
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="ETag of the version you decided on; 412 when it has changed."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="ETag of what you have; 304 when it is still that."
)


class Schema(AutoSchema):
    def get_operation_id(self) -> str:
        """``goals_list``, ``goals_achieve``: the first word of the path and what is done."""
        resource = self.path.removeprefix("/api/v1/").split("/")[0]
        action = getattr(self.view, "action", None) or self.method.lower()
        return f"{resource.replace('-', '_')}_{WORDS.get(action, action)}"

    def get_override_parameters(self) -> list[OpenApiParameter]:
        one = getattr(self.view, "detail", False)
        if self.method == "GET":
            return [IF_NONE_MATCH] if one else []
        writes = [IDEMPOTENCY_KEY] if self.method == "POST" else []
        return writes + ([IF_MATCH] if one else [])

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction=direction)
        if direction != "response":
            return bodies
        if self.method == "GET" and getattr(self.view, "detail", False):
            bodies["304"] = {"description": "still what you have"}
        for status in self._errors():
            bodies.setdefault(status, self._get_response_for_code(ErrorSerializer, status))
        return dict(sorted(bodies.items()))

    def _errors(self) -> tuple[str, ...]:
        errors = ("400", *EVERYWHERE)
        if self.method == "GET":
            return errors
        return errors + OF_WRITES + (("422",) if self.method == "POST" else ())
