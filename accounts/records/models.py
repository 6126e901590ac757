"""Fields that a workspace adds to its customers and contacts; their values are texts in the row's ``custom``."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.records import Archivable, LiveRows, Public, Timed


class CustomField(Public, Timed, Archivable):
    """``key`` stands in files as ``x_<key>`` and never changes; neither do subject and kind."""

    class Subject(models.TextChoices):
        CUSTOMER = "customer", _("Customers")
        CONTACT = "contact", _("Contacts")

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choice")

    subject = models.CharField(_("belongs to"), max_length=10, choices=Subject.choices)
    key = models.CharField(
        _("short name"),
        max_length=40,
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z", _("Only small letters, digits and _, a letter first."))],
        help_text=_("Stands in files as x_… and never changes."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    label_en = models.CharField(_("name in English"), max_length=80)
    label_de = models.CharField(_("name in German"), max_length=80)
    choices = ArrayField(models.CharField(max_length=100), blank=True, default=list)

    objects = LiveRows()
    everything = models.Manager()

    class Meta:
        ordering = ("subject", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subject", "key"],
                name="custom_field_key_once",
                violation_error_code="key",
                violation_error_message=_("This short name is taken, perhaps by an archived field."),
            ),
        ]

    def __str__(self) -> str:
        return self.label_de if (get_language() or "en").startswith("de") else self.label_en

    @property
    def column(self) -> str:
        """Its name in files and forms."""
        return f"x_{self.key}"
