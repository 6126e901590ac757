"""The mails' words. Who may no longer know something is asked here, at the moment of sending."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notifications.queries import described, notifications_of, unsubscribe_path, zone_of
from accounts.notifications.registry import Shown
from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import Undeliverable, mail_context

MOST = 30  # lines in one mail; the page has all


def the_user(mail: OutboxMail) -> User:
    if mail.user is None or not mail.user.is_colleague:
        raise Undeliverable("this mail is for colleagues")
    return mail.user


@mail_context("notification")
def notification_context(mail: OutboxMail) -> dict[str, Any]:
    user = the_user(mail)
    with timezone.override(zone_of(user)):
        rows = described(list(notifications_of(user).filter(pk=mail.context["notification"])), user)
    if not rows or rows[0].shown is None:
        raise Undeliverable("the receiver may not know this any more")
    return {
        "text": rows[0].shown.text,
        "url": settings.BASE_URL + rows[0].shown.url,
        "button": _("Look at it"),
        "foot": _("You chose to hear of this by mail."),
        "preferences_url": _preferences_url(),
    }


@mail_context("digest")
def digest_context(mail: OutboxMail) -> dict[str, Any]:
    user, day = the_user(mail), date.fromisoformat(mail.context["day"])
    found = list(notifications_of(user).filter(digest_on=day, read_at=None).order_by("pk")[:MOST])
    with timezone.override(zone_of(user)):
        shown = [row.shown for row in described(found, user) if row.shown is not None]
    if not shown:
        raise Undeliverable("everything was read, or may not be known any more")
    return {
        "day": day,
        "lines": [Shown(line.text, settings.BASE_URL + line.url) for line in shown],
        "url": settings.BASE_URL + reverse("notifications:notifications"),
        "button": _("Open the notifications"),
        "foot": _("You chose to hear of this once a day."),
        "unsubscribe_url": settings.BASE_URL + unsubscribe_path(user),
        "preferences_url": _preferences_url(),
    }


def _preferences_url() -> str:
    return settings.BASE_URL + reverse("notifications:preferences")
