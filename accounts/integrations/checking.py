"""The staged rows against contract and database, in one query: what each would be, and its first problem."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from cs_portal.kit.filespec import Alike, Column, FileSpec, Once, Rule

from .staging import STEP, Header, sql_type

FIRST = 1_000_000  # numbers below are problems of single cells


@dataclass(frozen=True)
class Problem:
    column: str
    code: str
    message: str = ""


def field_of(spec: FileSpec, column: Column) -> models.Field | None:
    """The model's field that holds the column, if it is simply that."""
    return next((field for field in spec.model._meta.concrete_fields if field.name == column.name), None)


def holds_empty_text(spec: FileSpec, column: Column) -> bool:
    """Whether the database keeps null as an empty text."""
    field = field_of(spec, column)
    return isinstance(field, models.CharField | models.TextField) and not field.null and not column.required


def stored_value(spec: FileSpec, column: Column) -> str:
    """How a stored row ``t`` reads in the contract's terms; a reference is the primary key."""
    if column.name in spec.stored:
        return spec.stored[column.name]
    field = field_of(spec, column)
    if field is None:
        raise ValueError(f"{spec.name} does not say how {column.name} is stored")
    return f"nullif(t.{field.column}, '')" if holds_empty_text(spec, column) else f"t.{field.column}"


def keyed(spec: FileSpec, value: str, column: Column) -> str:
    """A key's value for comparing; null counts as one, where the column may be empty (a reference then)."""
    return value if column.required or column.name not in spec.references else f"coalesce({value}, 0)"


