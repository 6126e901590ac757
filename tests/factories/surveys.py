"""Waves of our own for tests: real rows, made by the service that the page calls."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import Customer, Role
from surveys.models import Invitation, Wave
from surveys.queries import link_path
from surveys.services import start_wave
from tests.factories.accounts import make_contact, make_customer, make_user


def soon(days: int = 30) -> date:
    return date.today() + timedelta(days=days)


def make_wave(customer: Customer | None = None, *, contacts: Any = None, **fields: Any) -> Wave:
    """A wave to one contact of a customer that has an owner, unless said otherwise; its mails are queued."""
    customer = customer or make_customer(owner=make_user(Role.CSM))
    defaults = {"key": uuid4(), "name": "NPS 2026", "closes_on": soon(), "by": customer.owner}
    return start_wave(customer, contacts=contacts or [make_contact(customer)], **{**defaults, **fields})


def make_asked(**fields: Any) -> Invitation:
    """The one invitation of such a wave, as a page reads it."""
    wave = make_wave(**fields)
    return wave.invitations.select_related("contact__customer", "wave__version", "customer").get()


def link(invitation: Invitation) -> str:
    return link_path(invitation)


def token_of(invitation: Invitation) -> str:
    return link_path(invitation).split("/")[2]
