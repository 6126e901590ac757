"""``load DIR --mapping NAME``: another vendor's tables. The rows are our own; RavenStack's are used where they lie."""

import csv
import json
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from accounts.audit.models import AuditEntry
from accounts.integrations.mappings import converting
from accounts.integrations.models import LoadRun
from accounts.integrations.outcome import FileOutcome
from accounts.integrations.services import LoadError, load_directory
from accounts.models import Customer
from accounts.revenue.models import ChurnRecord, Subscription
from accounts.services import workspace
from accounts.support.models import Ticket
from accounts.usage.models import UsageDaily, UsageEvent
from cs_portal.metrics.base import Period
from kvi.scorecard import measure
from surveys.models import Response
from tests.factories.accounts import make_customer

from .conftest import run_load

TABLES = {
    "accounts.csv": (
        "account_id,account_name,industry,country,signup_date,referral_source,plan_tier,seats,is_trial,churn_flag\n"
        "A-1,Nordlicht,EdTech,DE,2024-01-05,partner,Basic,9,False,False\n"
        'A-2,"Fern, Weh\n& Co",FinTech,US,2023-08-17,ads,Pro,18,True,True\n'
        "A-3,,FinTech,US,2023-08-17,ads,Pro,18,True,True\n"
        "A-1,Twice,EdTech,DE,2024-01-05,partner,Basic,9,False,False\n"
    ),
    "subscriptions.csv": (
        "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,is_trial,upgrade_flag,"
        "downgrade_flag,churn_flag,billing_frequency,auto_renew_flag\n"
        "S-1,A-1,2024-01-05,,Basic,9,171,2052,False,False,False,False,monthly,True\n"
        "S-2,A-1,2024-03-01,2024-06-01,Pro,9,441,5292,False,True,False,False,monthly,True\n"
        "S-3,A-2,2024-02-01,,Pro,18,0,0,True,False,True,False,annual,False\n"
        "S-4,A-2,2024-04-01,,Pro,18,882,10584,False,True,True,False,annual,False\n"
        "S-5,A-2,2024-05-01,,Pro,18,882,10584,False,maybe,False,False,annual,False\n"
        "S-6,A-9,2024-05-01,,Pro,18,882,10584,False,False,False,False,annual,False\n"
        "S-7,A-2,05/01/2024,,Pro,18,-5,10584,False,False,False,False,annual,False\n"
        "S-8,A-2,2024-05-01,2024-04-01,Pro,18,5,60,False,False,False,False,annual,False\n"
    ),
    "feature_usage.csv": (
        "usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs,error_count,is_beta_feature\n"
        "U-1,S-1,2024-02-01,report,9,500,0,False\n"
        "U-2,S-2,2024-02-01,report,1,40,0,True\n"
        "U-3,S-3,2024-02-30,report,1,40,0,True\n"
        "U-4,S-3,2024-02-30,report,1,40,0,True\n"
        "U-5,S-99,2024-02-01,report,1,40,0,True\n"
    ),
    "support_tickets.csv": (
        "ticket_id,account_id,submitted_at,closed_at,resolution_time_hours,priority,first_response_time_minutes,"
        "satisfaction_score,escalation_flag\n"
        "T-1,A-1,2024-07-27,2024-07-28 03:00:00,27.0,high,74,,False\n"
        "T-2,A-2,2024-10-17,2024-10-17 19:00:00,19.0,urgent,93,4.0,False\n"
        "T-3,A-2,2024-10-17,2024-10-16 19:00:00,19.0,urgent,93,6.0,False\n"
        "T-4,A-2,2024-10-17\n"
    ),
    "churn_events.csv": (
        "churn_event_id,account_id,churn_date,reason_code,refund_amount_usd,preceding_upgrade_flag,"
        "preceding_downgrade_flag,is_reactivation,feedback_text\n"
        "C-1,A-1,2024-10-27,pricing,4.03,False,False,False,\n"
        "C-2,A-2,2024-06-25,support,96.45,True,False,False,slow\n"
        "C-3,A-2,2024-06-25,weather,96.45,True,False,False,\n"
    ),
}
OUT = [
    "customers.csv created=2 updated=0 unchanged=0 rejected=2",
    "subscriptions.csv created=4 updated=0 unchanged=0 rejected=4",
    "churn_records.csv created=2 updated=0 unchanged=0 rejected=1",
    "usage_daily.csv created=1 updated=0 unchanged=0 rejected=2",
    "tickets.csv created=2 updated=0 unchanged=0 rejected=2",
    "survey_responses.csv created=1 updated=0 unchanged=0 rejected=2",
]
ERR = [
    'accounts.csv:5:account_name:missing_value: ""',
    'accounts.csv:6:account_id:duplicate_key: "A-1"',
    'subscriptions.csv:6:upgrade_flag+downgrade_flag:bad_value: "maybe/False"',
    'subscriptions.csv:7:account_id:unknown_reference: "A-9"',
    'subscriptions.csv:8:start_date:bad_value: "05/01/2024"',
    'subscriptions.csv:9:end_date:conflict: "2024-04-01"',
    'churn_events.csv:4:reason_code:bad_value: "weather"',
    'feature_usage.csv:4:usage_date:bad_value: "2024-02-30"',
    'feature_usage.csv:6:subscription_id:unknown_reference: "S-99"',
    'support_tickets.csv:4:closed_at:conflict: "2024-10-16 19:00:00"',
    'support_tickets.csv:5::malformed_row: ""',
    'support_tickets.csv:4:satisfaction_score:out_of_range: "6.0"',
    'support_tickets.csv:5::malformed_row: ""',
]


