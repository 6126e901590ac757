"""Abstract bases of our records: what every row that people see or load carries."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)  # as the import contract allows
FIRST_MOMENT, LAST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
OUT_OF_RANGE = _("Please enter a day between 1970 and 2199.")
NEGATIVE = _("This cannot be below 0.")


def new_external_id() -> str:
    """Records made in the application get a UUID as external_id (metrics.md, section 15 rule 11)."""
    return str(uuid.uuid4())


class Timed(models.Model):
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Public(models.Model):
    """Named in URLs by an id that says nothing about how many rows there are."""

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)

    class Meta:
        abstract = True


class Record(Public, Timed):
    """A row of the import contract: its key is the external_id."""

    external_id = models.CharField(max_length=100, unique=True, default=new_external_id)

    class Meta:
        abstract = True


class LiveRows(models.Manager[Any]):
    """Without those that are archived."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(archived_at__isnull=True)


class Archivable(models.Model):
    """Archived instead of deleted: gone from lists, brought back as it was."""

    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class LiveRecord(Record, Archivable):
    """``objects`` and related managers know the live rows only; foreign keys and ``everything`` know all."""

    objects = LiveRows()
    everything = models.Manager()  # noqa: DJ012 - the default manager comes first

    class Meta:
        abstract = True


def exact_decimal(**options: object) -> models.DecimalField:
    """The contract's ``dec``: at most 18 digits before the point and 10 after it."""
    return models.DecimalField(max_digits=28, decimal_places=10, **options)  # type: ignore[arg-type]


def optional_text(max_length: int = 255, **options: object) -> models.CharField:
    return models.CharField(max_length=max_length, blank=True, default="", db_default="", **options)  # type: ignore[arg-type]


def long_text(**options: Any) -> models.TextField:
    return models.TextField(blank=True, default="", db_default="", max_length=10_000, **options)


def flag(*, default: bool = False, **options: Any) -> models.BooleanField:
    return models.BooleanField(default=default, db_default=default, **options)


def day(**options: Any) -> models.DateField:
    bounds = [MinValueValidator(FIRST_DAY, OUT_OF_RANGE), MaxValueValidator(LAST_DAY, OUT_OF_RANGE)]
    return models.DateField(validators=bounds, **options)


def moment(**options: Any) -> models.DateTimeField:
    bounds = [MinValueValidator(FIRST_MOMENT, OUT_OF_RANGE), MaxValueValidator(LAST_MOMENT, OUT_OF_RANGE)]
    return models.DateTimeField(validators=bounds, **options)


def not_negative() -> list[Any]:
    return [MinValueValidator(0, NEGATIVE)]
