"""Writes on goals, indicators and measurements: one verb each, atomic, audited, mails on commit."""

from .agreements import (
    NotOpen,
    accept_version,
    counter_version,
    decline_version,
    draft_version,
    may_record_agreement,
    may_remind,
    propose_indicator,
    propose_version,
    record_agreement,
    redraft_version,
    remind_of_proposal,
    retire_indicator,
    withdraw_version,
)
from .goals import achieve_goal, create_goal, edit_goal, retire_goal, review_goal
from .measurements import (
    confirm_measurement,
    dispute_measurement,
    record_measurement,
    withdraw_dispute,
)

__all__ = [
    "NotOpen",
    "accept_version",
    "achieve_goal",
    "confirm_measurement",
    "counter_version",
    "create_goal",
    "decline_version",
    "dispute_measurement",
    "draft_version",
    "edit_goal",
    "may_record_agreement",
    "may_remind",
    "propose_indicator",
    "propose_version",
    "record_agreement",
    "record_measurement",
    "redraft_version",
    "remind_of_proposal",
    "retire_goal",
    "retire_indicator",
    "review_goal",
    "withdraw_dispute",
    "withdraw_version",
]
