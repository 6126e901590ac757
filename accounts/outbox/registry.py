"""What a room says about its mails: the words' context at sending, and what follows when one went out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.outbox.models import OutboxMail

Context = Callable[[OutboxMail], dict[str, Any]]
Follow = Callable[[OutboxMail, datetime], None]

CONTEXTS: dict[str, Context] = {}
FOLLOWS: dict[str, Follow] = {}
BOUNCES: dict[str, Follow] = {}


class Undeliverable(Exception):
    """The mail has lost its sense (access revoked, person gone, thing withdrawn): park it with this reason."""


def mail_context(template: str) -> Callable[[Context], Context]:
    """Decorate the function in a room's ``mails.py`` that turns stored ids into the template's context."""

    def register(function: Context) -> Context:
        CONTEXTS[template] = function
        return function

    return register


def when_sent(template: str) -> Callable[[Follow], Follow]:
    """Decorate what a room notes, in the same transaction, when such a mail has gone out."""

    def register(function: Follow) -> Follow:
        FOLLOWS[template] = function
        return function

    return register


def when_bounced(template: str) -> Callable[[Follow], Follow]:
    """Decorate what a room notes when the provider reports that such a mail came back."""

    def register(function: Follow) -> Follow:
        BOUNCES[template] = function
        return function

    return register
