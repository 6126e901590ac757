"""What the audit's entries about records say, and what customers, contacts and groups keep of their changes."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audit.keeping import Rows, Unfolding, keep_changes
from accounts.audit.words import call, say
from accounts.models import Contact, Customer, UserGroup
from accounts.records.models import CustomField
from accounts.records.registry import KINDS, WORKSPACE_KINDS


def _of_a_kind(sentence: Promise) -> Callable[[Mapping[str, Any]], str]:
    """``{record}`` stands for what kind of record it is."""

    def said(details: Mapping[str, Any]) -> str:
        kind = (KINDS | WORKSPACE_KINDS).get(details.get("kind", ""))
        return str(sentence).format(record=kind.one if kind else _("Record"))

    return said


say(
    {
        "record.added": _of_a_kind(_("%(who)s added: {record}")),
        "record.changed": _of_a_kind(_("%(who)s changed: {record}")),
        "record.archived": _of_a_kind(_("%(who)s archived: {record}")),
        "record.restored": _of_a_kind(_("%(who)s brought back: {record}")),
        "customer.changed": _("%(who)s changed the customer"),
        "customer.archived": _("%(who)s archived the customer"),
        "customer.restored": _("%(who)s brought the customer back"),
        "customer.merged": _("%(who)s merged another customer into this one"),
        "customer.merged_away": _("%(who)s merged this customer into another one"),
        "contact.merged": _("%(who)s merged another contact into this one"),
        "contact.merged_away": _("%(who)s merged this contact into another one"),
        "field.defined": _("%(who)s defined a custom field"),
        "field.changed": _("%(who)s changed a custom field"),
        "field.archived": _("%(who)s archived a custom field"),
        "field.restored": _("%(who)s brought a custom field back"),
    }
)
call({"records.customfield": _("Custom field")})


def _own_fields() -> Unfolding:
    """Custom fields one by one, under their names of today."""
    labels = {field.key: str(field) for field in CustomField.everything.filter(subject=CustomField.Subject.CUSTOMER)}

    def rows(old: Mapping[str, str], new: Mapping[str, str]) -> Rows:
        changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return [(labels.get(key, key), old.get(key), new.get(key)) for key in changed]

    return rows


def _role(text: str) -> str:
    return Contact(role=text).get_role_display()


NAMES = {"archived_at": _("archived"), "customer": _("customer"), "merged_into": _("merged into")}
keep_changes(
    Customer,
    personal=("owner_text",),
    names={**NAMES, "owner_text": _("owner as imported"), "custom": _("own fields")},
    unfold={"custom": _own_fields},
)
keep_changes(UserGroup, names=NAMES)
keep_changes(
    Contact, personal=("name", "email", "custom"), names={**NAMES, "custom": _("own fields")}, words={"role": _role}
)
