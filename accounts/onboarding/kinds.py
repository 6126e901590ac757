"""Which records of this room have forms."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.onboarding.models import OnboardingStep
from accounts.records.registry import BEFORE_MERGING, CONTRADICTIONS, Kind, register

STEPS = register(
    Kind(
        slug="onboarding-steps",
        model=OnboardingStep,
        one=_("Onboarding step"),
        many=_("Onboarding steps"),
        add=_("Add an onboarding step"),
        fields=("step", "name", "user_group", "position", "weight", "is_key", "due_on", "achieved_at"),
        shown=("position", "user_group", "weight", "is_key", "due_on", "achieved_at"),
        place=60,
        order=("user_group_id", "position", "pk"),
        icon="list-check",
    )
)


def steps_of_both(gone: Customer, kept: Customer) -> QuerySet[OnboardingStep]:
    own = kept.onboarding_steps.filter(user_group=None).values("step")
    return OnboardingStep.objects.filter(customer=gone, user_group=None, step__in=own)


def contradictions(gone: Any, kept: Any) -> Iterator[str]:
    if isinstance(gone, Customer) and (number := steps_of_both(gone, kept).count()):
        yield gettext("Onboarding steps that both have: %(number)s. Those of the one that goes are archived.") % {
            "number": number
        }


def make_room(gone: Customer, kept: Customer) -> None:
    """Steps that both companies have are archived with the one that goes; its others come after those that are kept."""
    steps, own = gone.onboarding_steps.filter(user_group=None), kept.onboarding_steps.filter(user_group=None)
    steps_of_both(gone, kept).update(archived_at=timezone.now())
    last = own.aggregate(last=Max("position"))["last"]
    if last is not None:
        steps.update(position=F("position") + last + 1)


CONTRADICTIONS.append(contradictions)
BEFORE_MERGING.append(make_room)
