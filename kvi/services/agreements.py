"""Draft, propose, counter, accept: a definition is signed by both sides and then never changes.

Proposing signs for the proposer's side (a customer's side is signed by a sponsor only); the other side's
acceptance completes it.
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Contact, PortalAccess, Role, User
from accounts.services import workspace_settings
from kvi import mails
from kvi.definition import content_hash
from kvi.models import Agreement, Goal, Indicator, IndicatorVersion, VersionState
from kvi.models.indicators import DEFINITION_FIELDS, Provenance, Side
from kvi.rules import check_definition
from kvi.scorecard import today

REMIND_AFTER = timedelta(days=1)


class NotOpen(ValidationError):
    """The version is not in a state that allows this; somebody was faster."""


# --- drafting ---------------------------------------------------------------------------------------


@transaction.atomic
def draft_version(goal: Goal, *, by: User, indicator: Indicator | None = None, **definition: Any) -> IndicatorVersion:
    """A first version of a new indicator, or the next one of ``indicator``. Raises ValidationError by field.

    The same definition again (a form sent twice) is the open version that has it already.
    """
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    if goal.state == Goal.State.RETIRED:
        raise ValidationError(_("This goal is retired already."), code="retired")
    if twin := _open_twin(goal, indicator, definition):
        return twin
    if indicator is None:
        owner = goal.owner or goal.customer.owner or (by if by.is_colleague else None)
        indicator = Indicator.objects.create(goal=goal, owner=owner, customer_owner=goal.customer_owner)
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    latest = indicator.versions.aggregate(latest=Max("number"))["latest"] or 0
    version = IndicatorVersion(indicator=indicator, number=latest + 1, **_with_first_day(definition))
    _check_same_kind(version)
    check_definition(version)
    version.save()
    record("indicator.drafted", by=by, target=version, indicator=indicator.pk)
    return version


@transaction.atomic
def redraft_version(version: IndicatorVersion, *, by: User, **definition: Any) -> IndicatorVersion:
    version = _of_open_goal(version, VersionState.DRAFT)
    for name, value in _with_first_day(definition).items():
        setattr(version, name, value)
    _check_same_kind(version)
    check_definition(version)
    version.save()
    record("indicator.redrafted", by=by, target=version)
    return version


def _open_twin(goal: Goal, indicator: Indicator | None, definition: dict[str, Any]) -> IndicatorVersion | None:
    versions = IndicatorVersion.objects.filter(
        indicator__goal=goal, name=definition["name"], state__in=(VersionState.DRAFT, VersionState.PROPOSED)
    )
    versions = versions.filter(number=1) if indicator is None else versions.filter(indicator=indicator)
    wanted = IndicatorVersion(**_with_first_day(definition))
    return next((version for version in versions if _same_content(wanted, version)), None)


def _with_first_day(definition: dict[str, Any]) -> dict[str, Any]:
    """Without a first day of its own a version is valid from its last signature on."""
    unknown = set(definition) - set(DEFINITION_FIELDS) - {"note"}
    if unknown:
        raise TypeError(f"no part of a definition: {sorted(unknown)}")
    return {**definition, "valid_from_last_signature": definition.get("valid_from") is None}


def _check_same_kind(version: IndicatorVersion) -> None:
    others = version.indicator.versions.exclude(pk=version.pk)
    if others.exclude(kind=version.kind).exists():
        raise ValidationError({"kind": _("All versions of an indicator are of one kind. Please make a new indicator.")})


# --- proposing and answering ------------------------------------------------------------------------


@transaction.atomic
def propose_version(
    version: IndicatorVersion, *, by: User, to: Contact | None = None, access: PortalAccess | None = None
) -> IndicatorVersion:
    """Put a draft before the other side, signed by this one: ``access`` is the proposing contact's, otherwise staff.

    Raises ValidationError at ``to`` when that contact has no portal access or may not sign.
    """
    version = _of_open_goal(version, VersionState.DRAFT)
    if access is None:
        _check_can_sign(to, version)
    if version.indicator.versions.filter(state=VersionState.PROPOSED).exists():
        raise NotOpen(_("Another proposal for this indicator is still open."), code="not_open")
    return _open_proposal(version, by=by, to=to, access=access)


@transaction.atomic
def propose_indicator(goal: Goal, *, by: User, access: PortalAccess, **definition: Any) -> IndicatorVersion:
    """A contact's own proposal, drafted and put before us in one step; sent twice it is one."""
    version = draft_version(goal, by=by, **definition)
    return version if version.state == VersionState.PROPOSED else propose_version(version, by=by, access=access)


