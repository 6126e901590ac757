"""What the REST interface remembers: tokens, answers given under an idempotency key, and how often somebody asked."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from accounts.models import PortalAccess
from cs_portal.kit.records import Public


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ApiToken(Public, AbstractAuthToken):
    """The digest of a secret that its owner saw once. A contact's token acts for one company: that of ``access``."""

    digest = models.CharField(max_length=128, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    access = models.ForeignKey(PortalAccess, on_delete=models.PROTECT, null=True, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gt=0), name="token_has_known_scopes"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def beginning(self) -> str:
        """Enough to tell tokens apart, far too little to use one."""
        return str(self.token_key)[:8]

    @property
    def may_write(self) -> bool:
        return Scope.WRITE in self.scopes

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expiry is None or self.expiry > now)


class KeptAnswer(models.Model):
    """What was answered to a caller's request with an Idempotency-Key; the row is the claim to do it once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_caller_and_key"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.status}"


class RequestCount(models.Model):
    """How often a caller asked in the running minute. Not logged: after a crash everybody starts at 0."""

    caller = models.CharField(max_length=40, unique=True)
    minute = models.BigIntegerField()
    n = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller} {self.n}"
