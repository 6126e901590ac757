"""What of this room can be found, and begun at a customer."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.search import Action, Hit, Kind, begin, find
from surveys.models import Wave
from surveys.queries import waves_for


def _wave(wave: Wave) -> Hit:
    detail = f"{wave.customer_name} · {date_format(wave.created_at, 'SHORT_DATE_FORMAT')}"  # type: ignore[attr-defined]
    return Hit(str(wave), reverse("surveys:wave", args=[wave.public_id]), detail)


find(Kind("waves", _("Survey waves"), "message-2", 7, waves_for, ("name", "version__survey__name"), _wave))
begin(Action(_("Ask for feedback"), "surveys:ask", "send"))
