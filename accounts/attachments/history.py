"""What the audit's entries about files say; a file's name is only with the file."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call, say

say(
    {
        "attachment.added": _("%(who)s added a file"),
        "attachment.downloaded": _("%(who)s downloaded a file"),
        "attachment.archived": _("%(who)s archived a file"),
        "attachment.restored": _("%(who)s brought a file back"),
    }
)
call({"attachments.attachment": _("File")})
