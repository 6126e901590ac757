"""Sections 5.1 to 5.5 of metrics.md read literally: day by day, customer by customer, no SQL and no product code.

An answer is (value, numerator, denominator, n, reason), with fractions.
"""

import calendar
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cached_property

from tests.accounts.revenue.worlds import Row, World

DAY = timedelta(1)
REASONS = ("competitor", "freemium_downgrade", "business_closure", "missing_features", "support_quality", "price",
           "other", "unknown")  # fmt: skip
Answer = tuple[Fraction | None, Fraction | None, Fraction | None, int | None, str | None]
MIXED: Answer = (None, None, None, None, "mixed_currency")
NOT_APPLICABLE: Answer = (None, None, None, None, "not_applicable")
INCOMPLETE: Answer = (None, None, None, None, "incomplete_period")
NO_DATA: Answer = (None, None, None, 0, "no_data")


def plain(value: Fraction | int, n: int | None) -> Answer:
    return Fraction(value), None, None, n, None


def divided(over: Fraction | int, under: Fraction | int, n: int | None) -> Answer:
    if not under:
        return None, Fraction(over), Fraction(under), n, "zero_denominator"
    return Fraction(over) / Fraction(under), Fraction(over), Fraction(under), n, None


def sideless(answer: Answer, n: int | None) -> Answer:
    """As the reason of a metric built from this one."""
    return None, None, None, n if answer[4] == "zero_denominator" else answer[3], answer[4]


