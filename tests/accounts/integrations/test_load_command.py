"""``load DIR [--dry-run] [--strict]``: what is said, what is stored, how it ends (metrics.md, section 16 rule 1)."""

import threading

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.integrations import loading, services
from accounts.integrations.models import LoadRun
from accounts.models import Customer, UserGroup

from .conftest import run_load

GOOD = {"customers": "external_id,name\nA,Alpha\n", "user_groups": "external_id,customer,name\nG,A,g\n"}
MIXED = {"customers": "external_id,name\nA,Alpha\nB,\n", "user_groups": "external_id,customer,name\nG,A,g\nH,B,h\n"}
MIXED_SAID = (
    [
        "customers.csv created=1 updated=0 unchanged=0 rejected=1",
        "user_groups.csv created=1 updated=0 unchanged=0 rejected=1",
    ],
    ['customers.csv:3:name:missing_value: ""', 'user_groups.csv:3:customer:unknown_reference: "B"'],
    1,
)


def stored():
    return Customer.objects.count(), UserGroup.objects.count(), LoadRun.objects.count()


def test_accepted_rows_are_stored_and_the_others_reported(load):
    assert load(**MIXED) == MIXED_SAID
    assert stored() == (1, 1, 2)


@pytest.mark.parametrize("flags", [["--dry-run"], ["--strict"], ["--dry-run", "--strict"]])
def test_dry_and_strict_say_the_same_and_store_nothing(load, flags):
    assert load(*flags, **MIXED) == MIXED_SAID
    assert stored() == (0, 0, 0)


def test_a_dry_run_of_good_files_stores_nothing_either(load):
    assert load("--dry-run", **GOOD).status == 0
    assert stored() == (0, 0, 0)


def test_strict_stores_everything_or_nothing(load):
    assert load("--strict", **GOOD).status == 0
    assert stored() == (1, 1, 2)


@pytest.mark.parametrize(
    ("files", "warning"),
    [
        ({"customers": "external_id,name,x\nB,b,1\n"}, 'customers.csv:1:x:unknown_column: "x"'),
        ({"customers": "external_id,name\nB,b\n", "notes": ""}, 'notes.csv:1::unknown_file: "notes.csv"'),
    ],
)
def test_a_warning_matters_with_strict_only(load, files, warning):
    said = ["customers.csv created=1 updated=0 unchanged=0 rejected=0"]
    assert load("--strict", **files) == (said, [warning], 1)
    assert load("--strict", "--dry-run", **files) == (said, [warning], 1)
    assert load("--dry-run", **files) == (said, [warning], 0)
    assert stored() == (0, 0, 0)
    assert load(**files) == (said, [warning], 0)
    assert stored() == (1, 0, 1)


def test_a_refused_file_fails_the_load_and_stops_no_other_file(load):
    loaded = load(exchange_rates="currency\nUSD\n", **GOOD)
    assert (loaded.status, loaded.out[0]) == (1, "exchange_rates.csv created=0 updated=0 unchanged=0 rejected=0")
    assert stored() == (1, 1, 2)


def test_files_are_told_in_load_order(load):
    order = [
        "exchange_rates",
        "customers",
        "user_groups",
        "contacts",
        "subscriptions",
        "survey_invitations",
        "survey_responses",
        "goals",
        "kvis",
        "kvi_measurements",
    ]
    loaded = load(**dict.fromkeys(reversed(order), "x\n"))
    assert [line.split(".")[0] for line in loaded.out] == order
    assert [line.split(":")[:4] for line in loaded.err] == [
        [f"{name}.csv", "1", "", "missing_column"] for name in order
    ]


def test_an_empty_directory_is_loaded_in_silence(load):
    assert load() == ([], [], 0)


def test_a_directory_that_cannot_be_read_and_a_wrong_call_end_with_two(tmp_path, db):
    (tmp_path / "file").write_text("")
    assert [run_load(tmp_path / name).status for name in ("missing", "file")] == [2, 2]
    for arguments in ([], [str(tmp_path), "--other"], [str(tmp_path), str(tmp_path)]):
        with pytest.raises((CommandError, SystemExit)):
            call_command("load", *arguments)


@pytest.fixture
def session(transactional_db):
    """A session of somebody else on the same database."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as session:
        yield session


def test_a_second_load_waits_for_the_first_and_says_so_when_that_takes_too_long(tmp_path, session, monkeypatch):
    (tmp_path / "customers.csv").write_text(GOOD["customers"])
    session.execute("SELECT pg_advisory_lock(%s)", [services.LOAD_LOCK])
    monkeypatch.setattr(services, "PATIENCE", 0.3)
    refused = run_load(tmp_path)
    assert (refused.out, refused.status) == ([], 1)
    assert refused.err[0].startswith("Another load is still running.")

    monkeypatch.setattr(services, "PATIENCE", 60)
    end = threading.Timer(0.3, session.close)
    end.start()
    assert run_load(tmp_path).out == ["customers.csv created=1 updated=0 unchanged=0 rejected=0"]
    end.join()


def test_a_database_lost_while_rows_are_sent_ends_with_a_message_and_the_next_load_does_it_all(
    tmp_path, session, monkeypatch
):
    (tmp_path / "customers.csv").write_text("external_id,name\n" + "".join(f"C{n},n\n" for n in range(2_000)))
    read = loading.records

    def losing(file):
        for number, row in enumerate(read(file)):
            if number == 1_000:
                session.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
            yield row

    monkeypatch.setattr(loading, "records", losing)
    lost = run_load(tmp_path)
    connection.close()
    assert (lost.out, lost.status) == ([], 1)
    assert lost.err[0].startswith("The database broke the load off (")
    assert Customer.objects.count() == 0
    monkeypatch.setattr(loading, "records", read)
    assert run_load(tmp_path).out == ["customers.csv created=2000 updated=0 unchanged=0 rejected=0"]