def _check_can_sign(contact: Contact | None, version: IndicatorVersion) -> None:
    if contact is None or contact.customer_id != version.indicator.goal.customer_id:
        raise ValidationError({"to": _("Please choose a contact of this customer.")})
    access = PortalAccess.objects.filter(contact=contact, revoked_at__isnull=True, contact__is_active=True).first()
    if access is None:
        raise ValidationError(
            {"to": _("This contact has no access to the portal yet. Invite them on the customer's page first.")}
        )
    if not access.may_sign:
        raise ValidationError(
            {"to": _("This contact may not sign. Choose a sponsor, or invite the contact as sponsor.")}
        )


def _open_proposal(
    version: IndicatorVersion, *, by: User, to: Contact | None, access: PortalAccess | None
) -> IndicatorVersion:
    check_definition(version)
    version.state = VersionState.PROPOSED
    version.content_hash = content_hash(version)
    version.proposed_by_side = Side.STAFF if access is None else Side.CUSTOMER
    version.proposed_to, version.proposed_at = to, timezone.now()
    version.save()
    if access is None or access.may_sign:
        _sign(version, by=by, access=access)
    goal = version.indicator.goal
    if goal.state == Goal.State.DRAFT:
        goal.state = Goal.State.PROPOSED
        goal.save(update_fields=["state"])
    record("indicator.proposed", by=by, target=version, side=version.proposed_by_side)
    mails.proposed(version)
    return version


@transaction.atomic
def accept_version(version: IndicatorVersion, *, by: User, access: PortalAccess | None = None) -> IndicatorVersion:
    """Sign for the caller's side; with both signatures it is agreed. Two at once store one agreement.

    Raises NotOpen when it is no longer proposed or this side has signed; ValidationError for a contact who may not.
    """
    version = _of_open_goal(version, VersionState.PROPOSED)
    if access is not None and not access.may_sign:
        raise ValidationError(_("Only a sponsor signs for your company."), code="may_not_sign")
    if version.agreements.filter(side=_side(access)).exists():
        raise NotOpen(_("Your side has signed already."), code="not_open")
    _sign(version, by=by, access=access)
    record("indicator.accepted", by=by, target=version, side=_side(access))
    if set(version.agreements.values_list("side", flat=True)) == {Side.STAFF, Side.CUSTOMER}:
        _agree(version, today(workspace_settings()), Provenance.PORTAL)
        mails.answered(version, "accepted", by_customer=access is not None)
    return version


@transaction.atomic
def counter_version(
    version: IndicatorVersion, *, by: User, access: PortalAccess | None = None, note: str = "", **definition: Any
) -> IndicatorVersion:
    """Answer with a changed definition: the next version, proposed back and signed by this side."""
    version = _of_open_goal(version, VersionState.PROPOSED)
    if version.proposed_by_side == _side(access):
        raise NotOpen(_("This is your own proposal. Withdraw it to change it."), code="not_open")
    version.state = VersionState.COUNTERED
    version.save(update_fields=["state"])
    counter = IndicatorVersion(
        indicator=version.indicator,
        number=version.number + 1,
        counters=version,
        note=note,
        **_with_first_day(definition),
    )
    _check_same_kind(counter)
    check_definition(counter)
    if _same_content(counter, version):
        raise ValidationError(_("Nothing is changed. Accept the proposal, or change something."), code="unchanged")
    counter.save()
    return _open_proposal(counter, by=by, to=_who_answers(version) if access is None else None, access=access)


