"""Why a login with the provider did not work, for the person at the door."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AGAIN = _("The login took too long or was begun in another window. Please try again.")
BROKEN = _(
    "The login service sent an answer that does not fit. Please try again, and tell an administrator if it stays."
)
REASONS: Mapping[str, str | Promise] = {
    "state": AGAIN,
    "expired": AGAIN,
    "cancelled": _("The login was cancelled."),
    "provider": _("The login service cannot be reached or answers with an error. Please try again later."),
    "issuer": BROKEN,
    "token": BROKEN,
    "unverified": _("The login service does not vouch for your e-mail address. Please ask an administrator."),
    "unknown": _("Nobody may come in with this address. Please ask an administrator to invite you."),
}
