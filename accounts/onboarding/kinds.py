"""Which records of this room have forms."""

from django.utils.translation import gettext_lazy as _

from accounts.onboarding.models import OnboardingStep
from accounts.records.registry import Kind, register

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