class Check:
    """``sql`` makes load_checked; ``problems`` says what the numbers in it mean, from FIRST on."""

    def __init__(self, spec: FileSpec, header: Header) -> None:
        self.spec, self.header = spec, header
        self.present = [name for name in spec.names if name in header.present]
        self.problems: list[Problem] = []
        self.duplicate = self._number(Problem(spec.key[0], "duplicate_key"))
        column_cases, rule_cases = self._column_cases(), self._rule_cases()
        self.sql = f"""
            CREATE TEMPORARY TABLE load_checked ON COMMIT DROP AS
            WITH e AS ({self._effective()}), d AS ({self._derived()})
            SELECT d.*, {_case(column_cases, "d.bad")} AS problem, {_case(rule_cases, "NULL")}::integer AS rule_problem,
                   NULL::integer AS verdict, {self._changed()} AS changed
            FROM d
        """

    def number_of(self, column: str, code: str, message: str) -> int:
        return self._number(Problem(column, code, message))

    def _number(self, problem: Problem) -> int:
        if problem not in self.problems:
            self.problems.append(problem)
        return FIRST + self.problems.index(problem)

    # --- the row as it would be ------------------------------------------------

    def _effective(self) -> str:
        """What the file says, what is stored, and what holds of the two."""
        values = ["s.line", "s.bad", "t.stored_id"]
        for column in self.spec.columns:
            values += [f"{self._value(column)} AS {column.name}", f"t.{column.name}_old"]
            values += [f"s.{column.name} AS {column.name}_said"]
            if column.name in self.spec.references:
                values += self._reference_values(column.name)
        keys = " AND ".join(self._same_key(column) for column in self.spec.columns if column.name in self.spec.key)
        return (
            f"SELECT {', '.join(values)} FROM load_stage s {' '.join(self._reference_joins())} "
            f"LEFT JOIN ({self._stored()}) t ON {keys} {self.spec.given_joins}"
        )

    def _same_key(self, column: Column) -> str:
        said = self._reference(column.name) if column.name in self.spec.references else f"s.{column.name}"
        return f"{keyed(self.spec, f't.{column.name}_old', column)} = {keyed(self.spec, said, column)}"

    def _value(self, column: Column) -> str:
        name = column.name
        if name in self.header.present:
            return self.spec.given.get(name, self._reference(name) if name in self.spec.references else f"s.{name}")
        if column.default is None:
            return f"t.{name}_old"
        return f"CASE WHEN t.stored_id IS NULL THEN '{column.default}'::{sql_type(column)} ELSE t.{name}_old END"

    def _reference(self, name: str) -> str:
        """The row it names; of one that was merged into another that other one."""
        fields = {field.name for field in self.spec.references[name]._meta.concrete_fields}
        return f"coalesce(r_{name}.merged_into_id, r_{name}.id)" if "merged_into" in fields else f"r_{name}.id"

    def _stored(self) -> str:
        table = self.spec.model._meta.db_table
        values = ", ".join(f"{stored_value(self.spec, column)} AS {column.name}_old" for column in self.spec.columns)
        return f"SELECT t.id AS stored_id, {values} FROM {table} t {self.spec.joins}"

    def _reference_joins(self) -> Iterator[str]:
        for name in self._references():
            table = self.spec.references[name]._meta.db_table
            yield f"LEFT JOIN {table} r_{name} ON r_{name}.external_id = s.{name}"

    def _reference_values(self, name: str) -> list[str]:
        if name not in self._references():
            return [f"false AS {name}_given", f"NULL::bigint AS {name}_customer"]
        has_customer = any(field.name == "customer" for field in self.spec.references[name]._meta.concrete_fields)
        customer = self.spec.given.get(f"{name}_customer", f"r_{name}.customer_id" if has_customer else "NULL::bigint")
        return [f"s.{name} IS NOT NULL AS {name}_given", f"{customer} AS {name}_customer"]

    def _references(self) -> list[str]:
        return [name for name in self.present if name in self.spec.references]

    def _derived(self) -> str:
        derived = dict(self.spec.derived)
        values = ["e.line", "e.bad", "e.stored_id"]
        for name in self.spec.names:
            values += [f"{derived.pop(name, f'e.{name}')} AS {name}", f"e.{name}_old"]
            if name in self.spec.references:
                values += [f"e.{name}_given", f"e.{name}_customer"]
        values += [f"{sql} AS {name}" for name, sql in derived.items()]
        return f"SELECT {', '.join(values)} FROM e {self.spec.lookups}"

    # --- what is wrong with it -------------------------------------------------

    def _column_cases(self) -> list[str]:
        """In column order, what SQL finds at a column after what the reading found before it."""
        cases = []
        for place, column in enumerate(self.spec.columns):
            if column.name not in self.header.places:
                continue
            found = [f"WHEN {broken} THEN {self._number(problem)}" for broken, problem in self._column_problems(column)]
            if found:
                cases += [f"WHEN d.bad < {(place + 1) * STEP} THEN d.bad", *found]
        return cases

    def _column_problems(self, column: Column) -> Iterator[tuple[str, Problem]]:
        name = column.name
        if name in self.spec.references:
            yield f"d.{name}_given AND d.{name} IS NULL", Problem(name, "unknown_reference")
        if column.fixed and name not in self.spec.key:
            message = f"The stored row has another {name}, which never changes; use a new external_id."
            yield (
                f"d.stored_id IS NOT NULL AND d.{name} IS DISTINCT FROM d.{name}_old",
                Problem(name, "conflict", message),
            )
        for rule in self.spec.checks:
            if rule.column == name:
                yield rule.broken, Problem(name, rule.code, rule.message)

    def _rule_cases(self) -> list[str]:
        return [
            f"WHEN {rule.broken} THEN {self._number(Problem(rule.column, rule.code, rule.message))}"
            for rule in self.spec.rules
            if isinstance(rule, Rule)
        ]

    def _changed(self) -> str:
        """Whether an accepted row differs from the stored one in what the file says."""
        names = [name for name in self.present if name not in self.spec.key]
        new, old = ", ".join(f"d.{name}" for name in names), ", ".join(f"d.{name}_old" for name in names)
        return f"ROW({new}) IS DISTINCT FROM ROW({old})" if names else "false"

    # --- rules between the rows of the file ------------------------------------

    @property
    def orders(self) -> list[tuple[int, Once | Alike]]:
        """Each rule that looks at other rows, with how many single-row rules are tested before it."""
        found, before = [], 0
        for rule in self.spec.rules:
            if isinstance(rule, Rule):
                before += 1
            else:
                found.append((before, rule))
        return found

    def rank(self, number: int | None) -> int:
        """The place of a single-row rule's problem among these rules."""
        if number is None:
            return len(self.spec.rules) + 1
        problem = self.problems[number - FIRST]
        singles = [rule for rule in self.spec.rules if isinstance(rule, Rule)]
        return next(
            place for place, rule in enumerate(singles) if Problem(rule.column, rule.code, rule.message) == problem
        )


def _case(cases: list[str], otherwise: str) -> str:
    return f"CASE {' '.join(cases)} ELSE {otherwise} END" if cases else otherwise
