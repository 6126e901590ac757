"""The Key Value Indicator, its versions, and who signed which of them."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.integrations.models import LoadRun
from accounts.models import Contact
from cs_portal.kit.folding import folded
from cs_portal.kit.guards import append_only, never_truncated
from cs_portal.kit.records import Public, Record, Timed, exact_decimal, flag, long_text, optional_text

from .goals import Goal


class Indicator(Record):
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="indicators")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner on our side"),
    )
    customer_owner = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner on the customer's side"),
    )

    class Meta:
        ordering = ("goal", "pk")

    def __str__(self) -> str:
        return self.external_id

    def get_absolute_url(self) -> str:
        return reverse("kvi:indicator", args=[self.public_id])


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    COUNTERED = "countered", _("Countered")
    AGREED = "agreed", _("Agreed")
    SUPERSEDED = "superseded", _("Superseded")
    RETIRED = "retired", _("Retired")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Side(models.TextChoices):
    STAFF = "staff", _("Customer success")
    CUSTOMER = "customer", _("Customer")


class Provenance(models.TextChoices):
    PORTAL = "portal", _("Signed in the portal")
    RECORDED = "recorded", _("Agreed outside, recorded here")
    IMPORTED = "imported", _("Agreed outside, imported")


# The definition: what is hashed, signed and from then on never changed.
DEFINITION_FIELDS = (
    "name",
    "question",
    "texts",
    "kind",
    "direction",
    "unit",
    "baseline",
    "baseline_date",
    "target",
    "due_date",
    "range_low",
    "range_high",
    "tolerance_outside",
    "levels",
    "level_scores",
    "path",
    "path_points",
    "path_tolerance",
    "cadence",
    "grace_days",
    "weight",
    "value_kind",
    "value_factor_conservative",
    "value_factor_expected",
    "value_currency",
    "valid_from",
    "valid_from_last_signature",
)


def _name_in(language: str) -> Coalesce:
    return Coalesce(KeyTextTransform("name", KeyTextTransform(language, "texts")), Value(""))


NAMES = ("name", _name_in("de"), _name_in("en"))


def _definition_changes() -> pgtrigger.Q:
    changed = pgtrigger.Q()
    for name in (*DEFINITION_FIELDS, "agreed_on", "content_hash", "indicator_id", "number", "provenance"):
        changed |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    return pgtrigger.Q(old__agreed_on__isnull=False) & changed


class IndicatorVersion(Public, Timed):
    """One definition of the indicator; ``number`` is the contract's ``version``.

    Quantities are in ``unit``. ``valid_from`` empty means the day of the last signature, which fills it.
    """

    class Kind(models.TextChoices):
        QUANTITATIVE = "quantitative", _("A number")
        QUALITATIVE = "qualitative", _("Levels in words")

    class Direction(models.TextChoices):
        INCREASE = "increase", _("should rise")
        DECREASE = "decrease", _("should fall")
        MAINTAIN = "maintain", _("should stay in a range")

    class Path(models.TextChoices):
        LINEAR = "linear", _("Straight line")
        STEPPED = "stepped", _("Steps")

    class Cadence(models.TextChoices):
        WEEKLY = "weekly", _("Weekly")
        MONTHLY = "monthly", _("Monthly")
        QUARTERLY = "quarterly", _("Quarterly")
        HALF_YEARLY = "half_yearly", _("Half-yearly")
        YEARLY = "yearly", _("Yearly")

    class ValueKind(models.TextChoices):
        RATE_MONTH = "rate_month", _("per unit and month")
        RATE_YEAR = "rate_year", _("per unit and year")
        ONE_OFF = "one_off", _("once per unit")

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=VersionState.choices, default=VersionState.DRAFT, db_default=VersionState.DRAFT
    )

    name = models.CharField(_("name"), max_length=255)
    question = long_text()
    texts = models.JSONField(
        default=dict, db_default={}, blank=True, help_text='{"de": {"name", "question"}, "en": {...}}'
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.QUANTITATIVE)
    direction = optional_text(10, choices=Direction.choices, verbose_name=_("direction"))
    unit = optional_text(verbose_name=_("unit"))
    baseline = exact_decimal(null=True, blank=True, verbose_name=_("baseline"))
    baseline_date = models.DateField(_("baseline date"), null=True, blank=True)
    target = exact_decimal(null=True, blank=True, verbose_name=_("target"))
    due_date = models.DateField(_("due date"), null=True, blank=True)
    range_low = exact_decimal(null=True, blank=True, verbose_name=_("range from"))
    range_high = exact_decimal(null=True, blank=True, verbose_name=_("range to"))
    tolerance_outside = exact_decimal(null=True, blank=True, verbose_name=_("tolerance outside the range"))
    levels = ArrayField(models.TextField(), null=True, blank=True, verbose_name=_("levels"))
    level_scores = ArrayField(exact_decimal(), null=True, blank=True, verbose_name=_("level scores"))
    path = models.CharField(_("path"), max_length=7, choices=Path.choices, default=Path.LINEAR, db_default=Path.LINEAR)
    path_points = models.JSONField(null=True, blank=True, help_text='[["2025-03-31", "0.25"], ...], dates rising')
    path_tolerance = exact_decimal(null=True, blank=True, verbose_name=_("path tolerance"))
    cadence = models.CharField(
        _("measured"), max_length=12, choices=Cadence.choices, default=Cadence.MONTHLY, db_default=Cadence.MONTHLY
    )
    grace_days = models.IntegerField(_("days of grace"), null=True, blank=True)
    weight = exact_decimal(default=1, db_default=1, verbose_name=_("weight"))
    value_kind = optional_text(10, choices=ValueKind.choices, verbose_name=_("worth"))
    value_factor_conservative = exact_decimal(null=True, blank=True, verbose_name=_("conservative factor"))
    value_factor_expected = exact_decimal(null=True, blank=True, verbose_name=_("expected factor"))
    value_currency = optional_text(3, verbose_name=_("currency"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_from_last_signature = flag()

    agreed_on = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    content_hash = optional_text(64)
    provenance = optional_text(10, choices=Provenance.choices)
    load_run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by_side = optional_text(10, choices=Side.choices)
    proposed_to = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    counters = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="countered_by")
    note = long_text()

    class Meta:
        ordering = ("indicator", "number")
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(OpClass(folded(*NAMES), name="gin_trgm_ops"), name="indicator_version_by_words"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(state="proposed"), name="one_open_proposal_per_indicator"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="indicator_weight_is_positive"),
            models.CheckConstraint(
                condition=Q(due_date__isnull=True) | Q(baseline_date__isnull=True) | Q(due_date__gt=F("baseline_date")),
                name="indicator_due_after_baseline",
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True) | Q(valid_from__isnull=False), name="agreed_version_has_a_first_day"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="agreed_version_unchanged", operation=pgtrigger.Update, condition=_definition_changes()
            ),
            pgtrigger.Protect(
                name="agreed_version_undeleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__agreed_on__isnull=False),
            ),
            never_truncated("version"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    def text(self, field: str, language: str) -> str:
        """``name`` or ``question`` in the language, otherwise as first written."""
        return self.texts.get(language, {}).get(field) or getattr(self, field)


class Agreement(Public):
    """A signature of one side over the hash of a version. Given in the portal, or recorded as given outside."""

    version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT, related_name="agreements")
    side = models.CharField(max_length=10, choices=Side.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()
    language = models.CharField(max_length=2, help_text="the language the definition was read in")
    content_hash = models.CharField(max_length=64)
    provenance = models.CharField(max_length=10, choices=Provenance.choices, default=Provenance.PORTAL)
    evidence = long_text()

    class Meta:
        ordering = ("signed_at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "side"], name="one_agreement_per_version_and_side"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("agreement")

    def __str__(self) -> str:
        return f"{self.side} {self.version_id}"
