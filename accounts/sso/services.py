"""Who came back from the provider: found by the verified address, made only where the settings say so."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit.services import record
from accounts.models import Role, User, Workspace
from accounts.sso.client import Refused
from accounts.staff.queries import waiting


@transaction.atomic
def admit(claims: dict[str, Any]) -> User:
    """The active colleague with the provider's verified address; a role is never changed. Raises Refused.

    With ``CS_OIDC_CREATES_VIEWERS`` somebody unknown becomes a viewer. An invitation that waits is accepted by it.
    """
    address = verified_address(claims)
    person = User.objects.select_for_update(no_key=True).filter(email=address).first()
    if person is None and settings.OIDC_CREATES_VIEWERS:
        person = _viewer(address, str(claims.get("name", "")))
    if person is None or not person.is_active or not person.is_colleague:
        raise Refused("unknown")
    if waiting().filter(user=person).update(accepted_at=timezone.now()):
        record("person.invitation_accepted", by=person, target=person)
    return person


def verified_address(claims: dict[str, Any]) -> str:
    """In lower case; raises Refused for one that is not verified or not of a domain that the settings name."""
    address = str(claims.get("email", "")).strip().lower()
    if claims.get("email_verified") is not True or address.count("@") != 1:
        raise Refused("unverified")
    allowed = {domain.strip().lower().lstrip("@") for domain in settings.OIDC_DOMAINS}
    if allowed and address.rpartition("@")[2] not in allowed:
        raise Refused("unknown")
    return address


def _viewer(address: str, name: str) -> User:
    person = User.objects.create_user(address, role=Role.VIEWER, name=" ".join(name.split())[:255])
    record("person.came_by_provider", by=None, target=person, role=person.role)
    return person


def note_refusal(reason: str) -> None:
    record("login.failed", by=None, target=Workspace(singleton=True), provider=reason)
