"""What stays when two contacts are merged: the invitation of a wave in which both were asked, and its answers."""

from django.db.models import Q

from accounts.models import Contact
from accounts.records.registry import let_stay
from surveys.models import Invitation


def asked_twice(_gone: Contact, kept: Contact) -> Q:
    return Q(wave__in=Invitation.objects.filter(contact=kept, wave__isnull=False).values("wave"))


let_stay(Invitation, "contact", asked_twice)
