"""Secret links of invitations to a survey."""

from uuid import UUID

from cs_portal.kit import tokens
from cs_portal.kit.tokens import fingerprint

SURVEY = "survey"
UNSUBSCRIBE = "unsubscribe"

__all__ = ["SURVEY", "UNSUBSCRIBE", "fingerprint", "secret"]


def secret(purpose: str, row: UUID, generation: int) -> str:
    return tokens.secret("cs_portal.surveys.tokens", purpose, row, generation)
