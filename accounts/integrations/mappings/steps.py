"""The small functions that a rule may name, each with its grammar. An empty value passes them by, unless meant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import Refused, listed
from .sections import Section

Value = Callable[[Any], str]  # of a row
Applied = Callable[[str, Any], str]  # to a text and its row


class Step(Protocol):
    def bind(self, scope: Any) -> Applied: ...


def in_turn(value: Value, steps: Sequence[Applied]) -> Value:
    if not steps:
        return value

    def all_of_them(row: Any) -> str:
        text = value(row)
        for step in steps:
            text = step(text, row)
        return text

    return all_of_them


@dataclass(frozen=True)
class Empty:
    """Words that stand for nothing, like ``n/a``."""

    words: frozenset[str]

    @classmethod
    def parse(cls, section: Section, key: str) -> "Empty":
        return cls(frozenset(section.texts(key)))

    def bind(self, scope: Any) -> Applied:
        return lambda text, row: "" if text in self.words else text


@dataclass(frozen=True)
class Case:
    upper: bool

    @classmethod
    def parse(cls, section: Section, key: str) -> "Case":
        return cls(section.choice(key, ("lower", "upper"), "") == "upper")

    def bind(self, scope: Any) -> Applied:
        return (lambda text, row: text.upper()) if self.upper else (lambda text, row: text.lower())


@dataclass(frozen=True)
class Split:
    """The part before or after the first sign, e.g. an address's domain."""

    sign: str
    after: bool

    @classmethod
    def parse(cls, section: Section, key: str) -> "Split":
        inner = section.section(key)
        inner.only("at", "take")
        if not inner.text("at", ""):
            raise inner.refusal("Name the sign to split at.", "at")
        return cls(inner.text("at"), inner.choice("take", ("before", "after"), "") == "after")

    def bind(self, scope: Any) -> Applied:
        return self._apply

    def _apply(self, text: str, row: Any) -> str:
        before, sign, after = text.partition(self.sign)
        if text and not sign:
            raise Refused("bad_value", f"There is no {self.sign} in it, at which the mapping splits.")
        return (after if self.after else before).strip()


@dataclass(frozen=True)
class Look:
    """The value that the lookup finds under this key."""

    name: str

    @classmethod
    def parse(cls, section: Section, key: str) -> "Look":
        return cls(section.text(key))

    def bind(self, scope: Any) -> Applied:
        found = scope.table(self.name)
        return lambda text, row: found(text) if text else text


@dataclass(frozen=True)
class Words:
    """A word list; what is not in it is refused. An empty value stays empty unless the list has one."""

    words: Mapping[str, str]

    @classmethod
    def parse(cls, section: Section, key: str) -> "Words":
        inner = section.section(key)
        if not inner.values:
            raise section.refusal("A word list needs words.", key)
        return cls({"": "", **{name: inner.text(name) for name in inner.values}})

    def bind(self, scope: Any) -> Applied:
        return self._apply

    def _apply(self, text: str, row: Any) -> str:
        try:
            return self.words[text]
        except KeyError:
            known = listed(word for word in self.words if word)
            raise Refused("bad_value", f"The mapping's word list has {known}, not this; correct one of them.") from None


@dataclass(frozen=True)
class Default:
    text: str

    @classmethod
    def parse(cls, section: Section, key: str) -> "Default":
        return cls(section.text(key))

    def bind(self, scope: Any) -> Applied:
        return lambda text, row: text or self.text
