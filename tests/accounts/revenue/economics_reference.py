"""Section 5.6 of metrics.md read literally, on top of the sections before it."""

from datetime import timedelta
from fractions import Fraction

from tests.accounts.revenue.reference import (
    DAY,
    INCOMPLETE,
    MIXED,
    NO_DATA,
    NOT_APPLICABLE,
    Answer,
    Reference,
    divided,
    plain,
    sideless,
    span,
)


class EconomicsReference(Reference):
    def monthly_churn(self) -> Answer:
        return self.spread(self.logo(), "monthly_equivalent")

    def arpa(self, factor: int = 1) -> Answer:
        mrr = self.level(self.last)
        return mrr if mrr[0] is None else divided(factor * mrr[0], mrr[3] or 0, mrr[3])

    def ended(self) -> list[int]:
        return [len(days) for name, days in self.paid_days.items() if days and not self.pays(name, self.last)]

    def lifetime(self) -> Answer:
        ended = self.ended()
        if not self.known or not ended:
            return NO_DATA
        return plain(Fraction(sum(ended), len(ended)) * 4 / 1461, len(ended))

    def inverse_churn(self) -> Answer:
        churn = self.monthly_churn()
        return sideless(churn, len(self.ended())) if churn[0] is None else divided(1, 12 * churn[0], len(self.ended()))

    def spent(self, category: str, channel: str | None = None) -> Answer:
        tests = {name for name, fields in self.world.customers.items() if fields["is_test"]}
        rows = [
            r for r in self.world.costs
            if r.kind == category and not r.archived and self.start <= r.start < self.end and r.start <= self.as_of
            and (r.customer in self.names or (self.whole and r.customer not in tests))
            and channel in {None, r.channel}
        ]  # fmt: skip
        if not rows:
            return NO_DATA
        total = self.money(rows)
        return MIXED if total is None else plain(total, None)

    def cost_per(self, cost: Answer, customers: int) -> Answer:
        if not self.known:
            return NO_DATA
        return cost if cost[0] is None else divided(cost[0], customers, customers)

    def cac(self, channel: str | None = None) -> Answer:
        new = [n for n in self.of("new") if channel in {None, self.world.customers[n]["acquisition_channel"]}]
        return self.cost_per(self.spent("acquisition", channel), len(new))

    def clv(self, variant: str) -> Answer:
        payers, arpa, churn = len(self.payers(self.last)), self.arpa(), self.monthly_churn()
        if variant == "clv_lifetime_net":
            parts = arpa, self.lifetime(), self.cac()
            for part in parts:
                if part[0] is None:
                    return sideless(part, payers)
            return plain(12 * arpa[0] * parts[1][0] - parts[2][0], payers)
        factor = self.margin if variant == "clv_margin" else 1
        if factor is None or self.months is None:
            return NOT_APPLICABLE
        for part in (arpa, churn):
            if part[0] is None:
                return sideless(part, payers)
        return divided(arpa[0] * Fraction(factor), churn[0], payers)

    def ratio(self, over: Answer, under: Answer, n: int) -> Answer:
        if NOT_APPLICABLE in (over, under):
            return NOT_APPLICABLE
        for part in (over, under):
            if part[0] is None:
                return sideless(part, n)
        return divided(over[0], under[0], n)

    def ltv_crc(self, variant: str) -> Answer:
        if self.months is None:
            return NOT_APPLICABLE
        clv, payers = self.clv("clv_arpa_churn"), len(self.payers(self.last))
        cost, churn = self.cost_per(self.spent("retention"), len(self.payers(self.opening))), self.monthly_churn()
        if variant == "lifetime_cost" and clv[0] is not None and cost[0] is not None:
            cost = plain(cost[0] / self.months / churn[0], None)
        return self.ratio(clv, cost, payers)

    def profit(self, *categories: str) -> Answer:
        revenue, costs = self.revenue(self.start, self.end), [self.spent(category) for category in categories]
        if revenue[0] is None or MIXED in costs:
            return revenue if revenue[0] is None else MIXED
        return plain(revenue[0] - sum((cost[0] or Fraction(0)) for cost in costs), revenue[3])

    def trials(self) -> list[tuple[bool, bool]]:
        """Of the cohort: whether the time is over, and whether the customer paid in it."""
        found = []
        for name in self.names:
            starts = [r.start for r in self.rows if r.customer == name and r.is_trial
                      and self.start <= r.start < self.end and not self.pays(name, r.start - DAY)]  # fmt: skip
            if starts:
                first = min(starts)
                window = span(first, first + timedelta(self.trial + 1))
                found.append((window[-1] <= self.as_of, any(self.pays(name, day) for day in window)))
        return found

    def trial_to_paid(self) -> Answer:
        cohort = self.trials()
        over = [converted for is_over, converted in cohort if is_over]
        if not self.known or not cohort:
            return NO_DATA
        return divided(sum(over), len(over), len(over)) if over else INCOMPLETE

    def open_trials(self) -> Answer:
        cohort = self.trials()
        return plain(sum(not o for o, _c in cohort), len(cohort)) if self.known and cohort else NO_DATA
