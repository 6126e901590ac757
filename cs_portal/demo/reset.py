"""Empty the demo: every row about its customers goes; people, settings, surveys, rates and the audit stay."""

from collections.abc import Iterator

import pgtrigger
from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, Model

from accounts.attachments.models import Attachment
from accounts.jobs.models import Job
from accounts.models import Customer
from accounts.services import workspace
from cs_portal.demo.catalogue import COMPANIES
from cs_portal.demo.company import customer_id
from reports.models import Rendering
from surveys.models import Wave

CUSTOMERS = tuple(customer_id(number) for number in range(len(COMPANIES)))


def foreign_customers() -> int:
    """Customers that the demo did not make."""
    customers = Customer.objects.all()
    return (customers.exclude(external_id__in=CUSTOMERS) if workspace().made_by_demo else customers).count()


def is_demo() -> bool:
    return workspace().made_by_demo and Customer.objects.exists()


@transaction.atomic
def empty() -> None:
    """Only called for a database whose customers are all the demo's."""
    jobs = list(Rendering.objects.values_list("job", flat=True))
    for rendering in Rendering.objects.exclude(file=""):
        transaction.on_commit(lambda file=rendering.file: file.storage.delete(file.name))
    for attachment in Attachment.objects.all():
        transaction.on_commit(lambda file=attachment.file: file.storage.delete(file.name))
    with pgtrigger.ignore(), connection.cursor() as cursor:
        # Foreign keys are checked at the end, so that the order does not matter.
        for table, columns in _tables_about_customers():
            about = " OR ".join(f"{column} IS NOT NULL" for column in columns) or "true"
            cursor.execute(f"DELETE FROM {table} WHERE {about}")  # noqa: S608 - names of our own models
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    Job.objects.filter(pk__in=jobs).delete()
    Wave.objects.filter(invitations__isnull=True).delete()


def _tables_about_customers() -> Iterator[tuple[str, list[str]]]:
    """Each table whose rows lead to a customer, with the columns that do."""
    found: dict[type[Model], list[str]] = {Customer: []}
    while missing := {model: keys for model in _all_models() if (keys := _keys(model, found)) and model not in found}:
        found |= missing
    for model in found:
        yield model._meta.db_table, _keys(model, found) if model is not Customer else []


def _all_models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _keys(model: type[Model], found: dict[type[Model], list[str]]) -> list[str]:
    keys = (field for field in model._meta.concrete_fields if isinstance(field, ForeignKey))
    return [field.column for field in keys if field.related_model in found]
