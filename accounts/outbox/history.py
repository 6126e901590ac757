"""What the audit's entries about the suppression list say; the address is only in the list."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call, say

say(
    {
        "suppression.added": _("%(who)s put an address on the suppression list"),
        "suppression.removed": _("%(who)s took an address off the suppression list"),
    }
)
call({"outbox.suppressedaddress": _("Suppressed address")})
