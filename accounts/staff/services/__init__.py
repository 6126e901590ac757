"""Writes on colleagues and teams. Only administrators write here; the database keeps one of them at all times."""

from .handover import hand_over
from .invitations import accept_invitation, invite_colleague, resend_invitation, withdraw_invitation
from .people import change_role, change_teams, deactivate, reactivate
from .teams import change_team, create_team, remove_team

__all__ = [
    "accept_invitation",
    "change_role",
    "change_team",
    "change_teams",
    "create_team",
    "deactivate",
    "hand_over",
    "invite_colleague",
    "reactivate",
    "remove_team",
    "resend_invitation",
    "withdraw_invitation",
]
