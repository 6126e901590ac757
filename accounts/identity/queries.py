"""Reads on the trial of the mail."""

from accounts.models import User
from accounts.outbox.models import OutboxMail


def last_test_mail(person: User) -> OutboxMail | None:
    return OutboxMail.objects.filter(purpose="test", user=person).order_by("-pk").first()
