"""Reads on what customers are asked and say."""

from .answers import (
    READS_ANSWERS,
    Answer,
    as_answers,
    in_period,
    named_responses,
    nps_group,
    reads_answers,
)
from .asking import (
    InvitationRow,
    answers_of,
    askable_contacts,
    invitation_rows,
    latest_version,
    mail_key,
    open_invitations,
    waves_for,
)
from .links import LinkState, invitation_of, last_day, link_path, link_state, vendor_name, workspace_zone
from .pages import CustomerFeedback, FeedbackLists, customer_feedback, feedback_lists, portal_items

__all__ = [
    "READS_ANSWERS",
    "Answer",
    "CustomerFeedback",
    "FeedbackLists",
    "InvitationRow",
    "LinkState",
    "answers_of",
    "as_answers",
    "askable_contacts",
    "customer_feedback",
    "feedback_lists",
    "in_period",
    "invitation_of",
    "invitation_rows",
    "last_day",
    "latest_version",
    "link_path",
    "link_state",
    "mail_key",
    "named_responses",
    "nps_group",
    "open_invitations",
    "portal_items",
    "reads_answers",
    "vendor_name",
    "waves_for",
    "workspace_zone",
]