ROOMS = (Customer, Subscription, ChurnRecord, UsageDaily, Ticket, Response)


@pytest.fixture
def source(tmp_path: Path, db: None) -> Path:
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def stored() -> list[int]:
    return [model.objects.count() for model in (*ROOMS, LoadRun)]


def test_rows_are_stored_and_what_is_refused_names_the_sources_line_and_column(source):
    for flags in (["--dry-run"], ["--strict"]):
        assert run_load(source, "--mapping", "ravenstack", *flags) == (OUT, ERR, 1)
        assert stored() == [0] * 7
    assert run_load(source, "--mapping", "ravenstack") == (OUT, ERR, 1)
    assert stored() == [2, 4, 2, 1, 2, 1, 6]

    second = Subscription.objects.values_list("customer__external_id", "mrr", "currency", "change_reason", "is_trial")
    assert list(second.order_by("external_id")) == [
        ("A-1", Decimal(171), "USD", "", False),
        ("A-1", Decimal(441), "USD", "upsell", False),
        ("A-2", Decimal(0), "USD", "downgrade", True),
        ("A-2", Decimal(882), "USD", "other", False),
    ]
    assert [*ChurnRecord.objects.order_by("reason").values_list("reason", "comment")] == [
        ("price", ""), ("support_quality", "slow")
    ]  # fmt: skip
    assert [*Response.objects.values_list("external_id", "kind", "score")] == [("csat:T-2", "csat", 4)]
    run = LoadRun.objects.get(file="subscriptions.csv")
    assert (run.created, run.rejected) == (4, 4)
    assert AuditEntry.objects.filter(verb="file.loaded", details__mapping="ravenstack").count() == 6

    again = [line.replace("created=", "created=0 ").split() for line in OUT]
    unchanged = [f"{name} created=0 updated=0 unchanged={count} {bad}" for name, _zero, count, _u, _n, bad in again]
    assert run_load(source, "--mapping", "ravenstack") == (unchanged, ERR, 1)


def test_a_wrong_mapping_or_source_ends_with_two_and_stores_nothing(source):
    own = source / "own.toml"
    own.write_text('[source.s]\nfile = "accounts.csv"\n[[target]]\nfile = "nothing.csv"\n')
    (source / "narrow").mkdir()
    (source / "narrow" / "accounts.csv").write_text("account_id\nA-1\n")
    (source / "narrow" / "subscriptions.csv").write_bytes(b"\xff\xfes\0")
    for path, name, said in (
        (source, "unknown", "No mapping 'unknown' is shipped; name one of "),
        (source, str(own), "own.toml, target 1.file: 'nothing.csv' is not allowed; allowed are exchange_rates.csv, "),
        (source, str(source / "none.toml"), f"{source}/none.toml: There is no such file."),
        (
            source,
            "hubspot",
            "There is no companies.csv or hubspot-crm-exports-*companies*.csv; there is accounts.csv, ",
        ),
        (source / "narrow", "ravenstack", "subscriptions.csv is not UTF-8. It looks like UTF-16; "),
        (source / "none", "ravenstack", f"{source}/none cannot be read: No such file or directory."),
    ):
        loaded = run_load(path, "--mapping", name)
        assert (loaded.out, loaded.status, loaded.err[0][: len(said)]) == ([], 2, said)
    (source / "narrow" / "subscriptions.csv").write_text("x\n")
    assert run_load(source / "narrow", "--mapping", "ravenstack").err == [
        "accounts.csv has no column 'account_name'; it has account_id. "
        "If another sign separates its columns, write it as delimiter into [source.accounts]."
    ]
    assert stored() == [0] * 7


def test_a_source_that_is_overwritten_meanwhile_ends_with_a_message(source):
    def overwrite(file: FileOutcome) -> None:
        (source / "subscriptions.csv").write_bytes(b"\xff\xfe\x00" * 10)

    with pytest.raises(LoadError, match=r"A file can no longer be read \(subscriptions\.csv is not UTF-8"):
        load_directory(source, by=None, mapping="ravenstack", told=overwrite)
    assert stored() == [2, 0, 0, 0, 0, 0, 1]


