"""A colleague's way in: one link, good once and for a week."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cs_portal.kit.records import Public, Timed
from cs_portal.kit.tokens import fingerprint, secret

GOOD_FOR = timedelta(days=7)


class StaffInvitation(Public, Timed):
    """The link is made of ``public_id`` when the mail is sent; the database keeps only its hash."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_staff_invitation_per_user",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.user_id}"

    @property
    def token(self) -> str:
        return secret("cs_portal.accounts.invitations", "staff", self.public_id, 1)

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    def save(self, *args: object, **kwargs: object) -> None:
        self.expires_at = self.expires_at or timezone.now() + GOOD_FOR
        self.token_hash = self.token_hash or fingerprint(self.token)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
