"""What the audit's entries about follow-ups say. What came of one is in its record, not in the audit:
the note tells of a person, so of its changes no text is kept."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.keeping import keep_changes
from accounts.audit.queries import Line, history
from accounts.audit.words import call, say
from kvi.playbooks.models import FollowUp

say(
    {
        "follow_up.opened": _("%(who)s opened a follow-up"),
        "follow_up.assigned": _("%(who)s gave the follow-up to somebody"),
        "follow_up.snoozed": _("%(who)s put the follow-up off"),
        "follow_up.done": _("%(who)s closed the follow-up"),
        "follow_up.cancelled": _("%(who)s cancelled the follow-up"),
        "follow_up.reopened": _("%(who)s opened the follow-up again"),
    }
)
call({"playbooks.followup": _("Follow-up")})
keep_changes(
    FollowUp,
    personal=("note",),
    silent=("source", "source_id", "opened_by"),
    names={
        "customer": _("customer"),
        "state": _("state"),
        "note": _("note"),
        "closed_at": _("closed"),
        "closed_by": _("closed by"),
    },
)


def follow_up_history(follow_up: FollowUp) -> list[Line]:
    return history(follow_up)
