"""The database itself keeps agreed rows as they are."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.audit.services import record
from accounts.models import Team


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", ["first", "after a flush"])
def test_the_audit_can_be_written_but_neither_changed_nor_emptied(run):
    entry = record("test", by=None, target=Team.objects.create(name=run))
    for statement in (
        "UPDATE audit_auditentry SET verb = 'x'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
    ):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    entry.refresh_from_db()
    assert entry.verb == "test"
