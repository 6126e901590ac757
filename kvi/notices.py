"""The news about proposals and values, for the owner on our side."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.access import customers_for
from accounts.models import User
from accounts.notifications.models import Channel, Notification
from accounts.notifications.registry import Kind, Shown, register
from accounts.notifications.services import notify
from kvi.models import IndicatorVersion, Measurement

PROPOSAL, DISPUTE = "proposal", "dispute"


def owner_of(version: IndicatorVersion) -> User | None:
    return version.indicator.owner or version.indicator.goal.customer.owner


def customer_said(version: IndicatorVersion, answer: str) -> None:
    """``answer`` is accepted, declined, countered or proposed."""
    _tell(PROPOSAL, f"proposal:{version.pk}:{answer}", version, answer)


def disputed(measurement: Measurement) -> None:
    version = measurement.indicator.versions.order_by("-number").first()
    if version is not None:
        _tell(DISPUTE, f"dispute:{measurement.pk}:{measurement.decided_at}", version, "disputed")


def _tell(kind: str, key: str, version: IndicatorVersion, answer: str) -> None:
    customer = version.indicator.goal.customer
    notify(owner_of(version), kind, key=key, by=None, customer=customer, target=version.pk, answer=answer)


def shown(rows: Sequence[Notification], reader: User) -> dict[int, Shown]:
    seen = IndicatorVersion.objects.filter(indicator__goal__customer__in=customers_for(reader))
    versions = seen.select_related("indicator__goal__customer").in_bulk([row.target for row in rows])
    return {row.pk: _shown(versions[row.target], row.details["answer"]) for row in rows if row.target in versions}


def _shown(version: IndicatorVersion, answer: str) -> Shown:
    sentence = {
        "accepted": _("%(customer)s has accepted your proposal: %(kvi)s"),
        "declined": _("%(customer)s has declined your proposal: %(kvi)s"),
        "countered": _("%(customer)s has answered your proposal with another: %(kvi)s"),
        "proposed": _("%(customer)s makes a proposal: %(kvi)s"),
        "disputed": _("%(customer)s disputes a value: %(kvi)s"),
    }[answer]
    names = {"customer": version.indicator.goal.customer.name, "kvi": version.text("name", get_language() or "en")}
    return Shown(sentence % names, reverse("kvi:indicator", args=[version.indicator.public_id]))


register(Kind(PROPOSAL, gettext_lazy("A customer answers or makes a proposal"), shown, Channel.MAIL))
register(Kind(DISPUTE, gettext_lazy("A customer disputes a value"), shown, Channel.MAIL))
