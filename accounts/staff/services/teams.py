"""Teams: whose members see each other's customers."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Team, User
from accounts.staff.queries import colleagues

from .shared import require_admin


@transaction.atomic
def create_team(*, name: str, by: User) -> Team:
    require_admin(by)
    team = Team.objects.create(name=_free_name(name))
    record("team.created", by=by, target=team)
    return team


@transaction.atomic
def change_team(team: Team, *, name: str, members: Iterable[User], by: User) -> Team:
    """Give the team this name and exactly these members."""
    require_admin(by)
    team = Team.objects.select_for_update().get(pk=team.pk)
    team.name = _free_name(name, other_than=team)
    team.save(update_fields=["name"])
    before = set(team.members.values_list("pk", flat=True))
    after = set(colleagues().filter(pk__in=[member.pk for member in members]).values_list("pk", flat=True))
    team.members.set(after)
    record("team.changed", by=by, target=team, before=sorted(before), after=sorted(after))
    return team


@transaction.atomic
def remove_team(team: Team, *, by: User) -> None:
    """Its members and their customers stay; they only no longer share them through this team."""
    require_admin(by)
    team = Team.objects.select_for_update().get(pk=team.pk)
    record("team.removed", by=by, target=team, members=sorted(team.members.values_list("pk", flat=True)))
    team.delete()


def _free_name(name: str, other_than: Team | None = None) -> str:
    """Raises ValidationError when another team has the name, in whatever case."""
    wanted = " ".join(name.split())
    same = Team.objects.filter(name__iexact=wanted).exclude(pk=other_than.pk if other_than else 0)
    if not wanted or same.exists():
        raise ValidationError(_("Another team has this name already."), code="name_taken")
    return wanted
