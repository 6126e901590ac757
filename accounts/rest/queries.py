"""Reads on tokens."""

from hmac import compare_digest

from django.db.models import QuerySet
from knox.crypto import hash_token
from knox.settings import CONSTANTS

from accounts.access import live_accesses
from accounts.models import PortalAccess, User
from accounts.rest.models import ApiToken


def token_of(secret: str) -> ApiToken | None:
    """The token with this secret, whatever its state, with its owner and access; one query."""
    digest = hash_token(secret)
    found = ApiToken.objects.filter(token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH]).select_related(
        "user", "access__contact__customer", "access__contact__user_group"
    )
    return next((token for token in found if compare_digest(digest, token.digest)), None)


def opens_door(access: PortalAccess, user: User) -> bool:
    """Whether a contact's access still is what it was when the token was made."""
    contact = access.contact
    here = contact.is_active and contact.archived_at is None and contact.customer.archived_at is None
    return here and access.revoked_at is None and contact.email.strip().lower() == user.email


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's tokens, newest first, revoked and expired ones too; one query."""
    return ApiToken.objects.filter(user=user).select_related("access__contact__customer")


def all_tokens() -> QuerySet[ApiToken]:
    """Everybody's tokens with their owners, newest first; one query."""
    return ApiToken.objects.select_related("user", "access__contact__customer")


def tokens_to_revoke(user: User) -> QuerySet[ApiToken]:
    """Those that the user may end: their own, an administrator everybody's."""
    return all_tokens() if user.role == "admin" else tokens_of(user)


def sole_access(user: User) -> PortalAccess | None:
    """A contact's only live access; None for several."""
    accesses = list(live_accesses(user).select_related("contact__customer")[:2])
    return accesses[0] if len(accesses) == 1 else None
