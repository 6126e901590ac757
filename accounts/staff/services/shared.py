"""What every write on people asks first."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.staff.queries import active_admins, colleagues


def require_admin(by: User) -> None:
    """Only an active administrator changes users and teams, whatever door was used."""
    if not (by.is_active and by.role == Role.ADMIN):
        raise PermissionDenied


def locked(person: User) -> User:
    """The colleague, held until the transaction ends; a contact is not changed here."""
    return colleagues().select_for_update().get(pk=person.pk)


def keep_an_admin(person: User) -> None:
    """Raise ValidationError when nobody would be left to administer; two who try at once wait for each other."""
    admins = list(active_admins().select_for_update().order_by("pk").values_list("pk", flat=True))
    if admins in ([], [person.pk]):
        raise ValidationError(
            _("This is the last active administrator. Make somebody else administrator first."), code="last_admin"
        )


def staff_role(role: str) -> Role:
    if role not in Role.values or role == Role.CONTACT:
        raise ValidationError(_("Please choose one of the roles."), code="unknown_role")
    return Role(role)
