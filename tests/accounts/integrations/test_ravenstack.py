"""A foreign vendor's tables become contract files. The rows here are our own; the real ones are used where they lie."""

import csv
import os
from pathlib import Path

import pytest

from accounts.integrations.ravenstack import SourceError, convert

ACCOUNTS = """account_id,account_name,industry,country,signup_date,referral_source,plan_tier,seats,is_trial,churn_flag
A-1,Nordlicht,EdTech,DE,2024-01-05,partner,Basic,9,False,False
A-2,"Fern, Weh & Co",FinTech,US,2023-08-17,ads,Pro,18,True,True
"""
SUBSCRIPTIONS = (
    "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,is_trial,upgrade_flag,"
    "downgrade_flag,churn_flag,billing_frequency,auto_renew_flag\n"
    "S-1,A-1,2024-01-05,,Basic,9,171,2052,False,False,False,False,monthly,True\n"
    "S-2,A-1,2024-03-01,2024-06-01,Pro,9,441,5292,False,True,False,False,monthly,True\n"
    "S-3,A-2,2024-02-01,,Pro,18,0,0,True,False,True,False,annual,False\n"
    "S-4,A-2,2024-04-01,,Pro,18,882,10584,False,True,True,False,annual,False\n"
    "S-5,A-2,2024-05-01,,Pro,18,882,10584,False,maybe,False,False,annual,False\n"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "subscriptions.csv").write_text(SUBSCRIPTIONS, encoding="utf-8")
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_accounts_become_customers(source, tmp_path):
    assert convert(source, tmp_path / "out") == {"customers.csv": 2, "subscriptions.csv": 5}
    assert rows(tmp_path / "out" / "customers.csv") == [
        {"external_id": "A-1", "name": "Nordlicht", "segment": "Basic", "industry": "EdTech", "country": "DE",
         "acquisition_channel": "partner", "onboarding_start": "2024-01-05"},
        {"external_id": "A-2", "name": "Fern, Weh & Co", "segment": "Pro", "industry": "FinTech", "country": "US",
         "acquisition_channel": "ads", "onboarding_start": "2023-08-17"},
    ]  # fmt: skip


def test_flags_become_one_change_reason_and_what_is_no_flag_is_left_for_the_loader_to_reject(source, tmp_path):
    convert(source, tmp_path / "out")
    subscriptions = rows(tmp_path / "out" / "subscriptions.csv")
    assert [row["change_reason"] for row in subscriptions] == ["", "upsell", "downgrade", "other", "maybe/False"]
    assert subscriptions[1] == {
        "external_id": "S-2", "customer": "A-1", "start_date": "2024-03-01", "end_date": "2024-06-01", "mrr": "441",
        "currency": "USD", "plan": "Pro", "is_trial": "False", "change_reason": "upsell", "seats": "9",
    }  # fmt: skip


def test_a_missing_table_or_column_is_named(source, tmp_path):
    (source / "subscriptions.csv").write_text("subscription_id,account_id\nS-1,A-1\n")
    with pytest.raises(SourceError, match=r"subscriptions\.csv has no column upgrade_flag"):
        convert(source, tmp_path / "out")
    (source / "accounts.csv").unlink()
    with pytest.raises(SourceError, match=r"accounts\.csv cannot be read"):
        convert(source, tmp_path / "out")


REAL = Path(os.environ.get("CS_RAVENSTACK_DIR", Path(__file__).parents[4] / "shared" / "data" / "ravenstack"))


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_dir(), reason="RavenStack's tables are not here; set CS_RAVENSTACK_DIR")
def test_the_real_tables_load_and_add_up(tmp_path):
    from decimal import Decimal

    from accounts.integrations.services import load_directory
    from accounts.services import workspace
    from cs_portal.metrics.base import Period
    from kvi.scorecard import measure

    settings = workspace()
    settings.reporting_currency = "USD"
    settings.save()
    convert(REAL, tmp_path)
    outcome = load_directory(tmp_path, by=None)
    assert [(file.name, file.created, file.rejected) for file in outcome.files] == [
        ("customers.csv", 500, 0),
        ("subscriptions.csv", 5000, 0),
    ]
    expected = sum(
        Decimal(row["mrr"])
        for row in rows(tmp_path / "subscriptions.csv")
        if row["is_trial"] != "True" and row["start_date"] <= "2024-12-31" < (row["end_date"] or "9999")
    )
    mrr, arr = measure(["mrr", "arr"], Period.parse("2024-12"))
    assert (mrr.value, arr.value) == (expected, 12 * expected)