def _who_answers(version: IndicatorVersion) -> Contact | None:
    """Whoever signed the customer's proposal, otherwise the customer's first sponsor."""
    signed = version.agreements.filter(side=Side.CUSTOMER).select_related("contact").first()
    if signed is not None:
        return signed.contact
    customer = version.indicator.goal.customer
    sponsors = PortalAccess.objects.filter(
        contact__customer=customer, contact__is_active=True, revoked_at__isnull=True, role="sponsor"
    )
    sponsor = sponsors.select_related("contact").order_by("pk").first()
    return sponsor.contact if sponsor is not None else None


def _same_content(one: IndicatorVersion, other: IndicatorVersion) -> bool:
    names = [name for name in DEFINITION_FIELDS if name not in ("valid_from", "valid_from_last_signature")]
    return all((getattr(one, name) or None) == (getattr(other, name) or None) for name in names)


@transaction.atomic
def decline_version(
    version: IndicatorVersion, *, by: User, note: str, access: PortalAccess | None = None
) -> IndicatorVersion:
    """Say no, with a reason; the proposer hears of it."""
    if not note.strip():
        raise ValidationError({"note": _("Please say why, so that the other side can make a better proposal.")})
    version = _locked(version, VersionState.PROPOSED)
    if version.proposed_by_side == _side(access):
        raise NotOpen(_("This is your own proposal. You can withdraw it."), code="not_open")
    version.state, version.note = VersionState.DECLINED, note
    version.save(update_fields=["state", "note"])
    record("indicator.declined", by=by, target=version, side=_side(access))
    mails.answered(version, "declined", by_customer=access is not None)
    return version


@transaction.atomic
def withdraw_version(version: IndicatorVersion, *, by: User, access: PortalAccess | None = None) -> IndicatorVersion:
    """Take one's own side's proposal back; what a sponsor signed only a sponsor takes back."""
    version = _locked(version, VersionState.PROPOSED)
    if version.proposed_by_side != _side(access):
        raise NotOpen(_("Only the side that proposed it can withdraw it."), code="not_open")
    if access is not None and not access.may_sign and version.agreements.filter(side=Side.CUSTOMER).exists():
        raise ValidationError(
            _("A sponsor has signed this proposal; only a sponsor withdraws it."), code="may_not_sign"
        )
    version.state = VersionState.WITHDRAWN
    version.save(update_fields=["state"])
    record("indicator.withdrawn", by=by, target=version)
    return version


def may_remind(version: IndicatorVersion) -> bool:
    """Whether our proposal lies before somebody for a day or longer."""
    asked = version.state == VersionState.PROPOSED and version.proposed_to_id and version.proposed_at
    return bool(asked and version.proposed_at <= timezone.now() - REMIND_AFTER)  # type: ignore[operator]


@transaction.atomic
def remind_of_proposal(version: IndicatorVersion, *, by: User) -> None:
    """Send the mail about our open proposal again, once a day at most. Raises ValidationError when nobody gets it."""
    version = _of_open_goal(version, VersionState.PROPOSED)
    if version.proposed_to is None:
        raise NotOpen(_("Nobody at the customer is asked to answer this."), code="not_open")
    _check_can_sign(version.proposed_to, version)
    if not may_remind(version) or not mails.proposed_again(version, today(workspace_settings())):
        raise NotOpen(_("The mail went out less than a day ago."), code="too_soon")
    record("indicator.reminded", by=by, target=version, contact=version.proposed_to.pk)


def may_record_agreement(user: User, indicator: Indicator) -> bool:
    """It stands for the customer's signature, so a lead who owns neither asks who does (design.md, section 4)."""
    return user.role == Role.ADMIN or user.pk in (indicator.owner_id, indicator.goal.customer.owner_id)


