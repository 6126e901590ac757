"""Numbers as vendors write them, exactly: decimal sign, grouping, a unit around them, a factor or divisor."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from .errors import Refused
from .sections import Section
from .steps import Applied, Value

EXACT = Context(prec=120)
LONGEST = 40  # signs; the contract takes 29
PLACES = Decimal("1e-10")
KEYS = ("decimal", "group", "strip", "times", "over")
GROUPS = (".", ",", " ", "'", "\u00a0", "\u202f")


def plain(number: Decimal) -> str:
    """Without exponent and idle zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"


def read(text: str) -> Decimal:
    """A number in the contract's own notation; raises Refused."""
    if len(text) > LONGEST:
        raise Refused("out_of_range", "The number has too many digits; correct it.")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not text.isascii() or not text.lstrip("-")[:1].isdigit() or "e" in text.lower():
        raise Refused("bad_value", "This is no number; correct it.")
    return number


@dataclass(frozen=True)
class Number:
    """``times`` and ``over`` are numbers or rules of their own; a product or share keeps ten places."""

    decimal: str
    group: str
    strip: tuple[str, ...]
    times: Any
    over: Any

    @classmethod
    def parse(cls, section: Section, key: str, rule_at: Callable[[Section, str], Any]) -> "Number":
        inner = section.section(key)
        inner.only(*KEYS)
        decimal, group = inner.choice("decimal", (".", ","), "."), inner.choice("group", (*GROUPS, ""), "")
        if decimal == group:
            raise inner.refusal("The decimal sign cannot group the digits too.", "group")
        times, over = (_factor(inner, name, rule_at) for name in ("times", "over"))
        return cls(decimal, group, inner.texts("strip"), times, over)

    @property
    def pattern(self) -> re.Pattern[str]:
        point, comma = re.escape(self.decimal), re.escape(self.group)
        grouped = f"[0-9]{{1,3}}(?:{comma}[0-9]{{3}})+|" if self.group else ""
        return re.compile(f"-?(?:{grouped}[0-9]+)(?:{point}[0-9]+)?")

    def bind(self, scope: Any) -> Applied:
        pattern, times, over = self.pattern, _bound(self.times, scope), _bound(self.over, scope)

        def apply(text: str, row: Any) -> str:
            number = self._read(pattern, text)
            if number is None:
                return ""
            return plain(number) if times is over is None else _scaled(number, times, over, row)

        return apply

    def _read(self, pattern: re.Pattern[str], text: str) -> Decimal | None:
        for unit in self.strip:
            text = text.removeprefix(unit).removesuffix(unit).strip()
        if not text:
            return None
        if not pattern.fullmatch(text):
            raise Refused("bad_value", "This is no number as the mapping describes them; correct one of the two.")
        return read(text.replace(self.group, "").replace(self.decimal, ".") if self.group else
                    text.replace(self.decimal, "."))  # fmt: skip


def _factor(section: Section, key: str, rule_at: Callable[[Section, str], Any]) -> Any:
    value = section.values.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(str(value))
        if not number.is_finite() or not number:
            raise section.refusal("A number other than 0 is needed here.", key)
        return number
    return None if value is None else rule_at(section, key)


def _bound(factor: Any, scope: Any) -> Value | Decimal | None:
    return factor if factor is None or isinstance(factor, Decimal) else factor.bind(scope)


def _scaled(number: Decimal, times: Any, over: Any, row: Any) -> str:
    """Empty where a factor is empty: nothing is known then."""
    by, through = _worth(times, row), _worth(over, row)
    if by is None or through is None:
        return ""
    if not through:
        raise Refused("out_of_range", "It would be divided by 0; correct the divisor.")
    try:
        return plain(EXACT.quantize(EXACT.divide(EXACT.multiply(number, by), through), PLACES))
    except InvalidOperation:
        raise Refused("out_of_range", "The number has too many digits; correct it.") from None


def _worth(factor: Any, row: Any) -> Decimal | None:
    if factor is None or isinstance(factor, Decimal):
        return factor or Decimal(1)
    text = factor(row)
    return read(text) if text else None
