"""Secret links: 160 bits that only we can make again; the database keeps their hash.

A link of another room, purpose, row or generation is another secret; revoking one is the next generation.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from django.conf import settings

BYTES = 20


def secret(room: str, purpose: str, row: UUID, generation: int) -> str:
    """27 url-safe characters for the row; the same every time it is asked for."""
    key = hashlib.sha256(f"{room}:{settings.SECRET_KEY}".encode()).digest()
    digest = hmac.digest(key, f"{purpose}:{row}:{generation}".encode(), "sha256")
    return urlsafe_b64encode(digest[:BYTES]).decode().rstrip("=")


def fingerprint(token: str) -> str:
    """What the database keeps and looks up: nothing in it or in the time it takes tells the token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
