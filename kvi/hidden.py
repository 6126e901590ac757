"""Whether a whole holds customers that somebody may not see; its figure would tell about them (metrics.md, 3.6)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Customer
from surveys.models import Survey


def hides_others(level: str, subject: str | None, owner: str | None, visible: QuerySet[Customer]) -> bool:
    """Portfolio, segment or survey; what they see nothing of at all is no whole but unknown to them."""
    hidden = Customer.objects.filter(is_test=False).exclude(pk__in=visible.values("pk"))
    if level == "portfolio":
        return owner is None and hidden.exists()
    if level == "segment":
        return _segments(subject, hidden) and (subject is None or _segments(subject, visible))
    if level == "survey":
        return _surveys(subject, hidden) and (subject is None or _surveys(subject, visible))
    return False


def _segments(name: str | None, customers: QuerySet[Customer]) -> bool:
    found = customers.filter(is_test=False).exclude(segment="")
    return (found if name is None else found.filter(segment=name.replace("\x00", ""))).exists()


def _surveys(name: str | None, customers: QuerySet[Customer]) -> bool:
    """Whether answers of or invitations to these customers are in the survey (in any, without a name)."""
    surveys = Survey.objects.all() if name is None else Survey.objects.filter(external_id=name.replace("\x00", ""))
    asked = Q(invitations__customer=OuterRef("pk")) | Q(invitations__contact__customer=OuterRef("pk"))
    said = Q(responses__customer=OuterRef("pk")) | Q(responses__contact__customer=OuterRef("pk"))
    for path in ("customer", "contact__customer"):  # the answer may be to another survey than the invitation
        said |= Q(**{f"responses__invitation__{path}": OuterRef("pk")})
    return customers.filter(Exists(surveys.filter(asked | said))).exists()
