"""Shared by all tests."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

os.environ.setdefault("CS_STATIC_STORAGE", "django.contrib.staticfiles.storage.StaticFilesStorage")
os.environ.setdefault("CS_SECRET_KEY", "only-for-tests")


@pytest.fixture(autouse=True, scope="session")
def _static_root_exists():
    """WhiteNoise warns about a folder that only collectstatic makes."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards():
    """Append-only tables refuse TRUNCATE; only the flush between two tests may pass."""
    from django.db.backends.postgresql.operations import DatabaseOperations
    from pgtrigger import registered

    sql_flush = DatabaseOperations.sql_flush
    guards = ",".join(sorted(trigger.get_pgid(model) for model, trigger in registered()))

    def flush(self, style, tables, **options):
        return [
            f"SELECT set_config('pgtrigger.ignore', '{{{guards}}}', true)",
            *sql_flush(self, style, tables, **options),
        ]

    DatabaseOperations.sql_flush = flush
    yield
    DatabaseOperations.sql_flush = sql_flush


@pytest.fixture(autouse=True)
def _english_before_each_test():
    """A request leaves its language active in the thread; no test may read in that of the one before."""
    translation.activate("en")
    yield
    translation.deactivate()
