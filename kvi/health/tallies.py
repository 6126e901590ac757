"""The inputs of health for all customers of a question at once: every input is one question to the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from accounts.models import Customer
from accounts.revenue.populations import members
from accounts.revenue.tallies import closing_mrr
from cs_portal.metrics.base import Period, Result, Scope, Subject, answer
from cs_portal.metrics.billing import Bills
from cs_portal.metrics.health import CustomerHealth, HealthTally, Input, Model, Parts, TrendTally
from cs_portal.metrics.periods import days_before
from kvi.health.queries import model_on, overrides_on


@dataclass(frozen=True)
class Scored:
    """A customer that counts: at the levels of many those live on E, otherwise those asked for."""

    customer_id: int
    subject: Subject  # of the question
    external_id: str


def model(scope: Scope) -> Model:
    return model_on(scope.period.last_day)


def input_names(scope: Scope) -> list[str]:
    """Of the model in force, the heaviest first."""
    return [item.name for item in scope.read(model).by_weight]


def scored(scope: Scope) -> list[Scored]:
    """One query beside that for the members."""
    everybody = scope.read(members)
    counting = [pk for pk, member in everybody.items() if member.live or scope.level == "customer"]
    names = dict(Customer.objects.filter(pk__in=counting).values_list("pk", "external_id"))
    return [Scored(pk, everybody[pk].subject, names[pk]) for pk in counting]


def single(scope: Scope) -> Scope:
    """The same question about each customer that counts."""
    if scope.level == "customer":
        return scope
    names = tuple(sorted(customer.external_id for customer in scope.read(scored)))
    return replace(scope, level="customer", subjects=names, customer_ids=None, memo={})


def parts(scope: Scope) -> Mapping[str, Parts]:
    """By customer the points of its inputs on E, with the model in force on E."""
    return _parts(scope, scope.period.last_day)


def earlier_parts(scope: Scope) -> Mapping[str, Parts]:
    """The same inputs health_trend_days earlier, still with the model in force on E."""
    return _parts(scope, days_before(scope.period.last_day, scope.settings.health_trend_days))


def _parts(scope: Scope, day: date) -> Mapping[str, Parts]:
    chosen, customers = scope.read(model), scope.read(single)
    found: dict[Subject, dict[str, Fraction]] = {name: {} for name in customers.subjects}
    for item in chosen.inputs:
        for name, result in _values(customers.during(Period.trailing(item.window, until=day)), item).items():
            if result.value is not None:
                found[name][item.name] = item.points(result.value)
    return {str(name): Parts(chosen, points) for name, points in found.items()}


def _values(customers: Scope, item: Input) -> Mapping[Subject, Result]:
    """Of every customer; of none when the catalogue has no such metric for customers."""
    metric = customers.catalog.get(item.metric)
    variants = metric.variants_at("customer") if metric and "customer" in metric.levels else ()
    variant = variants[0] if variants and item.variant == "default" else item.variant
    if metric is None or variant not in variants:
        return {}
    return {name: answer(customers, metric, variant, item.parameter, name) for name in customers.subjects}


def _tallies(scope: Scope, customers: Mapping[int, CustomerHealth]) -> Mapping[Subject, HealthTally]:
    found: dict[Subject, list[CustomerHealth]] = {subject: [] for subject in scope.subjects}
    for customer in scope.read(scored):
        found[customer.subject].append(customers[customer.customer_id])
    return {subject: HealthTally(tuple(everybody)) for subject, everybody in found.items()}


def _computed(scope: Scope) -> dict[int, CustomerHealth]:
    known = scope.read(parts)
    return {c.customer_id: CustomerHealth(c.customer_id, known[c.external_id]) for c in scope.read(scored)}


def health_tallies(scope: Scope) -> Mapping[Subject, HealthTally]:
    """At portfolio, segment and customer level; as many queries as the inputs need for one customer."""
    return _tallies(scope, _computed(scope))


def effective_tallies(scope: Scope) -> Mapping[Subject, HealthTally]:
    """The same with the scores that people have set; one query more."""
    computed = _computed(scope)
    for pk, override in overrides_on(scope.period.last_day, computed).items():
        computed[pk] = replace(computed[pk], override=Fraction(override.score))
    return _tallies(scope, computed)


def paying_tallies(scope: Scope) -> Mapping[Subject, HealthTally]:
    """The same with what the customers pay on E; two queries more."""
    computed = _computed(scope)
    paid = closing_mrr(scope, computed)
    return _tallies(scope, {pk: replace(c, mrr=paid.get(pk, Fraction(0))) for pk, c in computed.items()})


def trend_tallies(scope: Scope) -> Mapping[Subject, TrendTally]:
    """At the level of customers: on E and some days earlier."""
    now, before = scope.read(parts), scope.read(earlier_parts)
    return {
        customer.subject: TrendTally(
            CustomerHealth(customer.customer_id, now[customer.external_id]),
            CustomerHealth(customer.customer_id, before[customer.external_id]),
        )
        for customer in scope.read(scored)
    }


def bill_tallies(scope: Scope) -> Mapping[Subject, Bills]:
    """What is known of each customer's bills; one query."""
    rows = Customer.objects.filter(external_id__in=scope.subjects)
    return {
        name: Bills(*row) for name, *row in rows.values_list("external_id", "billing_overdue_days", "billing_as_of")
    }
