"""What the audit's entries about follow-ups say. What came of one is in its record, not in the audit."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call, say

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
