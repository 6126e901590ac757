"""The chain: one line of hashes, and a check that finds what was changed in the database itself."""

import pgtrigger
import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from accounts.audit.chain import ChainCheck, check_chain
from accounts.audit.models import AuditEntry
from accounts.audit.services import record
from cs_portal.kit.tracing import within
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    user, team = make_user(), make_team()
    with within("request-0001", "203.0.113.77"):
        return [record("test", by=user, target=team, number=number, words=["ä", None, 1.5]) for number in range(5)]


def tamper(statement, *params):
    """As somebody would who owns the tables."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_an_untouched_chain_holds(entries, capsys):
    assert check_chain() == ChainCheck(5, entries[-1].hash)
    call_command("audit_check")
    assert capsys.readouterr().out == f"5 entries hold; the last one's hash is {entries[-1].hash}\n"


def test_an_empty_one_too():
    assert check_chain() == ChainCheck(0, "")


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'other'",
        "actor_id = NULL",
        "details = '{}'",
        "origin = ''",
        "request_id = ''",
        "at = at + interval '1 microsecond'",
        "target_id = '0'",
    ],
)
def test_a_changed_entry_is_named(entries, change):
    tamper(f"UPDATE audit_auditentry SET {change} WHERE id = %s", entries[2].pk)  # noqa: S608 - written above
    assert check_chain() == ChainCheck(2, entries[1].hash, entries[2].pk)
    with pytest.raises(CommandError, match=f"Entry {entries[2].pk} does not hold") as error:
        call_command("audit_check")
    assert error.value.returncode == 1


def test_a_missing_entry_breaks_the_next_one(entries):
    tamper("DELETE FROM audit_auditentry WHERE id = %s", entries[2].pk)
    assert check_chain().broken == entries[3].pk


def test_an_entry_says_from_where_and_in_which_request(entries):
    assert {(entry.origin, entry.request_id) for entry in AuditEntry.objects.all()} == {
        ("203.0.113.0/24", "request-0001")
    }


def test_entries_from_before_there_was_an_origin_still_hold(entries):
    with within(""):
        old = record("test", by=None, target=make_team())
    assert (old.origin, check_chain().entries) == ("", 6)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_line():
    """The second waits for the first one's transaction, also when nobody opened one around it."""
    team = make_team()
    params = connection.get_connection_params()
    options = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)}
    with psycopg.connect(**options) as elsewhere:
        elsewhere.execute("SELECT pg_advisory_xact_lock(7204001)")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                record("test", by=None, target=team)
            cursor.execute("RESET lock_timeout")
    record("test", by=None, target=team)
    record("test", by=None, target=team)
    assert check_chain().entries == 2
