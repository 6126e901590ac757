from .handover import hand_over
from .invitation import accept
from .people import invite, people, people_file, person, person_act, person_role, person_teams
from .teams import team, team_new, team_remove, teams

__all__ = [
    "accept",
    "hand_over",
    "invite",
    "people",
    "people_file",
    "person",
    "person_act",
    "person_role",
    "person_teams",
    "team",
    "team_new",
    "team_remove",
    "teams",
]
