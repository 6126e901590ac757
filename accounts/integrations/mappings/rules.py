"""How one value is made of a source's row: where it comes from, then the steps in the order of STEPS."""

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import MappingError
from .numbers import Number
from .sections import Section
from .steps import Case, Default, Empty, Look, Split, Step, Value, Words, in_turn
from .times import Moment


class Scope(Protocol):
    """What a rule is bound to: a source's columns and the lookups' tables."""

    def column(self, name: str) -> Value: ...

    def has(self, column: str) -> bool: ...

    def table(self, name: str) -> Any: ...


@dataclass(frozen=True)
class Column:
    columns: tuple[str, ...]

    def bind(self, scope: Scope) -> Value:
        return scope.column(self.columns[0])


@dataclass(frozen=True)
class Constant:
    text: str
    columns: tuple[str, ...] = ()

    def bind(self, scope: Scope) -> Value:
        return lambda row: self.text


@dataclass(frozen=True)
class FirstOf:
    """The first column that is not empty; the source needs to have one of them."""

    columns: tuple[str, ...]

    def bind(self, scope: Scope) -> Value:
        there = [name for name in self.columns if scope.has(name)]
        values = [scope.column(name) for name in there or self.columns]
        return lambda row: next((text for value in values if (text := value(row))), "")


@dataclass(frozen=True)
class Template:
    """``"{First Name} {Last Name}"``; empty when all its columns are."""

    parts: tuple[tuple[str, str | None], ...]  # text and the column after it

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for _text, name in self.parts if name is not None))

    def bind(self, scope: Scope) -> Value:
        parts = [(text, scope.column(name) if name is not None else None) for text, name in self.parts]

        def value(row: Any) -> str:
            said = [(text, column(row) if column else "") for text, column in parts]
            if not any(filled for _text, filled in said):
                return ""
            return "".join(text + filled for text, filled in said).strip()

        return value


Origin = Column | Constant | FirstOf | Template


@dataclass(frozen=True)
class Rule:
    origin: Origin
    steps: tuple[Step, ...] = ()
    optional: bool = False  # the source may lack the column; then nothing is said about the contract's

    def is_in(self, has: Callable[[str], bool]) -> bool:
        """Whether a source with these columns can be asked."""
        enough = any if isinstance(self.origin, FirstOf) else all
        return enough(map(has, self.origin.columns)) and all(rule.is_in(has) for rule in self._inner())

    @property
    def lookups(self) -> tuple[str, ...]:
        own = tuple(step.name for step in self.steps if isinstance(step, Look))
        return own + tuple(name for rule in self._inner() for name in rule.lookups)

    def _inner(self) -> Iterator["Rule"]:
        for step in self.steps:
            if isinstance(step, Number):
                yield from (part for part in (step.times, step.over) if isinstance(part, Rule))

    def bind(self, scope: Scope) -> Value:
        return in_turn(self.origin.bind(scope), [step.bind(scope) for step in self.steps])


def _template(section: Section, key: str) -> Template:
    try:
        found = [(text, name) for text, name, spec, how in string.Formatter().parse(section.text(key))
                 if not _styled(spec, how)]  # fmt: skip
    except ValueError as error:
        raise section.refusal(f"This is no template: {error}. Write {{{{ for a brace.", key) from None
    template = Template(tuple(found))
    if "" in template.columns or not template.columns:
        raise section.refusal("A template names columns in braces; a text without any is a constant.", key)
    return template


def _styled(spec: str | None, how: str | None) -> bool:
    if spec or how:
        raise ValueError("a column's name in braces stands alone, without : or !")
    return False


def _first_of(section: Section, key: str) -> FirstOf:
    return FirstOf(_filled(section, key))


def _filled(section: Section, key: str) -> tuple[str, ...]:
    texts = section.texts(key)
    if not texts:
        raise section.refusal("At least one column is needed here.", key)
    return texts


def _constant(section: Section, key: str) -> Constant:
    return Constant(section.text(key))


def _column(section: Section, key: str) -> Column:
    return Column((section.text(key),))


ORIGINS: dict[str, Callable[[Section, str], Origin]] = {
    "column": _column,
    "constant": _constant,
    "template": _template,
    "first_of": _first_of,
}
PLAIN_STEPS: dict[str, Callable[[Section, str], Step]] = {
    "empty": Empty.parse,
    "case": Case.parse,
    "split": Split.parse,
    "lookup": Look.parse,
    "words": Words.parse,
    "date": Moment.parse,
    "time": Moment.parse,
    "default": Default.parse,
}
STEPS = ("empty", "case", "split", "lookup", "words", "number", "date", "time", "default")
KEYS = (*ORIGINS, *STEPS, "optional")


def rule_at(section: Section, key: str) -> Rule:
    """A text alone names a column."""
    value = section.values.get(key)
    if isinstance(value, str):
        return Rule(Column((value,)))
    if not isinstance(value, dict):
        raise section.refusal(f"Name a column, or give a table with one of {', '.join(ORIGINS)}.", key)
    inner = section.section(key)
    inner.only(*KEYS)
    return rule_of(inner)


def rule_of(section: Section) -> Rule:
    origins = [name for name in ORIGINS if name in section]
    if len(origins) != 1:
        raise section.refusal(f"Exactly one of {', '.join(ORIGINS)} is needed here.")
    if "date" in section and "time" in section:
        raise section.refusal("A value is a date or a time; name one of the two.")
    steps = tuple(_step(section, name) for name in STEPS if name in section)
    return Rule(ORIGINS[origins[0]](section, origins[0]), steps, section.flag("optional"))


def _step(section: Section, name: str) -> Step:
    return Number.parse(section, name, rule_at) if name == "number" else PLAIN_STEPS[name](section, name)


def refuse_cycles(uses: dict[str, tuple[str, ...]]) -> None:
    """``uses`` says which lookups a lookup's own rules use. Raises MappingError with the circle."""
    safe: set[str] = set()
    for start in uses:
        _walk(uses, start, (), safe)


def _walk(uses: dict[str, tuple[str, ...]], name: str, trail: tuple[str, ...], safe: set[str]) -> None:
    if name in trail:
        raise MappingError(" → ".join((*trail[trail.index(name) :], name)))
    if name not in safe:
        for used in uses[name]:
            _walk(uses, used, (*trail, name), safe)
        safe.add(name)
