"""Mappings without a database: texts in, the contract's rows and what was refused out."""

import csv
import io
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from accounts.integrations.mappings.converting import Folder, Made, convert
from accounts.integrations.mappings.mapping import parse, read_mapping
from accounts.integrations.mappings.sections import section_of
from cs_portal.imports import FILES


@dataclass
class Translated:
    """By contract file: its rows, and the refusals as ``FILE:LINE:COLUMN:CODE: "VALUE"``."""

    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    left_out: int = 0


def mapping_of(text: str):
    return parse("own", section_of("own.toml", text), FILES)


def read(made: Made) -> list[dict[str, str]]:
    made.file.seek(0)
    return list(csv.DictReader(io.StringIO(made.file.read().decode(), newline="")))


@pytest.fixture
def translate() -> Callable[..., Translated]:
    """``translate("ravenstack", {"accounts.csv": "..."})``; a mapping's own text works as well as a shipped name."""

    def translate(mapping: str, files: dict[str, str | bytes]) -> Translated:
        chosen = mapping_of(mapping) if "\n" in mapping else read_mapping(mapping, FILES)
        data = {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()}
        said = Translated()
        with ExitStack() as stack:
            for made in convert(chosen, Folder(list(data), lambda name: io.BytesIO(data[name])), FILES, stack):
                said.rows[made.spec.name] = read(made)
                said.refused += [str(finding).partition('" ')[0] + '"' for finding in made.findings]
                said.messages += [finding.message for finding in made.findings]
                said.left_out += made.left_out
                assert made.rejected == len(made.findings)
        return said

    return translate


@pytest.fixture
def one_column(translate) -> Callable[..., tuple[list[str], list[str]]]:
    """``one_column('{ column = "v", date = "%d.%m.%Y" }', ["1.2.2024", ...], at="date")``: values, refusals."""

    def one_column(rule: str, values: list[str], *, at: str = "comment", more: str = "") -> tuple[list[str], list[str]]:
        mapping = f"""
            [source.s]
            file = "s.csv"
            {more}
            [[target]]
            file = "churn_records.csv"
            source = "s"
            [target.columns]
            external_id = "n"
            customer = "n"
            date = {rule if at == "date" else '"n"'}
            comment = {rule if at == "comment" else '"n"'}
        """
        out = io.StringIO()
        csv.writer(out).writerows([["n", "v", "w"], *([str(n), value, f"w{n}"] for n, value in enumerate(values, 1))])
        said = translate(mapping, {"s.csv": out.getvalue(), "other.csv": "key,value\na,1\nb,2\nb,3\nc,4\nc,4\n"})
        return [row[at] for row in said.rows["churn_records.csv"]], said.refused

    return one_column
