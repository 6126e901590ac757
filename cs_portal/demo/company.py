"""One customer of the demo company, whose rows grow file by file."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from cs_portal.demo.catalogue import Company
from cs_portal.metrics.periods import add_months

PREFIX = "demo-"
MONTHS = 24
EARLIEST = date(2000, 1, 1)
Row = dict[str, Any]
# What is special about some customers, by their place in COMPANIES.
AHEAD, BEHIND, STALE, DISPUTED, CHURNED, CONTRACTED = {0, 2, 7}, {6, 23, 28}, {8, 26}, {9, 33}, {10, 25}, {18, 35}
TEST, WITHOUT_GOALS, TRIAL, FREE, NEW_VERSION, STEPPED, RANGE = {11}, {12, 20, 37}, {36}, {32}, {3, 17}, {15}, {22, 31}
ADDON, SILENT = {2, 6, 30}, {13, 16}


@dataclass
class Company24:
    """The rows of one customer as they grow."""

    number: int
    company: Company
    owner: str
    anchor: date
    random: Random
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return customer_id(self.number)

    @property
    def start(self) -> date:
        return add_months(self.anchor.replace(day=1), -MONTHS + self.number % 7)

    @property
    def language(self) -> str:
        return self.company.language

    def add(self, file: str, **row: Any) -> None:
        self.rows.setdefault(file, []).append(row)

    def is_(self, group: set[int]) -> bool:
        return self.number in group


def customer_id(number: int) -> str:
    return f"{PREFIX}c{number + 1:02}"


def contact_id(customer: str, place: int) -> str:
    return f"{customer}-p{place}"
