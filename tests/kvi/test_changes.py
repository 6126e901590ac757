"""A reading is remembered exactly as long as the facts behind it are the same."""

import pytest
from django.db import connection, transaction

from cs_portal.metrics.base import Period
from kvi import changes
from kvi.changes import fact_models, facts_version, forget_old_changes
from kvi.models import FactChange
from kvi.scorecard import measure
from tests.factories.accounts import make_customer
from tests.factories.facts import make_subscription

pytestmark = pytest.mark.django_db
WATCHED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'note_fact_change'"
JUNE = Period.parse("2026-06")


def mrr():
    return [reading.as_json()["value"] for reading in measure(["mrr"], JUNE)]


def test_every_table_of_facts_is_watched():
    with connection.cursor() as cursor:
        cursor.execute(WATCHED)
        assert {row[0] for row in cursor.fetchall()} == {model._meta.db_table for model in fact_models()}


def test_the_version_changes_with_every_statement_and_returns_with_what_is_undone():
    customer = make_customer()
    before = facts_version()
    undo = transaction.savepoint()
    customer.delete()
    assert facts_version() != before
    transaction.savepoint_rollback(undo)
    assert facts_version() == before


def test_a_question_is_asked_once_until_a_fact_changes(django_assert_num_queries):
    subscription = make_subscription(make_customer(), "2026-01-01", None, 100)
    assert mrr() == ["100"]
    with django_assert_num_queries(2):  # the settings and the version
        assert mrr() == ["100"]
    type(subscription).objects.update(mrr=70)
    assert mrr() == ["70"]
    undo = transaction.savepoint()
    subscription.delete()
    assert mrr() == [None]
    transaction.savepoint_rollback(undo)
    assert mrr() == ["70"]


def test_only_the_latest_changes_are_kept(monkeypatch):
    monkeypatch.setattr(changes, "KEPT", 3)
    FactChange.objects.all().delete()
    FactChange.objects.bulk_create([FactChange() for _row in range(6)])
    assert (forget_old_changes(), FactChange.objects.count()) == (0, 6)
    latest = FactChange.objects.create()
    assert (forget_old_changes(), FactChange.objects.count()) == (4, 3)
    assert FactChange.objects.latest("pk") == latest
