"""Mails in words."""

from django import template

from accounts.outbox import words
from accounts.outbox.models import OutboxMail

register = template.Library()


@register.filter
def receiver(mail: OutboxMail) -> str:
    return words.receiver(mail)


@register.filter
def subject_matter(mail: OutboxMail) -> str:
    return words.subject_matter(mail)
