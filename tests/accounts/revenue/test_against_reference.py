"""The engine and a plain reading of metrics.md agree on small random companies, field by field."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.models import Customer
from cs_portal.metrics.base import Period, Reading
from cs_portal.metrics.movements import EXPANSIONS
from kvi.scorecard import measure
from tests.accounts.revenue.economics_reference import EconomicsReference
from tests.accounts.revenue.reference import NOT_APPLICABLE, REASONS, Answer, divided
from tests.accounts.revenue.worlds import World, random_world, stored
from tests.factories.facts import set_workspace

pytestmark = pytest.mark.django_db
KINDS = {"new": "new", "reactivation": "reactivated", "contraction": "contracted", "churn": "churned"}
CHANNELS = ("ads", "fair", "web")


def of_customers(ref: EconomicsReference) -> dict[tuple[str, str], Answer]:
    """Levels P, S and C."""
    found = {
        ("mrr", "default"): ref.level(ref.last),
        ("mrr_opening", "default"): ref.level(ref.opening),
        ("mrr_currency_effect", "default"): ref.currency_effect(),
        ("arr", "default"): _times(12, ref.level(ref.last)),
        ("grr", "cohort"): ref.kept(cut=True),
        ("nrr", "cohort"): ref.kept(cut=False),
        ("nrr", "seed_literal"): ref.over_opening(
            (1, ref.level(ref.last)), (-1, ref.class_sum("churn")), (-1, ref.class_sum("contraction"))
        ),
        ("grr", "seed_literal_customers"): _seed_grr(ref),
        ("recurring_revenue", "default"): ref.revenue(ref.start, ref.end),
        **{("sales_growth_rate", v): ref.growth(v) for v in ("revenue", "mrr", "year_over_year")},
        ("account_profitability", "serving"): ref.profit("serving"),
        ("account_profitability", "with_retention"): ref.profit("serving", "retention"),
    }
    codes = {"new": "mrr_new", "reactivation": "mrr_reactivation", "expansion": "mrr_expansion",
             "contraction": "mrr_contraction", "churn": "mrr_churned"}  # fmt: skip
    for kind, code in codes.items():
        found |= {(code, variant): ref.class_sum(kind, variant) for variant in ("net", "daily")}
    for part in ("upsell", "cross_sell", "addon", "unspecified"):
        found |= {(f"mrr_expansion:{part}", "net"): ref.expansion_part(part)}
        found |= {(f"mrr_expansion:{part}", "daily"): NOT_APPLICABLE}
    for reason in REASONS:
        found |= {(f"mrr_churned:{reason}", "net"): ref.class_sum("churn", only=ref.churned_for(reason))}
        found |= {(f"mrr_churned:{reason}", "daily"): NOT_APPLICABLE}
    return found


def _times(factor: int, answer: Answer) -> Answer:
    return answer if answer[0] is None else (factor * answer[0], *answer[1:])


def _seed_grr(ref: EconomicsReference) -> Answer:
    churned, contracted = ref.class_count("churn"), ref.class_count("contraction")
    if churned[0] is None or contracted[0] is None:
        return churned if churned[0] is None else contracted
    opening = len(ref.payers(ref.opening))
    return divided(len(ref.payers(ref.last)) - churned[0] - contracted[0], opening, opening)


def of_groups(ref: EconomicsReference) -> dict[tuple[str, str], Answer]:
    """Levels P and S."""
    none = (None, None, None, 0, "no_data")
    opening, closing = ref.payers(ref.opening), ref.payers(ref.last)
    kept = [name for name in opening if name in closing]
    losses = [(1, ref.class_sum("churn")), (1, ref.class_sum("contraction"))]
    net = [*losses, (-1, ref.class_sum("expansion"))]
    mrr_churn, churned = ref.over_opening(losses[0]), ref.class_count("churn")
    spread = ("annualised", "monthly_equivalent")
    crc = ref.spent("retention")
    found = {
        ("arpa", "monthly"): ref.arpa(),
        ("arpa", "annual"): ref.arpa(12),
        ("paying_customers", "default"): (len(closing), None, None, len(closing), None) if ref.known else none,
        ("paying_customers_opening", "default"): (len(opening), None, None, len(opening), None) if ref.known else none,
        ("intra_period_churn", "default"): _intra(ref),
        ("logo_churn_rate", "period"): ref.logo(),
        ("retention_rate", "cohort"): divided(len(kept), len(opening), len(opening)) if ref.known else none,
        ("retention_rate", "seed_literal"): divided(
            len(closing) - len(opening) + len(kept), len(opening), len(opening)
        ) if ref.known else none,
        ("mrr_churn_rate", "churn"): mrr_churn,
        ("mrr_churn_rate", "gross"): ref.over_opening(*losses),
        ("net_mrr_churn_rate", "default"): ref.over_opening(*net),
        ("net_mrr_churn_rate", "with_reactivation"): ref.over_opening(*net, (-1, ref.class_sum("reactivation"))),
        ("negative_churn", "expansion_vs_churn"): ref.negative("churn"),
        ("negative_churn", "incl_contraction"): ref.negative("churn", "contraction"),
        ("quick_ratio", "default"): ref.quick(),
        ("customer_lifetime", "observed"): ref.lifetime(),
        ("customer_lifetime", "inverse_churn"): ref.inverse_churn(),
        ("cac", "default"): ref.cac(),
        ("crc", "opening"): ref.cost_per(crc, len(opening)),
        ("crc", "retained"): ref.cost_per(crc, len(kept)),
        ("trial_to_paid", "default"): ref.trial_to_paid(),
        ("open_trials", "default"): ref.open_trials(),
        **{("ltv_crc", v): ref.ltv_crc(v) for v in ("lifetime_cost", "seed_literal")},
        **{("clv", v): ref.clv(v) for v in ("clv_arpa_churn", "clv_lifetime_net", "clv_margin")},
        **{("logo_churn_rate", v): ref.spread(ref.logo(), v) for v in spread},
        **{("mrr_churn_rate", v): ref.spread(mrr_churn, v) for v in spread},
        **{(f"cac:{channel}", "default"): ref.cac(channel) for channel in CHANNELS},
    }  # fmt: skip
    for variant in ("clv_arpa_churn", "clv_margin"):
        clv, new = ref.clv(variant), len(ref.of("new"))
        found |= {("ltv_cac", variant): ref.ratio(clv, ref.cac(), len(closing))}
        found |= {("cac_ltv", variant): ref.ratio(ref.cac(), clv, new)}
    for kind, code in KINDS.items():
        found |= {(f"{code}_customers", variant): ref.class_count(kind, variant) for variant in ("net", "daily")}
    for reason in REASONS:
        count = ref.class_count("churn", only=ref.churned_for(reason))
        found |= {(f"churned_customers:{reason}", "net"): count}
        found |= {(f"churned_customers:{reason}", "daily"): NOT_APPLICABLE}
        share = count if count[0] is None else divided(count[0], churned[0], churned[3])
        found |= {(f"churn_reason_share:{reason}", "default"): share}
    return found


def _intra(ref: EconomicsReference) -> Answer:
    idle = [n for n in ref.of("idle") if any(ref.start <= day < ref.end for day in ref.paid_days[n])]
    return (len(idle), None, None, len(idle), None) if ref.known else (None, None, None, 0, "no_data")


# --- comparing -------------------------------------------------------------------------------------


def answers(readings: Iterable[Reading]) -> dict[tuple[str, str], Answer]:
    return {(r.metric, r.variant): (r.value, r.numerator, r.denominator, r.n, r.reason) for r in readings}


def differing(world: World, margin: Decimal | None) -> list[object]:
    """What the engine says otherwise than the reference, at every level, with a filter as well."""
    stored(world)
    counted = [name for name, fields in world.customers.items() if not fields["is_test"]]
    some = counted[::2]
    ids = Customer.objects.filter(external_id__in=some).values_list("pk", flat=True)
    questions: list[tuple[str, str | None, list[str], object]] = [
        ("portfolio", None, counted, None), ("portfolio", None, some, list(ids)),
        *(("segment", s, [n for n in counted if world.customers[n]["segment"] == s], None) for s in "ab"),
        *(("customer", name, [name], None) for name in world.customers),
    ]  # fmt: skip
    wrong: list[object] = []
    for level, subject, names, narrowed in questions:
        ref = EconomicsReference(world, names, whole=level == "portfolio" and narrowed is None, margin=margin)
        expected = of_customers(ref) | (of_groups(ref) if level != "customer" else {})
        codes = dict.fromkeys(code.partition(":")[0] for code, _variant in expected)
        channels = [code for code, _variant in expected if code.startswith("cac:")]  # those without any cost as well
        readings = measure([*codes, *channels], Period(world.start, world.end), level=level, variant="all",
                           subjects=subject and [subject], as_of=world.as_of, customers=narrowed)  # fmt: skip
        found = answers(readings)
        wrong += [(level, subject, narrowed, key, found.get(key), expected[key])
                  for key in expected if not _same(found.get(key), expected[key])]  # fmt: skip
        wrong += [(level, subject, key) for key in found.keys() - expected.keys()]
        wrong += [(level, subject, name) for name, holds in identities(found) if not holds]
    return wrong


def identities(found: dict[tuple[str, str], Answer]) -> Iterable[tuple[str, bool]]:
    """Section 16 rule 9, as far as all sides have a value."""

    def sums(sign_codes: dict[str, int], variant: str) -> Fraction | None:
        values = [(sign, found.get((code, variant), (None,))[0]) for code, sign in sign_codes.items()]
        known = [sign * value for sign, value in values if value is not None]
        return sum(known, Fraction(0)) if len(known) == len(values) else None

    mrr, opening, grr, nrr = (found[key][0] for key in (("mrr", "default"), ("mrr_opening", "default"),
                                                        ("grr", "cohort"), ("nrr", "cohort")))  # fmt: skip
    for variant in ("net", "daily"):
        moved = sums({"mrr_new": 1, "mrr_reactivation": 1, "mrr_expansion": 1, "mrr_contraction": -1,
                      "mrr_churned": -1}, variant)  # fmt: skip
        yield f"bridge {variant}", None in (mrr, opening, moved) or opening + moved == mrr
        moved = sums({"new_customers": 1, "reactivated_customers": 1, "churned_customers": -1}, variant)
        payers = sums({"paying_customers": 1, "paying_customers_opening": -1}, "default")
        yield f"customers {variant}", None in (payers, moved) or payers == moved
        reasons = sums({f"mrr_churned:{reason}": 1 for reason in REASONS}, variant)
        yield "reasons", reasons is None or reasons == found["mrr_churned", variant][0]
    yield "grr", None in (grr, nrr) or grr <= min(1, nrr)
    yield "arr", mrr is None or found["arr", "default"][0] == 12 * mrr
    for left, right in (
        (("retention_rate", "cohort"), ("logo_churn_rate", "period")),
        (("grr", "cohort"), ("mrr_churn_rate", "gross")),
        (("nrr", "cohort"), ("net_mrr_churn_rate", "default")),
    ):
        sides = found.get(left, (None,))[0], found.get(right, (None,))[0]
        yield f"{left} + {right}", None in sides or sum(sides) == 1
    parts = sums({f"mrr_expansion:{part}": 1 for part in EXPANSIONS}, "net")
    yield "expansion", parts is None or parts == found["mrr_expansion", "net"][0]


def _same(found: Answer | None, expected: Answer) -> bool:
    """Roots of 50 digits may differ in their last ones."""
    if found is None or (found[0] is None) != (expected[0] is None) or found[3:] != expected[3:]:
        return False
    return all(
        (a is None) == (b is None) and (a is None or b is None or abs(a - b) <= abs(b) / 10**45)
        for a, b in zip(found[:3], expected[:3], strict=True)
    )


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 200), marks=pytest.mark.deep)], ids=["few", "many"])
def test_random_companies(seeds):
    for seed in seeds:
        margin = Decimal("0.8") if seed % 2 else None
        set_workspace(gross_margin=margin)
        assert differing(random_world(seed), margin) == [], seed
