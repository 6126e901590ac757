"""Adding, changing, archiving and bringing back records of a customer; the rules are those of the import."""

from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Customer, User
from accounts.records.custom import checked_values
from accounts.records.models import CustomField
from accounts.records.queries import may_bring_back, objections, values_in_use
from accounts.records.registry import Kind, kind_of


@transaction.atomic
def add_record(kind: Kind, customer: Customer | None, /, *, by: User, key: UUID | None = None, **fields: Any) -> Any:
    """A new record of the customer, or of the workspace. The same form again (``key``) is the first one.

    Raises ValidationError by field.
    """
    whose = {"customer": customer} if hasattr(kind.model, "customer") else {}
    if key and (twin := kind.model.everything.filter(**{kind.key: str(key)}, **whose).first()):
        return twin
    row = kind.model(**whose, **_with_custom(kind.model(), fields))
    if key:
        setattr(row, kind.key, str(key))
    _check(kind, row)
    row.save()
    record("record.added", by=by, target=row, customer=_customer_id(row), kind=kind.slug)
    return row


@transaction.atomic
def edit_record(row: Any, *, by: User, **fields: Any) -> Any:
    """Change what is named and nothing else. Raises ValidationError by field, also for an archived record."""
    kind = kind_of(row)
    row = _held(row)
    if row.archived_at is not None:
        raise ValidationError(_("This is archived. Please bring it back first."), code="archived")
    fields = _with_custom(row, fields)
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    _check(kind, row)
    if changed:
        row.updated_at = timezone.now()
        row.save(update_fields=[*changed, "updated_at"])
        record("record.changed", by=by, target=row, customer=_customer_id(row), kind=kind.slug, fields=sorted(changed))
    return row


@transaction.atomic
def archive_record(row: Any, *, by: User) -> Any:
    """Out of lists and, where figures are made of it, out of those. Archived twice is archived once."""
    row = _held(row)
    if row.archived_at is None:
        row.archived_at = timezone.now()
        row.save(update_fields=["archived_at"])
        record("record.archived", by=by, target=row, customer=_customer_id(row), kind=kind_of(row).slug)
    return row


@transaction.atomic
def restore_record(row: Any, *, by: User) -> Any:
    """Back as it was. Raises ValidationError when its place is taken by now."""
    kind = kind_of(row)
    row = _held(row)
    _refuse_merged(row)
    if row.archived_at is not None:
        row.archived_at = None
        _check(kind, row)
        row.save(update_fields=["archived_at"])
        record("record.restored", by=by, target=row, customer=_customer_id(row), kind=kind.slug)
    return row


@transaction.atomic
def add_customer(*, by: User, key: UUID | None = None, **fields: Any) -> Customer:
    """A new customer; it is the person's own unless another owner is named. The same form again is the first one."""
    if key and (twin := Customer.objects.filter(external_id=str(key), owner=by).first()):
        return twin
    customer = Customer(**{"owner": by, **_with_custom(Customer(), fields)})
    if key:
        customer.external_id = str(key)
    _validate(customer)
    customer.save()
    record("customer.created", by=by, target=customer)
    return customer


@transaction.atomic
def edit_customer(customer: Customer, *, by: User, **fields: Any) -> Customer:
    """Change what is named and nothing else. Raises ValidationError by field, also for an archived customer."""
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    if customer.archived_at is not None:
        raise ValidationError(_("This is archived. Please bring it back first."), code="archived")
    fields = _with_custom(customer, fields)
    changed = [name for name, value in fields.items() if getattr(customer, name) != value]
    for name in changed:
        setattr(customer, name, fields[name])
    _validate(customer)
    if changed:
        customer.updated_at = timezone.now()
        customer.save(update_fields=[*changed, "updated_at"])
        record("customer.changed", by=by, target=customer, fields=sorted(changed))
    return customer


@transaction.atomic
def archive_customer(customer: Customer, *, by: User) -> Customer:
    """Out of lists and closed for writing; its figures stay. Raises ValidationError while something waits there."""
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if customer.archived_at is not None:
        return customer
    if reasons := objections(customer):
        raise ValidationError([ValidationError(reason, code="in_the_way") for reason in reasons])
    customer.archived_at = timezone.now()
    customer.save(update_fields=["archived_at"])
    record("customer.archived", by=by, target=customer)
    return customer


