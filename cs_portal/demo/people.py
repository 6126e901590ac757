"""The demo's colleagues and portal contacts; every password is random and printed once."""

import secrets
from dataclasses import dataclass

from accounts.models import Contact, PortalAccess, Role, Team, User
from accounts.portal_services import invite_contact
from cs_portal.demo.company import contact_id

DOMAIN = "cs-demo.example"
CSMS = (f"carla.neumann@{DOMAIN}", f"oliver.hart@{DOMAIN}")
STAFF = (
    ("admin", f"admin@{DOMAIN}", "Kim Albers", "en"),
    ("lead", f"lead@{DOMAIN}", "Jonas Reiter", "de"),
    ("csm", CSMS[0], "Carla Neumann", "de"),
    ("csm", CSMS[1], "Oliver Hart", "en"),
    ("analyst", f"analyst@{DOMAIN}", "Mina Rao", "en"),
    ("viewer", f"viewer@{DOMAIN}", "Theo Lang", "de"),
)
# Customers whose sponsor and champion may enter the portal: a German-speaking and an English-speaking one.
PORTAL_CUSTOMERS = ("demo-c02", "demo-c03")


@dataclass(frozen=True)
class Login:
    role: str
    email: str
    password: str


def make_staff() -> list[Login]:
    """Six colleagues in two teams, with new passwords."""
    teams = [Team.objects.get_or_create(name=name)[0] for name in ("Team Mitte", "Team North")]
    return [_colleague(place, teams) for place in range(len(STAFF))]


def _colleague(place: int, teams: list[Team]) -> Login:
    role, email, name, language = STAFF[place]
    user = User.objects.filter(email=email).first() or User(email=email)
    user.name, user.role, user.language, user.is_active = name, Role(role), language, True
    password = secrets.token_urlsafe(9)
    user.set_password(password)
    user.save()
    if role == "csm":
        user.teams.set([teams[CSMS.index(email)]])
    return Login(role, email, password)


def invite_contacts() -> list[PortalAccess]:
    """Sponsor and champion of the portal customers, invited by their CSM."""
    accesses = []
    for customer in PORTAL_CUSTOMERS:
        for place, role in ((1, "sponsor"), (2, "champion")):
            contact = Contact.objects.select_related("customer__owner").get(external_id=contact_id(customer, place))
            owner = contact.customer.owner or User.objects.get(email=CSMS[0])
            accesses.append(invite_contact(contact, role=role, by=owner))
    return accesses
