"""Placeholder until the mail room lands: queueing only. Overwrite me."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Contact, User
from accounts.outbox.models import OutboxMail


def queue_mail(
    key: str, template: str, *, contact: Contact | None = None, user: User | None = None, context: dict[str, Any],
    language: str, purpose: str,
) -> OutboxMail:
    mail, _created = OutboxMail.objects.get_or_create(
        key=key,
        defaults={
            "template": template, "contact": contact, "user": user, "context": context, "language": language,
            "purpose": purpose, "message_id": f"<{uuid4()}@localhost>", "due_at": timezone.now(),
        },
    )
    return mail
