"""Follow-ups can be talked about, among ourselves."""

from django.utils.translation import gettext_lazy as _

from accounts.comments.registry import Subject, register
from kvi.playbooks.models import FollowUp
from kvi.playbooks.queries import follow_ups_for

register(
    Subject("follow-ups", _("Follow-up"), FollowUp, follow_ups_for, lambda row: row.customer, FollowUp.get_absolute_url)
)
