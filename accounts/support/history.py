"""What tickets keep of their changes."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.keeping import keep_changes
from accounts.support.models import Ticket

keep_changes(Ticket, names={"customer": _("customer"), "archived_at": _("archived")})
