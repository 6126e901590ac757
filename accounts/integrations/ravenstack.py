"""RavenStack's tables (accounts.csv, subscriptions.csv) as files of the import contract.

All amounts of that vendor are US dollars. Values are passed on as they are: what the contract does not
know, the loader rejects with a reason. A subscription flagged as both up- and downgrade is ``other``.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Row = Mapping[str, str]

CHANGE_REASONS = {
    ("False", "False"): "",
    ("True", "False"): "upsell",
    ("False", "True"): "downgrade",
    ("True", "True"): "other",
}


class SourceError(Exception):
    """A table is missing or lacks a column; the message names it."""


def customer(account: Row) -> dict[str, str]:
    return {
        "external_id": account["account_id"],
        "name": account["account_name"],
        "segment": account["plan_tier"],
        "industry": account["industry"],
        "country": account["country"],
        "acquisition_channel": account["referral_source"],
        "onboarding_start": account["signup_date"],
    }


def subscription(row: Row) -> dict[str, str]:
    flags = (row["upgrade_flag"], row["downgrade_flag"])
    return {
        "external_id": row["subscription_id"],
        "customer": row["account_id"],
        "start_date": row["start_date"],
        "end_date": row["end_date"],
        "mrr": row["mrr_amount"],
        "currency": "USD",
        "plan": row["plan_tier"],
        "is_trial": row["is_trial"],
        "change_reason": CHANGE_REASONS.get(flags, f"{flags[0]}/{flags[1]}"),
        "seats": row["seats"],
    }


TABLES: tuple[tuple[str, str, Callable[[Row], dict[str, str]]], ...] = (
    ("accounts.csv", "customers.csv", customer),
    ("subscriptions.csv", "subscriptions.csv", subscription),
)


def convert(source: Path, target: Path) -> dict[str, int]:
    """Write the contract files into ``target``; returns rows written per file. Raises SourceError."""
    target.mkdir(parents=True, exist_ok=True)
    return {name: _write(target / name, _mapped(source / table, to_row)) for table, name, to_row in TABLES}


def _mapped(path: Path, to_row: Callable[[Row], dict[str, str]]) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from map(to_row, csv.DictReader(file))
    except KeyError as error:
        raise SourceError(f"{path.name} has no column {error.args[0]}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name} cannot be read: {error}") from error


def _write(path: Path, rows: Iterator[dict[str, str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for row in rows:
            if writer is None:
                writer = csv.DictWriter(file, row)
                writer.writeheader()
            writer.writerow(row)
            count += 1
    return count
