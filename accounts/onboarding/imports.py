"""Onboarding steps as a file of the import contract (metrics.md, sections 9 and 15)."""

from accounts.models import Customer, UserGroup
from accounts.onboarding.models import OnboardingStep
from cs_portal.kit.filespec import FileSpec, Once, Rule, columns, other_customer, positive


def _taken(column: str) -> str:
    """A stored step of the same bearer has it, and this file does not give that one another."""
    return f"""EXISTS (
        SELECT FROM onboarding_onboardingstep other
        WHERE other.customer_id = e.customer AND other.user_group_id IS NOT DISTINCT FROM e.user_group
          AND other.{column} = e.{column} AND other.id IS DISTINCT FROM e.stored_id AND other.archived_at IS NULL
          AND NOT EXISTS (
              SELECT FROM load_stage moved WHERE moved.external_id = other.external_id AND moved.bad IS NULL
              AND moved.{column} <> other.{column} AND coalesce(moved.weight, 1) > 0
          )
    )"""


def _kept(column: str, message: str) -> Rule:
    """A stored step has it, and no accepted row of this file gives that one another."""
    return Rule(
        column,
        "conflict",
        f"""EXISTS (
            SELECT FROM onboarding_onboardingstep other
            WHERE other.customer_id = d.customer AND other.user_group_id IS NOT DISTINCT FROM d.user_group
              AND other.{column} = d.{column} AND other.id IS DISTINCT FROM d.stored_id AND other.archived_at IS NULL
              AND NOT EXISTS (
                  SELECT FROM load_checked moved WHERE moved.stored_id = other.id AND moved.verdict IS NULL
                  AND moved.{column} <> other.{column}
              )
        )""",
        message,
    )


STEP_TAKEN = "This customer or group has a step with this code already."
POSITION_TAKEN = "Another step has this position already."
STEPS = FileSpec(
    name="onboarding_steps.csv",
    model=OnboardingStep,
    columns=columns(
        "external_id id!, customer id!, user_group id, step str!, name str, position int!, weight dec=1, "
        "is_key bool=false, due_on date, achieved_at ts"
    ),
    references={"customer": Customer, "user_group": UserGroup},
    derived={
        "bearer": "coalesce(e.user_group, 0)",
        "step_taken": _taken("step"),
        "position_taken": _taken("position"),
    },
    checks=(other_customer("user_group"),),
    rules=(
        positive("weight"),
        Rule("step", "conflict", "d.step_taken", STEP_TAKEN),
        Once(("customer", "bearer", "step"), "step", "An earlier row has this step already."),
        Rule("position", "conflict", "d.position_taken", POSITION_TAKEN),
        Once(("customer", "bearer", "position"), "position", "An earlier row has this position already."),
    ),
    settling=(_kept("step", STEP_TAKEN), _kept("position", POSITION_TAKEN)),
    after=("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"),
)
