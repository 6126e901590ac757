"""The first administrator, and the steps after."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Customer, Role, User, Workspace
from accounts.services import workspace
from accounts.setup.queries import STEPS, setup_code, setup_is_open


@transaction.atomic
def create_first_admin(*, code: str, name: str, email: str, password: str, language: str) -> User:
    """Make the first administrator; of two who try at once one waits and is refused.

    Raises ValidationError for a wrong code and when there is an administrator already.
    """
    workspace()
    row = Workspace.objects.select_for_update().get()
    if not setup_is_open():
        raise ValidationError(_("This installation has an administrator already."), code="taken")
    if not constant_time_compare(_plain(code), _plain(setup_code())):
        raise ValidationError({"code": _("This is not the code that the server printed.")})
    if User.objects.filter(email=email.strip().lower()).exists():
        raise ValidationError({"email": _("A colleague with this address is here already.")})
    admin = User.objects.create_user(email, password, name=name, role=Role.ADMIN, language=language)
    row.setup_step, row.default_language = STEPS[0], language
    row.save(update_fields=["setup_step", "default_language"])
    record("setup.begun", by=admin, target=admin)
    return admin


@transaction.atomic
def finish_step(step: str, *, by: User) -> str:
    """Go on after this step; returns the next one, empty when all are done. Done twice is done once."""
    workspace()
    row = Workspace.objects.select_for_update().get()
    if row.setup_step == step:
        row.setup_step = next(iter(STEPS[STEPS.index(step) + 1 :]), "")
        row.save(update_fields=["setup_step"])
        record("setup.step_done", by=by, target=row, step=step)
    return str(row.setup_step)


@transaction.atomic
def add_first_customer(*, name: str, by: User) -> Customer:
    customer = Customer.objects.create(name=name.strip(), owner=by)
    record("customer.created", by=by, target=customer)
    return customer


def _plain(code: str) -> str:
    """As people copy it: any case, with or without the dashes."""
    return "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
