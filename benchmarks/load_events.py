"""Loading usage events through the loader, beside a bare COPY of the same file into a table with the same indexes.

CS_SCALE is a share of 1,000,000 rows (default 0.1). CS_SESSION is the number of events in a session (default 8; 1 is
the worst case: nearly every event has a day of its own to be rolled up). Everything happens in a transaction that is
rolled back.
"""

import os
import random
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from accounts.integrations.services import load_directory
from accounts.models import Customer, EndUser

LIMIT, MOST_MB, EVENTS = 4, 300, 1_000_000
CUSTOMERS, USERS_EACH, DAYS = 300, 20, 365
FEATURES = ("report", "export", "search", "dashboard", "invite", "settings", "share", "import")
SESSION = int(os.environ.get("CS_SESSION", "8"))
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
INDEXED = """
CREATE TABLE bare (
    external_id varchar(100), customer varchar(100), end_user varchar(100), name varchar(255), occurred_at timestamptz,
    feature varchar(255), duration_seconds numeric(28, 10), properties text, id bigserial PRIMARY KEY
);
CREATE UNIQUE INDEX ON bare (external_id);
CREATE INDEX ON bare (end_user, occurred_at);
CREATE INDEX ON bare USING brin (occurred_at)
"""
COLUMNS = "external_id, customer, end_user, name, occurred_at, feature, duration_seconds, properties"


def write_file(path, rows):
    """Sessions in the order of time, as an export has them; some events with a duration or properties."""
    dice = random.Random(1)
    step = timedelta(days=DAYS) / rows
    user, at = 0, FIRST
    with path.open("w") as file:
        file.write(COLUMNS.replace(" ", "") + "\n")
        for number in range(rows):
            if number % SESSION == 0:
                user, at = dice.randrange(CUSTOMERS * USERS_EACH), FIRST + number * step
            at += timedelta(seconds=dice.randrange(300))
            moment = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            feature = dice.choice(FEATURES)
            length = dice.randrange(900) if number % 5 == 0 else ""
            more = '"{""plan"": ""pro""}"' if number % 10 == 0 else ""
            file.write(
                f"evt-{number:09},bc-{user % CUSTOMERS},bu-{user},{feature}.open,{moment},{feature},{length},{more}\n"
            )


def make_users():
    customers = Customer.objects.bulk_create(Customer(external_id=f"bc-{n}", name=f"{n}") for n in range(CUSTOMERS))
    EndUser.objects.bulk_create(
        EndUser(external_id=f"bu-{n}", customer=customers[n % CUSTOMERS]) for n in range(CUSTOMERS * USERS_EACH)
    )


def seconds(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def copy_bare(path):
    with connection.cursor() as cursor, path.open("rb") as file:
        with cursor.copy(f"COPY bare ({COLUMNS}) FROM STDIN (FORMAT csv, HEADER)") as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def memory_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def loaded(folder, rows):
    outcome = load_directory(folder, by=None)
    assert outcome.files[0].created == rows, outcome.files[0].counts
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


rows = int(EVENTS * float(os.environ.get("CS_SCALE", "0.1")))
with tempfile.TemporaryDirectory() as place, transaction.atomic():
    folder = Path(place)
    path = folder / "usage_events.csv"
    write_file(path, rows)
    make_users()
    with connection.cursor() as cursor:
        cursor.execute(INDEXED)
        cursor.execute("TRUNCATE usage_usageevent, usage_userday, usage_featureday")  # comes back with the rollback
        cursor.execute("ANALYZE accounts_customer, accounts_enduser")
    bare = seconds(lambda: copy_bare(path))
    before = memory_mb()
    ours = seconds(lambda: loaded(folder, rows))
    transaction.set_rollback(True)
print(f"{rows} rows: load {ours:.1f} s, bare COPY {bare:.1f} s: {ours / bare:.2f} × (limit {LIMIT} ×)")
print(f"memory: {memory_mb():.0f} MB at most, {memory_mb() - before:.0f} MB of it for the load (limit {MOST_MB} MB)")
