"""Which records of this room have forms."""

from django.utils.translation import gettext_lazy as _

from accounts.records.registry import Kind, register
from accounts.support.models import Ticket

TICKETS = register(
    Kind(
        slug="tickets",
        model=Ticket,
        one=_("Ticket"),
        many=_("Tickets"),
        add=_("Add a ticket"),
        fields=(
            "contact", "opened_at", "first_closed_at", "reopened_at", "closed_at", "resolved", "first_contact_solved",
            "handling_minutes", "channel", "priority",
        ),
        shown=("opened_at", "closed_at", "priority", "channel", "resolved"),
        place=70,
        order=("-opened_at", "-pk"),
        icon="message-2",
    )
)  # fmt: skip
