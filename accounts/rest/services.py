"""Making and ending tokens, counting requests, forgetting old answers."""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from accounts.audit.services import record
from accounts.models import PortalAccess, User
from accounts.rest.models import ApiToken, KeptAnswer, Scope

MOST_TOKENS = 20
LIFETIMES = (30, 90, 365)
KEPT_FOR = timedelta(hours=24)
USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(
    user: User, *, key: UUID, name: str, scope: str, days: int, access: PortalAccess | None = None
) -> tuple[ApiToken, str]:
    """A token of the person's own and its secret, which nobody can read again.

    ``key`` makes two clicks one token. Raises ValidationError for a second click, too many live tokens, and a contact
    without ``access``.
    """
    if not user.is_colleague and access is None:
        raise ValidationError(_("Choose a company first: a token acts for one."))
    User.objects.select_for_update().get(pk=user.pk)
    if live_tokens(user).count() >= MOST_TOKENS:
        raise ValidationError(_("You have %(n)s tokens already. Revoke one first.") % {"n": MOST_TOKENS})
    scopes = [Scope.READ] if scope == Scope.READ else [Scope.READ, Scope.WRITE]
    digest, secret = get_digest_token()
    token = ApiToken(
        user=user, access=access, public_id=key, name=name, scopes=scopes, digest=digest,
        token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH], expiry=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(_("This form was used before. Please open it again.")) from None
    record("token.created", by=user, target=token, scopes=scopes, expires=f"{token.expiry:%Y-%m-%d}")
    return token, secret


def live_tokens(user: User) -> QuerySet[ApiToken]:
    live = Q(expiry__isnull=True) | Q(expiry__gt=timezone.now())
    return ApiToken.objects.filter(live, user=user, revoked_at__isnull=True)


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """Dead from the next request on. Revoked twice is revoked once."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        record("token.revoked", by=by, target=token, owner=token.user_id)


@transaction.atomic
def revoke_tokens_of(user: User, *, by: User) -> int:
    """End everything that acts for somebody who leaves; returns how many tokens that were."""
    tokens = list(live_tokens(user))
    for token in tokens:
        revoke_token(token, by=by)
    return len(tokens)


def note_use(token: ApiToken, now: datetime) -> None:
    """Once a minute is enough to see whether anybody still uses it."""
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def count_request(caller: str) -> tuple[int, int]:
    """How many requests the caller has made in this minute, this one included, and seconds until the next minute.

    One statement for all processes; the row is the caller's own, so nobody waits for anybody else.
    """
    minute, second = divmod(int(time.time()), 60)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rest_requestcount AS known (caller, minute, n) VALUES (%s, %s, 1)"
            " ON CONFLICT (caller) DO UPDATE SET minute = excluded.minute,"
            " n = CASE WHEN known.minute = excluded.minute THEN known.n + 1 ELSE 1 END RETURNING n",
            [caller, minute],
        )
        return int(cursor.fetchone()[0]), 60 - second


def forget_answers() -> int:
    """Answers under an idempotency key are kept for a day; returns how many went."""
    return KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]
