"""What people change about themselves."""

from django.db import transaction

from accounts.audit.services import record
from accounts.models import User


@transaction.atomic
def update_profile(user: User, *, name: str, language: str, time_zone: str) -> User:
    """The person's own name, language and time zone (empty: the workspace's)."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
    record("profile.changed", by=user, target=user)
    return user
