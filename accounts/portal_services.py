"""Giving and taking away a contact's way into the portal."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Contact, PortalAccess, Role, User
from accounts.outbox.services import queue_mail
from accounts.sessions import end_sessions


@transaction.atomic
def invite_contact(contact: Contact, *, role: str, by: User) -> PortalAccess:
    """Give the contact access with this portal role and tell them by mail; a second time changes the role.

    The login belongs to the contact's address; one address may stand for contacts of two companies.
    Raises ValidationError for a contact without a usable address, an inactive one, and an address of a colleague.
    """
    if role not in PortalAccess.PortalRole.values:
        raise ValidationError(_("Please choose one of the portal roles."), code="unknown_role")
    contact = Contact.everything.select_for_update(of=("self",)).select_related("customer").get(pk=contact.pk)
    user = _portal_user(contact)
    access = PortalAccess.objects.filter(contact=contact, revoked_at__isnull=True).first()
    if access is not None and access.user_id != user.pk:
        _revoke(access, by=by)
        access = None
    if access is None:
        access = PortalAccess.objects.create(user=user, contact=contact, role=role, invited_by=by)
    elif access.role != role:
        access.role = role
        access.save(update_fields=["role"])
    record("portal.invited", by=by, target=access, contact=contact.pk, role=role)
    queue_mail(
        f"portal-invitation:{access.pk}:{uuid4()}",
        "portal-invitation",
        user=user,
        context={"access": access.pk},
        language=user.language,
        purpose="portal",
    )
    return access


@transaction.atomic
def revoke_access(access: PortalAccess, *, by: User) -> None:
    """Close the door at once, also for sessions that are open. Closed twice is closed once."""
    access = PortalAccess.objects.select_for_update().get(pk=access.pk)
    if access.revoked_at is None:
        _revoke(access, by=by)


def remember_use(access: PortalAccess) -> None:
    PortalAccess.objects.filter(pk=access.pk).update(last_used_at=timezone.now())


def _revoke(access: PortalAccess, *, by: User) -> None:
    access.revoked_at = timezone.now()
    access.save(update_fields=["revoked_at"])
    end_sessions(access.user)
    record("portal.revoked", by=by, target=access, contact=access.contact_id)


def _portal_user(contact: Contact) -> User:
    """The login of the contact's address; made when there is none yet."""
    if not contact.is_active or contact.archived_at is not None:
        raise ValidationError(_("This contact is no longer active."), code="inactive")
    email = contact.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError(
            _("This contact has no valid e-mail address. Please add one first."), code="no_address"
        ) from None
    user = User.objects.filter(email=email).first()
    if user is None:
        return User.objects.create_user(email, role=Role.CONTACT, name=contact.name, language=contact.reading_language)
    if user.is_colleague:
        raise ValidationError(
            _("This address belongs to a colleague. A contact needs an address of their own."), code="staff_address"
        )
    if not user.is_active:
        raise ValidationError(_("The login of this address is deactivated."), code="deactivated")
    return user
