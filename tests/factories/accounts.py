"""People and customers for tests: real rows with plausible defaults, everything can be said otherwise."""

from itertools import count
from typing import Any

from accounts.models import Contact, Customer, PortalAccess, Role, Team, User, UserGroup

_numbers = count(1)
PASSWORD = "correct horse battery staple"


def make_team(**fields: Any) -> Team:
    return Team.objects.create(**{"name": f"Team {next(_numbers)}", **fields})


def make_user(
    role: str = Role.CSM, *, teams: tuple[Team, ...] = (), password: str | None = None, **fields: Any
) -> User:
    """An active person; with ``password=PASSWORD`` they can log in by password."""
    number = next(_numbers)
    defaults = {"email": f"{role}-{number}@vendor.example", "name": f"{role.title()} {number}", "role": role}
    user = User.objects.create_user(password=password, **{**defaults, **fields})
    user.teams.set(teams)
    return user


def make_customer(**fields: Any) -> Customer:
    number = next(_numbers)
    return Customer.objects.create(**{"name": f"Customer {number}", "external_id": f"C-{number}", **fields})


def make_user_group(customer: Customer | None = None, **fields: Any) -> UserGroup:
    number = next(_numbers)
    defaults = {"name": f"Group {number}", "external_id": f"G-{number}"}
    return UserGroup.objects.create(customer=customer or make_customer(), **{**defaults, **fields})


def make_contact(customer: Customer | None = None, **fields: Any) -> Contact:
    number = next(_numbers)
    defaults = {
        "external_id": f"P-{number}",
        "name": f"Contact {number}",
        "email": f"contact-{number}@customer.example",
        "language": "en",
    }
    return Contact.objects.create(customer=customer or make_customer(), **{**defaults, **fields})


def make_portal_access(contact: Contact | None = None, **fields: Any) -> PortalAccess:
    """A live access; the portal user has the contact's address. ``role=`` is the portal role, sponsor by default."""
    contact = contact or make_contact()
    user = fields.pop("user", None) or make_portal_user(contact)
    inviter = fields.pop("invited_by", None) or make_user(Role.ADMIN)
    role = fields.pop("role", PortalAccess.PortalRole.SPONSOR)
    return PortalAccess.objects.create(contact=contact, user=user, invited_by=inviter, role=role, **fields)


def make_portal_user(contact: Contact) -> User:
    known = User.objects.filter(email=contact.email.lower()).first()
    return known or make_user(Role.CONTACT, email=contact.email, name=contact.name, language=contact.reading_language)


def act_as_contact(client: Any, access: PortalAccess) -> None:
    """Log the test client in as the contact, acting for the company of this access."""
    client.force_login(access.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["portal_access"] = access.pk
    session.save()
