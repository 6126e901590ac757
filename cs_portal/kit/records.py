"""Abstract bases of our records: what every row that people see or load carries."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


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


def exact_decimal(**options: object) -> models.DecimalField:
    """The contract's ``dec``: at most 18 digits before the point and 10 after it."""
    return models.DecimalField(max_digits=28, decimal_places=10, **options)  # type: ignore[arg-type]


def optional_text(max_length: int = 255, **options: object) -> models.CharField:
    return models.CharField(max_length=max_length, blank=True, default="", db_default="", **options)  # type: ignore[arg-type]


def long_text() -> models.TextField:
    return models.TextField(blank=True, default="", db_default="", max_length=10_000)


def flag(*, default: bool = False) -> models.BooleanField:
    return models.BooleanField(default=default, db_default=default)