def test_a_file_that_the_mapping_does_not_name_is_warned_of(source):
    (source / "invoices.csv").write_text("x\n")
    warning = 'invoices.csv:1::unknown_file: "invoices.csv"'
    assert run_load(source, "--mapping", "ravenstack", "--dry-run") == (OUT, [*ERR, warning], 1)


def test_events_in_json_lines_are_stored_with_their_users(tmp_path, db):
    def event(n: int, user: str, customer: str, **more: str) -> str:
        said = {"time": 1704412800 + n, "distinct_id": user, "$insert_id": f"e{n}", "customer_id": customer, **more}
        return json.dumps({"event": "Export", "properties": said})

    make_customer(external_id="A")
    lines = [event(1, "u1", "A"), "no JSON", event(2, "u1", "A"), event(3, "u2", "B"), event(2, "u1", "A")]
    (tmp_path / "events-1.jsonl").write_text("\n".join([*lines, event(4, "u1", "A", time="noon")]), encoding="utf-8")
    assert run_load(tmp_path, "--mapping", "mixpanel") == (
        [
            "end_users.csv created=1 updated=0 unchanged=0 rejected=2",
            "usage_events.csv created=2 updated=0 unchanged=0 rejected=4",
        ],
        [
            'events-1.jsonl:2::malformed_row: ""',
            'events-1.jsonl:4:properties.customer_id+properties.company_id:unknown_reference: "B"',
            'events-1.jsonl:2::malformed_row: ""',
            'events-1.jsonl:4:properties.customer_id+properties.company_id:unknown_reference: "B"',
            'events-1.jsonl:5:properties.$insert_id:duplicate_key: "e2"',
            'events-1.jsonl:6:properties.time:bad_value: "noon"',
        ],
        1,
    )
    stored = UsageEvent.objects.order_by("external_id").values_list("external_id", "end_user__external_id")
    assert [*stored] == [("e1", "u1"), ("e2", "u1")]


def test_no_more_than_the_first_thousand_refusals_are_named(source, monkeypatch):
    monkeypatch.setattr(converting, "MOST_FINDINGS", 2)
    loaded = run_load(source, "--mapping", "ravenstack", "--dry-run")
    assert loaded.out == OUT
    assert [line for line in loaded.err if "left out" in line] == [
        "subscriptions.csv: 2 more are left out here"
    ]  # fmt: skip


REAL = Path(os.environ.get("CS_RAVENSTACK_DIR", Path(__file__).parents[4] / "shared" / "data" / "ravenstack"))


def table(name: str) -> list[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_dir(), reason="RavenStack's tables are not here; set CS_RAVENSTACK_DIR")
def test_the_real_tables_load_whole_and_add_up():
    settings = workspace()
    settings.reporting_currency = "USD"
    settings.save()
    loaded = run_load(REAL, "--mapping", "ravenstack")
    subscriptions, tickets, usage = map(table, ("subscriptions.csv", "support_tickets.csv", "feature_usage.csv"))
    account = {row["subscription_id"]: row["account_id"] for row in subscriptions}
    days = {(account[row["subscription_id"]], row["usage_date"], row["feature_name"]) for row in usage}
    expected = {
        "customers.csv": len(table("accounts.csv")),
        "subscriptions.csv": len(subscriptions),
        "churn_records.csv": len(table("churn_events.csv")),
        "usage_daily.csv": len(days),
        "tickets.csv": len(tickets),
        "survey_responses.csv": sum(row["satisfaction_score"] != "" for row in tickets),
    }
    assert loaded.out == [f"{name} created={n} updated=0 unchanged=0 rejected=0" for name, n in expected.items()]
    assert stored()[:6] == list(expected.values())
    mrr = sum(
        Decimal(row["mrr_amount"])
        for row in subscriptions
        if row["is_trial"] != "True" and row["start_date"] <= "2024-12-31" < (row["end_date"] or "9999")
    )
    found = {reading.metric: reading.value for reading in measure(["mrr", "arr"], Period.parse("2024-12"))}
    assert found == {"mrr": mrr, "arr": 12 * mrr}
    totals = UsageDaily.objects.aggregate(events=Sum("events"), seconds=Sum("duration_seconds"))
    assert totals == {
        "events": sum(int(row["usage_count"]) for row in usage),
        "seconds": sum(Decimal(row["usage_duration_secs"]) for row in usage),
    }
    scores = Counter(Response.objects.values_list("score", flat=True))
    assert scores == Counter(int(float(row["satisfaction_score"])) for row in tickets if row["satisfaction_score"])
