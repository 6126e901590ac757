"""What onboarding steps keep of their changes."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.keeping import keep_changes
from accounts.onboarding.models import OnboardingStep

keep_changes(OnboardingStep, names={"customer": _("customer"), "archived_at": _("archived")})
