"""That a fact has changed. Written by the database itself, so that no way of writing can forget it."""

from django.db import models


class FactChange(models.Model):
    """A row for every statement that has changed a table of facts (kvi.changes)."""

    id = models.BigAutoField(primary_key=True)

    def __str__(self) -> str:
        return str(self.pk)
