"""What the audit's entries about comments say; the words themselves are only in the comment."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call, say

say(
    {
        "comment.added": _("%(who)s wrote a comment"),
        "comment.edited": _("%(who)s changed a comment"),
        "comment.withdrawn": _("%(who)s withdrew a comment"),
    }
)
call({"comments.comment": _("Comment")})
