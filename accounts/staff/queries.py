"""Reads on colleagues and teams."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.functional import Promise

from accounts.models import Role, StaffInvitation, Team, User
from accounts.staff.registry import PARTS

SHOWN = 10
ACTIVE, INVITED, EXPIRED, DEACTIVATED = "active", "invited", "expired", "deactivated"


@dataclass(frozen=True)
class PersonRow:
    """A colleague with the invitation that is still to be accepted, if there is one."""

    person: User
    invitation: StaffInvitation | None
    state: str


def colleagues() -> QuerySet[User]:
    """Everybody who works for the vendor."""
    return User.objects.exclude(role=Role.CONTACT)


def active_admins() -> QuerySet[User]:
    """Who can still change users, roles and settings; somebody invited but not in yet does not count."""
    return User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk__in=waiting().values("user"))


def waiting() -> QuerySet[StaffInvitation]:
    """Invitations that were neither accepted nor withdrawn; their time may be over."""
    return StaffInvitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


def people() -> QuerySet[User]:
    """Colleagues with what ``as_row`` needs, active ones first; three queries however many there are."""
    return _with_parts(colleagues()).order_by("-is_active", "name", "email")


def person_row(person: User) -> PersonRow:
    return as_row(_with_parts(User.objects.filter(pk=person.pk)).get())


def _with_parts(users: QuerySet[User]) -> QuerySet[User]:
    return users.prefetch_related("teams", Prefetch("staff_invitations", queryset=waiting(), to_attr="waiting"))


def as_row(person: User) -> PersonRow:
    """A colleague of ``people`` with their state."""
    invitation = next(iter(person.waiting), None)  # type: ignore[attr-defined]
    if not person.is_active:
        return PersonRow(person, invitation, DEACTIVATED)
    if invitation is None:
        return PersonRow(person, None, ACTIVE)
    return PersonRow(person, invitation, INVITED if invitation.is_open else EXPIRED)


def teams() -> QuerySet[Team]:
    """Teams with the number of members who are active (``active_members``)."""
    return Team.objects.annotate(active_members=Count("members", filter=Q(members__is_active=True))).order_by("name")


def open_invitation(token_hash: str) -> StaffInvitation | None:
    """The invitation behind a link, as long as it opens the door."""
    found = StaffInvitation.objects.select_related("user", "invited_by").filter(token_hash=token_hash).first()
    return found if found is not None and found.is_open and found.user.is_active else None


@dataclass(frozen=True)
class Holding:
    """How many rows of a part a person holds, and the first of them by name."""

    label: str | Promise
    count: int
    first: list[str]


def holdings(person: User) -> list[Holding]:
    """What the person holds, part by part, without empty ones; two queries for each part."""
    parts = [(part, part.rows(person)) for part in PARTS.values()]
    return [
        Holding(part.label, count, [part.title(row) for row in rows[:SHOWN]])
        for part, rows in parts
        if (count := rows.count())
    ]


def receivers(person: User) -> QuerySet[User]:
    """Colleagues who may own what the person holds: active and with the right to write."""
    roles = (Role.ADMIN, Role.LEAD, Role.CSM)
    return colleagues().filter(is_active=True, role__in=roles).exclude(pk=person.pk).order_by("name", "email")
