"""What an entry says in words: every room declares a sentence for each verb it records, in its ``history.py``."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.audit.models import AuditEntry
from accounts.models import Role, User

Sentence = str | Promise
Saying = Sentence | Callable[[Mapping[str, Any]], Sentence]  # of the entry's details

SAYINGS: dict[str, Saying] = {}
RECORDS: dict[str, Sentence] = {}


def say(sayings: Mapping[str, Saying]) -> None:
    """Sentences by verb; %(who)s stands for the person."""
    SAYINGS.update(sayings)


def call(records: Mapping[str, Sentence]) -> None:
    """What a kind of record is called, by its model's label."""
    RECORDS.update(records)


def sentence(entry: AuditEntry, who: str) -> str:
    return _sentence(entry.verb, entry.details, who)


def _sentence(verb: str, details: Mapping[str, Any], who: str) -> str:
    saying = SAYINGS.get(verb)
    text = saying(details) if callable(saying) else saying
    return str(text) % {"who": who} if text else f"{who}: {verb}"


def verb_name(verb: str) -> str:
    """For a list to choose from."""
    return _sentence(verb, {}, "…")


def record_name(target_type: str, target_id: str) -> str:
    name = str(RECORDS.get(target_type, target_type))
    return name if target_type == "accounts.workspace" else f"{name} {target_id}"


def person_name(user: User | None) -> str:
    """As people who may see names read it; who has left is nobody's business any more."""
    if user is None:
        return _("The system")
    if user.is_active:
        return str(user)
    return _("A former contact") if user.role == Role.CONTACT else _("A former colleague")


def full_name(user: User | None) -> str:
    """As an administrator reads it: also of those who have left."""
    if user is None or user.is_active:
        return person_name(user)
    return _("%(name)s (deactivated)") % {"name": user}


def person_number(user: User | None) -> str:
    """For those who read the audit without personal values."""
    return _("The system") if user is None else f"{user.get_role_display()} {user.pk}"
