"""Which rows of a source a target takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .rules import KEYS, Rule, rule_of
from .sections import Section

TESTS = ("is", "is_not", "filled")


@dataclass(frozen=True)
class Condition:
    """A value that is one of ``words``, is none of them, or (without words) is filled or empty."""

    rule: Rule
    words: frozenset[str]
    wanted: bool

    @classmethod
    def parse(cls, section: Section) -> "Condition":
        section.only(*KEYS, *TESTS)
        tests = [name for name in TESTS if name in section]
        if len(tests) != 1:
            raise section.refusal(f"A condition has exactly one of {', '.join(TESTS)}.")
        if tests == ["filled"]:
            return cls(rule_of(section), frozenset({""}), not section.flag("filled"))
        return cls(rule_of(section), frozenset(section.texts(tests[0])), tests == ["is"])

    def bind(self, scope: Any) -> Callable[[Any], bool]:
        value = self.rule.bind(scope)
        return lambda row: (value(row) in self.words) is self.wanted
