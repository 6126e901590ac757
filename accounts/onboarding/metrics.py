"""Declarations of the onboarding metrics (metrics.md, section 9), in the order of that file."""

from accounts.onboarding.tallies import onboarding_tallies
from cs_portal.metrics import onboarding
from cs_portal.metrics.base import Metric

SOURCE = "metrics.md, 9"
COHORTS = ("portfolio", "segment")
BEARERS = ("customer", "user_group")

METRICS = (
    Metric(
        code="onboarding_score",
        names={"de": "Onboarding-Engagement-Score", "en": "Onboarding engagement score"},
        unit="score",
        better="higher",
        levels=(*COHORTS, *BEARERS),
        tally=onboarding_tallies,
        formula=onboarding.onboarding_score,
        formula_text="100 × Σ weight of achieved steps ÷ Σ weight; portfolio, segment: mean over the cohort",
        source=SOURCE,
    ),
    Metric(
        code="activated",
        names={"de": "Aktivierung", "en": "Activated flag"},
        unit="count",
        better="higher",
        levels=BEARERS,
        tally=onboarding_tallies,
        formula=onboarding.activated,
        formula_text="1 if every key step is achieved, else 0",
        source=SOURCE,
    ),
    Metric(
        code="activation_rate",
        names={"de": "Aktivierungsquote", "en": "Activation rate"},
        unit="ratio",
        better="higher",
        levels=COHORTS,
        tally=onboarding_tallies,
        formula=onboarding.activation_rate,
        formula_text="cohort members activated by A ÷ cohort members with a key step",
        source=SOURCE,
    ),
    Metric(
        code="time_to_activation",
        names={"de": "Zeit bis zur Aktivierung", "en": "Time to activation"},
        unit="days",
        better="lower",
        levels=(*COHORTS, *BEARERS),
        tally=onboarding_tallies,
        formula=onboarding.time_to_activation,
        formula_text="latest achieved date of the key steps − onboarding start; cohort: mean or median",
        source=SOURCE,
        variants=("mean", "median"),
    ),
    Metric(
        code="stuck_steps",
        names={"de": "Hängende Schritte", "en": "Stuck steps"},
        unit="count",
        better="lower",
        levels=(*COHORTS, *BEARERS),
        tally=onboarding_tallies,
        formula=onboarding.stuck_steps,
        formula_text=(
            "open steps with due_on < E, and the first open step without a due date when nothing has happened for more "
            "than stuck_after_days"
        ),
        source=SOURCE,
    ),
)
