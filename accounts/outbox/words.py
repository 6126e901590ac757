"""A mail in a list: who it is for, by today's name, and what it is about."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.outbox.models import OutboxMail

ABOUT: Mapping[str, Promise] = {
    "login": gettext_lazy("Login"),
    "portal": gettext_lazy("Invitation to the portal"),
    "agreement": gettext_lazy("Agreeing an indicator"),
    "survey": gettext_lazy("Survey"),
    "report": gettext_lazy("Value report"),
    "notification": gettext_lazy("Notification"),
    "digest": gettext_lazy("Daily mail"),
}


def receiver(mail: OutboxMail) -> str:
    if mail.contact is not None:
        name = mail.contact.name or _("A former contact")
        return f"{name}, {mail.contact.customer.name}"
    return str(mail.user)


def subject_matter(mail: OutboxMail) -> str:
    return str(ABOUT.get(mail.purpose, mail.purpose))
