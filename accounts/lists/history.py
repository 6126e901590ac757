"""What the audit's entries about lists say."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call, say

say(
    {
        "view.saved": _("%(who)s saved a view of a list"),
        "view.renamed": _("%(who)s changed the name or the sharing of a view"),
        "view.overwritten": _("%(who)s changed what a view shows"),
        "view.removed": _("%(who)s removed a view"),
        "view.restored": _("%(who)s brought a view back"),
        "rows.changed": _("%(who)s changed several rows of a list at once"),
        "rows.changed_back": _("%(who)s took a change of several rows back"),
    }
)
call({"lists.savedview": _("View"), "lists.bulkchange": _("Change of several rows")})
