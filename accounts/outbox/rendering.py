"""From a row to a mail: names, addresses and secret links are put in here, at the moment of sending."""

from collections.abc import Mapping
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from typing import Any

import mrml
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Contact, User, Workspace
from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import CONTEXTS, Undeliverable
from accounts.outbox.suppression import is_suppressed


def render(mail: OutboxMail) -> EmailMultiAlternatives:
    """Text and HTML in the receiver's language. Raises Undeliverable when the receiver cannot be written to."""
    name, address = recipient(mail)
    row = Workspace.objects.first() or Workspace()
    with translation.override(mail.language):
        context = {
            "name": name,
            "base_url": settings.BASE_URL,
            "language": mail.language,
            "imprint_url": row.imprint_url,
            "privacy_url": row.privacy_url,
            **CONTEXTS[mail.template](mail),
        }
        subject, text = (
            render_to_string(f"emails/{mail.template}-{part}.txt", context).strip() for part in ("subject", "body-text")
        )
        text = "\n\n".join([text, *legal_lines(row)])
        html = mrml.to_html(render_to_string(f"emails/{mail.template}-body-html.mjml", context)).content
    message = EmailMultiAlternatives(
        subject=one_line(subject),
        body=text + "\n",
        from_email=sender(row),
        to=[address],
        reply_to=[context["reply_to"]] if context.get("reply_to") else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", **_unsubscribing(context)},
    )
    message.attach_alternative(html, "text/html")
    _attach(message, context.get("pictures", {}))
    return message


def _attach(message: EmailMultiAlternatives, pictures: Mapping[str, bytes]) -> None:
    """PNGs by the name that the HTML calls them, ``cid:NAME``: part of the mail, nothing is fetched to see them."""
    for name, png in pictures.items():
        image = MIMEImage(png, "png")
        image.add_header("Content-ID", f"<{name}>")
        image.add_header("Content-Disposition", "inline", filename=f"{name}.png")
        message.attach(image)
        message.mixed_subtype = "related"


def _unsubscribing(context: dict[str, Any]) -> dict[str, str]:
    """One click in the mail program (RFC 8058): it posts, and what only reads the address changes nothing."""
    url = context.get("unsubscribe_url")
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if url else {}


def recipient(mail: OutboxMail) -> tuple[str, str]:
    """Name and address as they are now."""
    person: Contact | User | None = mail.contact or mail.user
    if person is None or not person.is_active:
        raise Undeliverable("the receiver is no longer active")
    if "@" not in person.email:
        raise Undeliverable("the receiver has no e-mail address")
    if is_suppressed(person.email, mail.purpose):
        raise Undeliverable("the address is on the suppression list")
    return person.name, person.email


def one_line(subject: str) -> str:
    """No line break and no encoded word of somebody else's making in a header."""
    return " ".join(subject.replace("=?", "= ?").split())


def sender(row: Workspace) -> str:
    """The configured address, with the workspace's own name for it."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((one_line(row.sender_name or name), address))


def legal_lines(row: Workspace) -> list[str]:
    links = ((_("Imprint"), row.imprint_url), (_("Privacy"), row.privacy_url))
    lines = [f"{label}: {url}" for label, url in links if url]
    return ["\n".join(lines)] if lines else []
