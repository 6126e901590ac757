"""Whether any fact has changed: readings are remembered until one has (docs/decisions/0006)."""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, connections
from django.db.models import Model

from cs_portal.kit.once import once
from kvi.models import FactChange

FACTS = frozenset({"accounts", "health", "kvi", "onboarding", "revenue", "support", "surveys", "usage"})
NO_FACTS = frozenset(
    {"kvi.factchange", "accounts.portalaccess", "accounts.staffinvitation", "accounts.team", "accounts.user"}
)
KEPT = 1000
FactsVersion = tuple[int, int]

FUNCTION = """
CREATE OR REPLACE FUNCTION note_fact_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO kvi_factchange DEFAULT VALUES; RETURN NULL; END $$
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER note_fact_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION note_fact_change()
"""


@once
def facts_version() -> FactsVersion:
    """Equal as long as this transaction sees the same facts, whatever was rolled back; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(sum(id), 0)::bigint FROM kvi_factchange")
        count, total = cursor.fetchone()
    return count, total


def fact_models() -> Iterator[type[Model]]:
    """Of the tables that a tally may read. A new model of these rooms is one of them until it is named above."""
    for model in apps.get_models():
        if model._meta.app_label in FACTS and model._meta.label_lower not in NO_FACTS:
            yield model


def watch_facts(sender: AppConfig, using: str, **_more: Any) -> None:
    """Received after every migration: each table of facts notes its changes."""
    with connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
        if FactChange._meta.db_table not in tables:
            return
        cursor.execute(FUNCTION)
        for model in fact_models():
            if model._meta.db_table in tables:
                cursor.execute(TRIGGER.format(table=connections[using].ops.quote_name(model._meta.db_table)))


def forget_old_changes() -> int:
    """Delete all but the latest once they are many; returns how many. Costs each question one new answer."""
    ids = FactChange.objects.order_by("-pk").values_list("pk", flat=True)
    if FactChange.objects.count() <= 2 * KEPT:
        return 0
    return FactChange.objects.filter(pk__lte=ids[KEPT]).delete()[0]
