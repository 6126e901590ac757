"""Mails to contacts about proposals: queued here, worded at sending."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Contact, PortalAccess
from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import Undeliverable, mail_context
from accounts.outbox.services import queue_mail
from kvi import notices
from kvi.models import IndicatorVersion, VersionState
from kvi.models.indicators import Side


def proposed(version: IndicatorVersion) -> None:
    """To the contact it is put before; the owner on our side is told of a proposal of the customer's."""
    if version.proposed_to is not None:
        _to_contact(f"kvi-proposed:{version.pk}", version.proposed_to, version)
    elif version.proposed_by_side == Side.CUSTOMER:
        notices.customer_said(version, "countered" if version.counters_id else "proposed")


def proposed_again(version: IndicatorVersion, day: date) -> bool:
    """Once more to the contact it is put before; False when that was done on the same day."""
    key, contact = f"kvi-proposed:{version.pk}:{day}", version.proposed_to
    if contact is None or OutboxMail.objects.filter(key=key).exists():
        return False
    _to_contact(key, contact, version)
    return True


def _to_contact(key: str, contact: Contact, version: IndicatorVersion) -> None:
    queue_mail(
        key, "kvi-proposed", contact=contact, context={"version": version.pk}, language=contact.reading_language,
        purpose="agreement",
    )  # fmt: skip


def answered(version: IndicatorVersion, answer: str, *, by_customer: bool) -> None:
    """The owner on our side hears what the customer said, the contact who signed what we said."""
    if by_customer:
        notices.customer_said(version, answer)
        return
    signed = version.agreements.filter(side=Side.CUSTOMER).select_related("contact__customer").first()
    if signed is not None and signed.contact is not None:
        queue_mail(
            f"kvi-answered:{version.pk}:{answer}",
            "kvi-answered",
            contact=signed.contact,
            context={"version": version.pk, "answer": answer},
            language=signed.contact.reading_language,
            purpose="agreement",
        )


def _version(mail: OutboxMail) -> IndicatorVersion:
    rows = IndicatorVersion.objects.select_related("indicator__goal__customer__owner")
    return rows.get(pk=mail.context["version"])


def _require_access(mail: OutboxMail) -> None:
    if not PortalAccess.objects.filter(contact=mail.contact, revoked_at__isnull=True).exists():
        raise Undeliverable("the contact has no portal access any more")


@mail_context("kvi-proposed")
def proposed_context(mail: OutboxMail) -> dict[str, Any]:
    version = _version(mail)
    if version.state != VersionState.PROPOSED:
        raise Undeliverable("the proposal is no longer open")
    _require_access(mail)
    owner = version.indicator.goal.customer.owner
    return {
        "kvi": version.text("name", mail.language),
        "goal": version.indicator.goal.name,
        "sender": str(owner) if owner else "",
        "reply_to": owner.email if owner else "",
        "url": settings.BASE_URL + reverse("kvi:portal_indicator", args=[version.indicator.public_id]),
        "button": _("Read and answer"),
    }


@mail_context("kvi-answered")
def answered_context(mail: OutboxMail) -> dict[str, Any]:
    version = _version(mail)
    says = {"accepted": _("has accepted your proposal"), "declined": _("has declined your proposal")}
    _require_access(mail)
    return {
        "customer": str(notices.owner_of(version) or ""),
        "says": says[mail.context["answer"]],
        "kvi": version.text("name", mail.language),
        "url": settings.BASE_URL + reverse("kvi:portal_indicator", args=[version.indicator.public_id]),
        "button": _("Open the indicator"),
    }
