"""Shared by all tests."""

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

_sql_flush = DatabaseOperations.sql_flush


def _flush_past_the_guards(self, style, tables, **options):
    """Append-only tables refuse TRUNCATE; only the flush between two tests may pass."""
    statements = _sql_flush(self, style, tables, **options)
    return ["SELECT set_config('pgtrigger.ignore', '{" + ",".join(_guards()) + "}', true)", *statements]


def _guards():
    from pgtrigger import registered

    return sorted({f"{model._meta.db_table}:{trigger.get_pgid(model)}" for model, trigger in registered()})


@pytest.fixture(autouse=True, scope="session")
def _flush_in_tests():
    DatabaseOperations.sql_flush = _flush_past_the_guards
    yield
    DatabaseOperations.sql_flush = _sql_flush
