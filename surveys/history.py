"""What the audit's entries about surveys say. Answers are no part of the audit."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.keeping import keep_changes
from accounts.audit.queries import Line, history
from accounts.audit.words import call, say
from surveys.models import Survey, Wave

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
keep_changes(Survey)
keep_changes(Wave, silent=("version", "created_by"), names={"withdrawn_at": _("withdrawn")})


def wave_history(wave: Wave) -> list[Line]:
    return history(wave, Survey.objects.filter(versions=wave.version_id), wave.invitations.all())
