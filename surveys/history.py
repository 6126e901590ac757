"""What the audit's entries about surveys say. Answers are no part of the audit."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call, say

say(
    {
        "wave.started": _("%(who)s sent a survey"),
        "wave.withdrawn": _("%(who)s withdrew a survey"),
        "invitation.renewed": _("%(who)s sent a new survey link"),
    }
)
call(
    {
        "surveys.wave": _("Survey wave"),
        "surveys.invitation": _("Survey invitation"),
        "surveys.response": _("Answers"),
    }
)