def months_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    length = calendar.monthrange(index // 12, index % 12 + 1)[1]
    return date(index // 12, index % 12 + 1, min(day.day, length))


def span(start: date, end: date) -> list[date]:
    return [start + timedelta(n) for n in range((end - start).days)]


class Reference:
    """The answers for some customers of a world; ``whole`` is the unfiltered portfolio."""

    def __init__(self, world: World, customers: Iterable[str], *, whole: bool, lookback: int = 90, trial: int = 30,
                 margin: Decimal | None = None) -> None:  # fmt: skip
        self.world, self.names, self.whole = world, sorted(customers), whole
        self.start, self.end, self.as_of = world.start, world.end, world.as_of
        self.opening, self.last = world.start - DAY, world.end - DAY
        self.lookback, self.trial, self.margin = lookback, trial, margin
        self.rows = [r for r in world.subscriptions if r.customer in self.names and not r.archived
                     and r.start <= self.as_of]  # fmt: skip

    # --- days ---

    def active(self, name: str, day: date, rows: Callable[[Row], bool] = lambda row: True) -> list[Row]:
        return [r for r in self.rows if r.customer == name and r.start <= day and (r.end is None or day < r.end)
                and rows(r)]  # fmt: skip

    def paid_rows(self, name: str, day: date) -> list[Row]:
        return self.active(name, day, lambda r: not r.is_trial and r.amount > 0)

    def pays(self, name: str, day: date) -> bool:
        return bool(self.paid_rows(name, day))

    def rate(self, currency: str, day: date) -> Fraction | None:
        if currency == "EUR":
            return Fraction(1)
        known = [(since, rate) for c, since, rate in self.world.rates if c == currency and since <= day]
        return Fraction(max(known)[1]) if known else None

    def money(self, rows: Iterable[Row], when: date | None = None) -> Fraction | None:
        parts = [(r.amount, self.rate(r.currency, when or self.start)) for r in rows if r.amount]
        if any(rate is None for _amount, rate in parts):
            return None
        return sum((Fraction(amount) * rate for amount, rate in parts), Fraction(0))

    @cached_property
    def first_day(self) -> date:
        return min([self.start, *(r.start for r in self.rows)])

    @cached_property
    def paid_days(self) -> dict[str, list[date]]:
        days = span(self.first_day, self.end)
        return {name: [day for day in days if self.pays(name, day)] for name in self.names}

    @property
    def known(self) -> bool:
        return any(r.start <= self.last for r in self.rows)

    # --- classes ---

    def step(self, name: str, before: date, after: date, begin: date) -> tuple[str, Fraction | None]:
        """Class and amount of 5.2 between two days; the class is "unrated" where only a rate could tell."""
        o, c = self.pays(name, before), self.pays(name, after)
        opening, closing = (self.money(self.paid_rows(name, day)) for day in (before, after))
        if not o and not c:
            return "idle", Fraction(0)
        if not o:
            return ("reactivation" if min(self.paid_days[name]) < begin else "new"), closing
        if not c:
            return "churn", opening
        if opening is None or closing is None:
            return "unrated", None
        kind = "none" if opening == closing else "expansion" if closing > opening else "contraction"
        return kind, abs(closing - opening)

    @cached_property
    def net(self) -> list[tuple[str, str, Fraction | None]]:
        return [(name, *self.step(name, self.opening, self.last, self.start)) for name in self.names]

    @cached_property
    def daily(self) -> list[tuple[str, str, Fraction | None]]:
        days = span(self.start, min(self.end, self.last + DAY))
        return [(name, *self.step(name, day - DAY, day, day)) for day in days for name in self.names]

    def class_sum(self, kind: str, variant: str = "net", only: Iterable[str] | None = None) -> Answer:
        steps = [s for s in getattr(self, variant) if only is None or s[0] in only]
        if not self.known:
            return NO_DATA
        if kind in {"expansion", "contraction"} and any(s[1] == "unrated" for s in getattr(self, variant)):
            return MIXED
        parts = [(name, amount) for name, k, amount in steps if k == kind]
        if any(amount is None for _name, amount in parts):
            return MIXED
        return plain(sum((a for _n, a in parts if a is not None), Fraction(0)), len({name for name, _a in parts}))

    def class_count(self, kind: str, variant: str = "net", only: Iterable[str] | None = None) -> Answer:
        steps = [s for s in getattr(self, variant) if only is None or s[0] in only]
        if not self.known:
            return NO_DATA
        if kind == "contraction" and any(s[1] == "unrated" for s in getattr(self, variant)):
            return MIXED
        members = [name for name, k, _amount in steps if k == kind]
        return plain(len(members), len(set(members)))

    def of(self, *kinds: str) -> list[str]:
        return [name for name, kind, _amount in self.net if kind in kinds]

    def reason(self, name: str) -> str:
        if self.active(name, self.last, lambda r: not r.is_trial and r.amount == 0):
            return "freemium_downgrade"
        records = [r for r in self.world.records if r.customer == name and not r.archived and r.start <= self.as_of]
        for first, end in ((self.start, self.end), (self.start - timedelta(self.lookback), self.start)):
            found = [r for r in records if first <= r.start < end]
            if found:
                return max(found, key=lambda r: (r.start, r.external_id)).reason
        return "unknown"

    def churned_for(self, reason: str) -> list[str]:
        return [name for name in self.of("churn") if self.reason(name) == reason]

    def expansion_part(self, part: str) -> Answer:
        total = self.class_sum("expansion")
        if total[0] is None:
            return total
        amounts = [self.split(name)[part] for name in self.of("expansion")]
        return plain(sum(amounts, Fraction(0)), sum(amount != 0 for amount in amounts))

    def split(self, name: str) -> dict[str, Fraction]:
        def addons(day: date) -> Fraction:
            return self.money(self.active(name, day, lambda r: r.kind == "addon" and not r.is_trial)) or Fraction(0)

        at_end = self.active(name, self.last, lambda r: r.kind == "base" and not r.is_trial)
        fresh = [r for r in at_end if r not in self.active(name, self.opening)]
        rest = next(amount for n, _kind, amount in self.net if n == name) or Fraction(0)
        addon = min(rest, max(Fraction(0), addons(self.last) - addons(self.opening)))
        crossed = self.money(r for r in fresh if r.reason == "cross_sell") or Fraction(0)
        cross = min(rest - addon, crossed)
        left = rest - addon - cross
        upsold = any(r.reason == "upsell" for r in fresh)
        return {"addon": addon, "cross_sell": cross, "upsell": left if upsold else Fraction(0),
                "unspecified": Fraction(0) if upsold else left}  # fmt: skip

    # --- levels ---

    def payers(self, day: date) -> list[str]:
        return [name for name in self.names if self.pays(name, day)]

    def level(self, day: date) -> Answer:
        if not self.known:
            return NO_DATA
        sums = [self.money(self.paid_rows(name, day)) for name in self.payers(day)]
        return MIXED if None in sums else plain(sum(sums, Fraction(0)), len(sums))

    def currency_effect(self) -> Answer:
        if not self.known:
            return NO_DATA
        effects = []
        for name in self.payers(self.opening):
            rows = self.paid_rows(name, self.opening)
            now, before = self.money(rows), self.money(rows, self.previous[0])
            if now is None or before is None:
                return MIXED
            effects.append(now - before)
        return plain(sum(effects, Fraction(0)), sum(effect != 0 for effect in effects))

    @cached_property
    def months(self) -> int | None:
        if self.start.day != 1 or self.end.day != 1:
            return None
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    @cached_property
    def previous(self) -> tuple[date, date]:
        if self.months is None:
            return self.start - (self.end - self.start), self.start
        return months_back(self.start, self.months), months_back(self.end, self.months)

    def revenue(self, start: date, end: date) -> Answer:
        if not any(r.start < end for r in self.rows):
            return NO_DATA
        earned, mixed = {}, False
        for name in self.names:
            parts = [(self.money(self.paid_rows(name, day)), calendar.monthrange(day.year, day.month)[1])
                     for day in span(start, end)]  # fmt: skip
            mixed = mixed or any(amount is None for amount, _length in parts)
            earned[name] = sum((Fraction(amount or 0) / length for amount, length in parts), Fraction(0))
        return MIXED if mixed else plain(sum(earned.values(), Fraction(0)), sum(bool(a) for a in earned.values()))

    def growth(self, variant: str) -> Answer:
        if variant == "mrr":
            now, before = self.level(self.last), self.level(self.opening)
        else:
            now = self.revenue(self.start, self.end)
            start, end = self.previous if variant == "revenue" else (
                months_back(self.start, 12), months_back(self.end, 12))  # fmt: skip
            before = self.revenue(start, end) if start < end else plain(0, 0)
        for side in (now, before):
            if side[0] is None:
                return side
        return divided(now[0] - before[0], before[0], before[3])

    # --- rates ---

    def over_opening(self, *terms: tuple[int, Answer]) -> Answer:
        opening = self.level(self.opening)
        for term in (*(t for _s, t in terms), opening):
            if term[0] is None:
                return term
        total = sum((sign * term[0] for sign, term in terms), Fraction(0))
        return divided(total, opening[0], opening[3])

    def kept(self, cut: bool) -> Answer:
        if not self.known:
            return NO_DATA
        kept = Fraction(0)
        for name in self.payers(self.opening):
            o, c = (self.money(self.paid_rows(name, day)) for day in (self.opening, self.last))
            if o is None or c is None:
                return MIXED
            kept += min(o, c) if cut else c
        return self.over_opening((1, plain(kept, None)))

    def spread(self, rate: Answer, variant: str) -> Answer:
        if self.months is None:
            return NOT_APPLICABLE
        if rate[0] is None:
            return sideless(rate, rate[3])
        exponent = Fraction(12 if variant == "annualised" else 1, self.months)
        return plain(1 - _power(1 - rate[0], exponent), rate[3])

    def logo(self) -> Answer:
        return divided(len(self.of("churn")), len(self.payers(self.opening)), len(self.payers(self.opening))) \
            if self.known else NO_DATA  # fmt: skip

    def negative(self, *losses: str) -> Answer:
        if self.known and not self.payers(self.opening):
            return NOT_APPLICABLE
        parts = [self.class_sum(kind) for kind in ("expansion", *losses)]
        for part in parts:
            if part[0] is None:
                return part
        return plain(int(parts[0][0] > sum(p[0] for p in parts[1:])), parts[0][3])

    def quick(self) -> Answer:
        parts = [self.class_sum(kind) for kind in ("new", "reactivation", "expansion", "contraction", "churn")]
        for part in parts:
            if part[0] is None:
                return part
        values = [part[0] or Fraction(0) for part in parts]
        return divided(sum(values[:3]), sum(values[3:]), len(self.of("contraction", "churn")))


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return base**exponent.numerator
    if base == 0:
        return Fraction(0)
    wide = Context(prec=80, rounding=ROUND_HALF_EVEN)
    x, y = (wide.divide(Decimal(f.numerator), Decimal(f.denominator)) for f in (base, exponent))
    return Fraction(Context(prec=50, rounding=ROUND_HALF_EVEN).plus(wide.exp(wide.multiply(y, wide.ln(x)))))
