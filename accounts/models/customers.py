"""The companies we serve, the people there, and who of them may enter the portal."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.folding import folded, unmarked
from cs_portal.kit.records import Archivable, LiveRecord, Public, Record, Timed, flag, not_negative, optional_text
from cs_portal.kit.records import day as calendar_day


def sort_key(field: str) -> models.GeneratedField:
    """Case-folded with umlauts as in DIN 5007-1, so that every list sorts alike."""
    return models.GeneratedField(
        expression=unmarked(field), output_field=models.CharField(max_length=600), db_persist=True
    )


class Phase(models.TextChoices):
    ONBOARDING = "onboarding", _("Onboarding")
    RETENTION = "retention", _("Retention")
    EXPANSION = "expansion", _("Expansion")


class Customer(Record, Archivable):
    """Archiving one hides it and changes no figure; what was merged into another counts nowhere any more."""

    name = models.CharField(_("name"), max_length=255)
    sort_name = sort_key("name")
    segment = optional_text(verbose_name=_("segment"))
    phase = optional_text(10, choices=Phase.choices, verbose_name=_("journey phase"))
    industry = optional_text(verbose_name=_("industry"))
    country = optional_text(verbose_name=_("country"))
    language = optional_text(verbose_name=_("language"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("owner"),
    )
    owner_text = optional_text()
    acquisition_channel = optional_text(verbose_name=_("acquisition channel"))
    onboarding_start = calendar_day(verbose_name=_("start of the onboarding"), null=True, blank=True)
    billing_overdue_days = models.IntegerField(
        _("days a bill is overdue"), null=True, blank=True, validators=not_negative()
    )
    billing_as_of = calendar_day(verbose_name=_("bills as of"), null=True, blank=True)
    is_test = flag(verbose_name=_("test customer"))
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_customers"
    )
    custom = models.JSONField(default=dict, db_default={}, blank=True, editable=False)  # accounts.records: texts by key

    class Meta:
        ordering = ("sort_name", "pk")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sort_name", "id"], name="customer_by_name"),
            models.Index(fields=["segment"], name="customer_by_segment"),
            GinIndex(OpClass(folded("name"), name="gin_trgm_ops"), name="customer_by_words"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(billing_overdue_days__isnull=True) | Q(billing_as_of__isnull=False),
                name="customer_overdue_days_have_a_date",
                violation_error_code="billing_as_of",
                violation_error_message=_("Overdue days need the day on which they were true."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("dashboards:customer", args=[self.public_id])


class UserGroup(LiveRecord):
    """Bearer of individual goals."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="user_groups")
    name = models.CharField(_("name"), max_length=255)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Contact(LiveRecord):
    """A person at a customer. The imported role decides nothing about signing: PortalAccess does."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    user_group = models.ForeignKey(
        UserGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("user group"),
    )
    name = optional_text(verbose_name=_("name"))
    email = optional_text(verbose_name=_("e-mail address"))
    language = optional_text(verbose_name=_("language"))
    role = optional_text(verbose_name=_("role"))
    is_active = flag(default=True, verbose_name=_("still at the company"))
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_contacts"
    )
    custom = models.JSONField(default=dict, db_default={}, blank=True, editable=False)

    class Meta:
        ordering = ("name", "pk")
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(OpClass(folded("name", "email"), name="gin_trgm_ops"), name="contact_by_words"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(_("Unnamed contact"))

    def clean(self) -> None:
        if self.email and self.email.count("@") != 1:
            raise ValidationError({"email": _("An e-mail address contains exactly one @.")})

    def get_role_display(self) -> str:
        """The role as it was given; in the reader's language where it is one of ours."""
        known = dict(PortalAccess.PortalRole.choices)
        return str(known.get(self.role.strip().lower().replace(" ", "_"), self.role))

    @property
    def reading_language(self) -> str:
        """German or English: what reaches this person is written in it."""
        chosen = (self.language or self.customer.language).lower()[:2]
        return chosen if chosen in {"de", "en"} else "en"


class PortalAccess(Public, Timed):
    """A contact's way into the portal, given by an invitation and never by an import."""

    is_viewed = False  # by a colleague who looks at the portal as this contact

    class PortalRole(models.TextChoices):
        SPONSOR = "sponsor", _("Sponsor")
        CHAMPION = "champion", _("Champion")
        KEY_USER = "key_user", _("Key user")
        USER = "user", _("User")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="portal_accesses")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="portal_accesses")
    role = models.CharField(max_length=10, choices=PortalRole.choices, default=PortalRole.USER)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "portal accesses"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(revoked_at__isnull=True), name="one_live_portal_access_per_contact"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.contact_id}"

    @property
    def may_sign(self) -> bool:
        return self.role == self.PortalRole.SPONSOR

    @property
    def may_contribute(self) -> bool:
        """Propose, enter values, confirm and dispute."""
        return self.role != self.PortalRole.USER