@transaction.atomic
def restore_customer(customer: Customer, *, by: User) -> Customer:
    """Back as it was. Raises PermissionDenied for whoever may not archive it either."""
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if not may_bring_back(by, customer):
        raise PermissionDenied
    _refuse_merged(customer)
    if customer.archived_at is not None:
        customer.archived_at = None
        customer.save(update_fields=["archived_at"])
        record("customer.restored", by=by, target=customer)
    return customer


@transaction.atomic
def define_field(*, by: User, **fields: Any) -> CustomField:
    """A field more for all customers or contacts. Raises ValidationError by field."""
    field = CustomField(**fields)
    _check_field(field)
    field.save()
    record("field.defined", by=by, target=field, key=field.key)
    return field


@transaction.atomic
def edit_field(field: CustomField, *, by: User, **fields: Any) -> CustomField:
    """Names and choices; a choice that rows hold stays among them. Raises ValidationError by field."""
    field = CustomField.everything.select_for_update().get(pk=field.pk)
    for name in ("label_en", "label_de", "choices"):
        setattr(field, name, fields.get(name, getattr(field, name)))
    _check_field(field)
    field.save()
    record("field.changed", by=by, target=field, key=field.key)
    return field


@transaction.atomic
def archive_field(field: CustomField, *, by: User, back: bool = False) -> CustomField:
    """Out of forms, lists and files, or ``back`` in them; the values stay in the rows."""
    field = CustomField.everything.select_for_update().get(pk=field.pk)
    if (field.archived_at is None) != back:
        field.archived_at = None if back else timezone.now()
        field.save(update_fields=["archived_at"])
        record("field.restored" if back else "field.archived", by=by, target=field, key=field.key)
    return field


def _check_field(field: CustomField) -> None:
    if field.kind == CustomField.Kind.CHOICE and not field.choices:
        raise ValidationError({"choices": _("Please give at least one value to choose.")})
    _validate(field)
    if CustomField.everything.filter(subject=field.subject, key=field.key).exclude(pk=field.pk).exists():
        raise ValidationError({"key": _("This short name is taken, perhaps by an archived field.")})
    if field.kind == CustomField.Kind.CHOICE and (gone := values_in_use(field) - set(field.choices)):
        text = _("Customers or contacts still have this value: %(value)s")
        raise ValidationError({"choices": text % {"value": ", ".join(sorted(gone)[:5])}})


def _with_custom(row: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """``custom`` names some of the custom fields; the row keeps the others."""
    if "custom" not in fields:
        return fields
    values = row.custom | checked_values(row._meta.model_name, fields["custom"])
    return fields | {"custom": {key: text for key, text in values.items() if text}}


def _refuse_merged(row: Any) -> None:
    if getattr(row, "merged_into_id", None) is not None:
        raise ValidationError(_("This was merged into another record and cannot be brought back."), code="merged")


def _held(row: Any) -> Any:
    """Locked until the end of the transaction, with what it names."""
    return type(row).everything.select_for_update(of=("self",)).get(pk=row.pk)


def _customer_id(row: Any) -> int | None:
    """None for a record of the workspace."""
    found: int | None = getattr(row, "customer_id", None)
    return found


def _check(kind: Kind, row: Any) -> None:
    for name in kind.relations:
        other = getattr(row, name)
        if other is not None and other.customer_id != row.customer_id:
            raise ValidationError({name: _("This belongs to another customer.")})
    _validate(row)
    for rule in kind.rules:
        rule(row)


def _validate(row: Any) -> None:
    """A constraint names its field by the code of its error."""
    try:
        row.full_clean()
    except ValidationError as refused:
        fields = {field.name for field in row._meta.fields}
        errors = dict(refused.error_dict)
        for error in errors.pop(NON_FIELD_ERRORS, []):
            at = error.code if error.code and error.code in fields else NON_FIELD_ERRORS
            errors.setdefault(at, []).append(error)
        raise ValidationError(errors) from None
