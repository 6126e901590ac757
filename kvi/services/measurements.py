"""Measured by either side; confirmed or disputed by the customer. Disputed values never count."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import PortalAccess, User
from accounts.services import workspace_settings
from kvi import notices
from kvi.models import Indicator, IndicatorVersion, Measurement
from kvi.queries import version_on
from kvi.rules import check_measurement
from kvi.scorecard import today

Status = Measurement.Status


@transaction.atomic
def record_measurement(
    indicator: Indicator,
    *,
    day: date,
    by: User,
    value: Decimal | None = None,
    level: int | None = None,
    comment: str = "",
    evidence: str = "",
    access: PortalAccess | None = None,
    origin: str | None = None,
) -> Measurement:
    """Store what was measured on a day, in the unit of the version in force on it; a second one for the day revises it.

    A contact's own value (``access``) is confirmed by entering it, anybody else's waits for the customer. The same
    again changes nothing: our side cannot take back the customer's answer by entering the value anew. Raises
    ValidationError by field.
    """
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    version = version_on(indicator, day)
    check_measurement(version, day=day, today=today(workspace_settings()), value=value, level=level)
    measured: dict[str, Decimal | int | None] = {"level": level} if _is_in_words(version) else {"value": value}
    status = Status.UNCONFIRMED if access is None else Status.CONFIRMED
    existing = indicator.measurements.filter(date=day).order_by("-external_id").first()
    if existing is not None and _has(existing, measured):
        if access is None:
            return _said_again(existing, next(iter(measured)), comment, by)
        if (existing.comment, existing.status) == (comment, status):
            return existing
    row = existing or Measurement(indicator=indicator, date=day)
    for name, what in {**measured, "comment": comment, "evidence": evidence, "status": status}.items():
        setattr(row, name, what)
    row.origin = origin or (Measurement.Origin.STAFF if access is None else Measurement.Origin.CUSTOMER)
    row.touched_in_app, row.entered_by, row.dispute_reason = True, by, ""
    row.decided_by, row.decided_at = (None, None) if access is None else (by, timezone.now())
    row.save()
    record("measurement.recorded" if existing is None else "measurement.revised", by=by, target=row, status=status)
    return row


def _is_in_words(version: IndicatorVersion | None) -> bool:
    return version is not None and version.kind == IndicatorVersion.Kind.QUALITATIVE


def _has(row: Measurement, measured: dict[str, Decimal | int | None]) -> bool:
    return all(getattr(row, name) == what for name, what in measured.items())


def _said_again(row: Measurement, field: str, comment: str, by: User) -> Measurement:
    """Our side enters the value that is there: what the customer said of it and with it stays."""
    if row.status == Status.DISPUTED:
        raise ValidationError({field: _("The customer disputes this value. Enter the right one, or ask them.")})
    if row.comment != comment and row.origin != Measurement.Origin.CUSTOMER:
        row.comment = comment
        row.save(update_fields=["comment"])
        record("measurement.commented", by=by, target=row)
    return row


@transaction.atomic
def confirm_measurement(measurement: Measurement, *, revision: int, by: User) -> Measurement:
    """The customer agrees with the value they read (``revision``). Confirming it again changes nothing."""
    row = _locked(measurement)
    if row.revision != revision:
        raise ValidationError(_("This value was changed meanwhile. Please read it again."), code="changed")
    if row.status == Status.CONFIRMED:
        return row
    if row.status == Status.DISPUTED:
        raise ValidationError(
            _("This value is disputed. Withdraw the dispute, or enter the right value."), code="disputed"
        )
    return _decide(row, Status.CONFIRMED, "", by)


@transaction.atomic
def dispute_measurement(measurement: Measurement, *, reason: str, by: User) -> Measurement:
    """The customer does not agree: the value stops counting until it is revised or the dispute withdrawn."""
    if not reason.strip():
        raise ValidationError({"reason": _("Please say what is wrong with the value.")})
    row = _decide(_locked(measurement), Status.DISPUTED, reason, by)
    notices.disputed(row)
    return row


@transaction.atomic
def withdraw_dispute(measurement: Measurement, *, by: User) -> Measurement:
    row = _locked(measurement)
    if row.status != Status.DISPUTED:
        raise ValidationError(_("This value is not disputed any more."), code="not_disputed")
    return _decide(row, Status.UNCONFIRMED, "", by)


def _locked(measurement: Measurement) -> Measurement:
    return Measurement.objects.select_for_update().get(pk=measurement.pk)


def _decide(row: Measurement, status: str, reason: str, by: User) -> Measurement:
    row.status, row.dispute_reason, row.touched_in_app = status, reason, True
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["status", "dispute_reason", "touched_in_app", "decided_by", "decided_at"])
    record(f"measurement.{status}", by=by, target=row)
    return row