@transaction.atomic
def record_agreement(
    version: IndicatorVersion, *, contact: Contact, agreed_on: date, evidence: str, by: User
) -> IndicatorVersion:
    """Note an agreement given outside (by mail, in a meeting): shown as recorded, never as a portal signature.

    Raises PermissionDenied for whoever neither owns the indicator or its customer nor administers.
    """
    version = _of_open_goal(version, VersionState.DRAFT, VersionState.PROPOSED)
    if not may_record_agreement(by, version.indicator):
        raise PermissionDenied
    if contact.customer_id != version.indicator.goal.customer_id:
        raise ValidationError({"contact": _("Please choose a contact of this customer.")})
    if agreed_on > today(workspace_settings()):
        raise ValidationError({"agreed_on": _("This day lies in the future.")})
    if not evidence.strip():
        raise ValidationError(
            {"evidence": _("Please say where the agreement can be found, e.g. the mail or the minutes.")}
        )
    check_definition(version)
    version.content_hash = content_hash(version)
    signed_at = timezone.now()
    for side, person in ((Side.STAFF, None), (Side.CUSTOMER, contact)):
        Agreement.objects.get_or_create(
            version=version,
            side=side,
            defaults={
                "user": by,
                "contact": person,
                "signed_at": signed_at,
                "language": by.language,
                "content_hash": version.content_hash,
                "provenance": Provenance.RECORDED,
                "evidence": evidence,
            },
        )
    _agree(version, agreed_on, Provenance.RECORDED)
    record("indicator.agreement_recorded", by=by, target=version, contact=contact.pk, agreed_on=str(agreed_on))
    return version


@transaction.atomic
def retire_indicator(indicator: Indicator, *, by: User) -> None:
    """From today on it is no longer measured and leaves score and report; what was measured stays."""
    version = indicator.versions.select_for_update().filter(state=VersionState.AGREED).order_by("-number").first()
    if version is None:
        raise NotOpen(_("Only an agreed indicator can be retired."), code="not_open")
    version.state, version.retired_on = VersionState.RETIRED, today(workspace_settings())
    version.save(update_fields=["state", "retired_on"])
    record("indicator.retired", by=by, target=version)


# --- shared -----------------------------------------------------------------------------------------


def _locked(version: IndicatorVersion, *states: str) -> IndicatorVersion:
    """The version as it is now, locked with its indicator; raises NotOpen in any other state.

    The goal is locked first, here as in ``draft_version``: in opposite orders two would wait for each other.
    """
    Goal.objects.select_for_update().get(indicators=version.indicator_id)
    Indicator.objects.select_for_update().get(pk=version.indicator_id)
    version = IndicatorVersion.objects.select_related("indicator__goal__customer").get(pk=version.pk)
    if version.state not in states:
        raise NotOpen(
            _("This is not possible any more: the state is now “%(state)s”.") % {"state": version.get_state_display()},
            code="not_open",
        )
    return version


def _of_open_goal(version: IndicatorVersion, *states: str) -> IndicatorVersion:
    """As ``_locked``; raises NotOpen also when the goal was retired meanwhile."""
    version = _locked(version, *states)
    if version.indicator.goal.state == Goal.State.RETIRED:
        raise NotOpen(_("This goal is retired already."), code="retired")
    return version


def _side(access: PortalAccess | None) -> str:
    return Side.STAFF if access is None else Side.CUSTOMER


def _sign(version: IndicatorVersion, *, by: User, access: PortalAccess | None) -> None:
    if content_hash(version) != version.content_hash:
        raise NotOpen(_("The definition has changed since it was proposed. Please reload the page."), code="not_open")
    Agreement.objects.create(
        version=version,
        side=_side(access),
        user=by,
        contact=access.contact if access else None,
        signed_at=timezone.now(),
        language=by.language,
        content_hash=version.content_hash,
    )


def _agree(version: IndicatorVersion, agreed_on: date, provenance: str) -> None:
    version.state, version.agreed_on, version.provenance = VersionState.AGREED, agreed_on, provenance
    if version.valid_from_last_signature:
        version.valid_from = agreed_on
    version.save()
    earlier = version.indicator.versions.filter(state=VersionState.AGREED).exclude(pk=version.pk)
    earlier.update(state=VersionState.SUPERSEDED)
    goal = version.indicator.goal
    if goal.state in (Goal.State.DRAFT, Goal.State.PROPOSED):
        goal.state = Goal.State.AGREED
        goal.save(update_fields=["state"])
