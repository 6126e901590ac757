"""Goals, indicators and measurements as files of the import contract (metrics.md, sections 11, 15 and 17)."""

from accounts.models import Customer, UserGroup
from cs_portal.kit.filespec import Alike, FileSpec, Rule, columns, ordered, other_customer, positive
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement

LOADED = "c.verdict IS NULL"

GOALS = FileSpec(
    name="goals.csv",
    model=Goal,
    columns=columns(
        "external_id id!, customer id!, scope collective|individual!, user_group id, name str!, description text, "
        "goal_type str, weight dec=1, start_date date!, retired_on date"
    ),
    references={"customer": Customer, "user_group": UserGroup},
    checks=(other_customer("user_group"),),
    rules=(
        positive("weight"),
        Rule(
            "user_group", "missing_value", "d.scope = 'individual' AND d.user_group IS NULL",
            "An individual goal needs the user group whose goal it is.",
        ),
        Rule(
            "user_group", "conflict", "d.scope = 'collective' AND d.user_group IS NOT NULL",
            "A collective goal belongs to the whole company and names no user group.",
        ),
        ordered("start_date", "retired_on"),
    ),
    after=(
        """
        UPDATE kvi_goal SET state = 'retired'
        WHERE state <> 'retired' AND retired_on <= (now() AT TIME ZONE %(zone)s)::date
        """,
    ),
)  # fmt: skip

DEFINITION = (
    "valid_from date!, agreed_on date, retired_on date, name str!, kind quantitative|qualitative!, "
    "direction increase|decrease|maintain, unit str, baseline dec, baseline_date date, target dec, due_date date, "
    "range_low dec, range_high dec, tolerance_outside dec, levels list, level_scores shares, "
    "path linear|stepped=linear, path_points path, path_tolerance dec, "
    "cadence weekly|monthly|quarterly|half_yearly|yearly=monthly, grace_days int, weight dec=1, "
    "value_kind rate_month|rate_year|one_off, value_factor_conservative dec, value_factor_expected dec, "
    "value_currency cur"
)
KVI_COLUMNS = columns(f"external_id id!, version int=1, goal id!, {DEFINITION}")

AGREED_WAY = "d.agreed_on IS NOT NULL AND d.kind = 'quantitative'"
AGREED_RANGE = f"{AGREED_WAY} AND d.direction = 'maintain'"
AGREED_MOVE = f"{AGREED_WAY} AND d.direction IN ('increase', 'decrease')"
IS_LEVEL = "d.{0} = trunc(d.{0}) AND d.{0} >= 0 AND d.{0} < coalesce(cardinality(d.levels), 2147483647)"
FALLING = """(SELECT bool_or(step.day <= step.before) FROM (
    SELECT point ->> 0 AS day, lag(point ->> 0) OVER (ORDER BY place) AS before
    FROM jsonb_array_elements(d.path_points) WITH ORDINALITY points (point, place)
) step)"""


def _needed(column: str, when: str, why: str) -> Rule:
    return Rule(column, "missing_value", f"{when} AND d.{column} IS NULL", why)


def _level_index(column: str) -> Rule:
    broken = f"d.kind = 'qualitative' AND d.{column} IS NOT NULL AND NOT ({IS_LEVEL.format(column)})"
    return Rule(
        column, "out_of_range", broken, f"The {column} of a qualitative KVI is the index of a level, from 0 on."
    )


def _as_agreed(column: str) -> Rule:
    return Rule(
        column, "conflict", f"d.agreed_on_old IS NOT NULL AND d.{column} IS DISTINCT FROM d.{column}_old",
        "This version is agreed and no longer changes; load the change as a new version.",
    )  # fmt: skip


KEPT = tuple(
    column.name for column in KVI_COLUMNS if column.name not in ("external_id", "version", "goal", "retired_on")
)
NEW_AGREEMENT = "c.agreed_on IS NOT NULL"

KVIS = FileSpec(
    name="kvis.csv",
    model=IndicatorVersion,
    key=("external_id", "version"),
    columns=KVI_COLUMNS,
    references={"goal": Goal},
    joins="JOIN kvi_indicator indicator ON indicator.id = t.indicator_id",
    stored={"external_id": "indicator.external_id", "version": "t.number", "goal": "indicator.goal_id"},
    # A draft has no first day yet, a file must name one; nothing is counted by it until there is an agreement.
    written={"valid_from": "coalesce(t.valid_from, (t.created_at AT TIME ZONE %(zone)s)::date)"},
    derived={
        "known_goal": "(SELECT known.goal_id FROM kvi_indicator known WHERE known.external_id = e.external_id)",
        "known_kind": (
            "(SELECT min(other.kind) FROM kvi_indicatorversion other JOIN kvi_indicator known "
            "ON known.id = other.indicator_id "
            "WHERE known.external_id = e.external_id AND other.id IS DISTINCT FROM e.stored_id)"
        ),
    },
    store={
        "external_id": {},
        "version": {"number": "c.version"},
        "goal": {
            "indicator_id": "(SELECT known.id FROM kvi_indicator known WHERE known.external_id = c.external_id)"
        },
    },
    rules=(
        positive("weight"),
        Rule(
            "goal", "conflict", "d.known_goal <> d.goal",
            "The KVI belongs to another goal; all its versions name the same one.",
        ),
        Rule("kind", "conflict", "d.known_kind <> d.kind", "All versions of a KVI are of one kind."),
        Alike(("external_id",), ("goal", "kind"), "All versions of a KVI name the same goal and kind."),
        ordered("baseline_date", "due_date", strictly=True),
        _needed("direction", AGREED_WAY, "An agreed number needs to say whether it should rise, fall or stay."),
        _needed("baseline", AGREED_MOVE, "An agreed number needs a baseline."),
        _needed("target", AGREED_MOVE, "An agreed number needs a target."),
        _needed("range_low", AGREED_RANGE, "An agreed range needs its lower end."),
        _needed("range_high", AGREED_RANGE, "An agreed range needs its upper end."),
        Rule(
            "range_high", "conflict", f"{AGREED_RANGE} AND d.range_low > d.range_high",
            "The range must not end below where it begins.",
        ),
        _needed("tolerance_outside", AGREED_RANGE, "An agreed range needs a tolerance outside of it."),
        _needed("levels", "d.agreed_on IS NOT NULL AND d.kind = 'qualitative'", "A qualitative KVI needs its levels."),
        Rule(
            "target", "conflict", "d.direction = 'increase' AND d.target < d.baseline",
            "What should rise has a target at or above its baseline.",
        ),
        Rule(
            "target", "conflict", "d.direction = 'decrease' AND d.target > d.baseline",
            "What should fall has a target at or below its baseline.",
        ),
        _level_index("baseline"),
        _level_index("target"),
        Rule(
            "level_scores", "conflict", "cardinality(d.level_scores) <> coalesce(cardinality(d.levels), 0)",
            "There must be as many level_scores as levels.",
        ),
        Rule("level_scores", "out_of_range", "1 < ANY (d.level_scores)", "Each score lies between 0 and 1."),
        _needed("path_points", "d.path = 'stepped'", "A stepped path needs its points."),
        Rule("path_points", "bad_value", FALLING, "The dates of the points must rise."),
        Rule(
            "value_kind", "conflict",
            "d.value_kind IS NOT NULL AND coalesce(d.direction, '') NOT IN ('increase', 'decrease')",
            "Only a number that should rise or fall can be worth money.",
        ),
        _needed("value_currency", "d.value_kind IS NOT NULL", "A worth needs its currency."),
        Rule(
            "value_factor_conservative", "missing_value",
            "d.value_kind IS NOT NULL AND d.value_factor_conservative IS NULL AND d.value_factor_expected IS NULL",
            "A worth needs at least one factor.",
        ),
        *(_as_agreed(column) for column in KEPT),
        Rule(
            "agreed_on", "conflict", "d.agreed_on IS NOT NULL AND d.agreed_on_old IS NULL AND NOT %(admin)s",
            "Only an administrator may load agreements; leave agreed_on empty.",
        ),
    ),
    before=(
        f"""
        INSERT INTO kvi_indicator (external_id, goal_id)
        SELECT DISTINCT c.external_id, c.goal FROM load_checked c WHERE {LOADED}
        ON CONFLICT (external_id) DO NOTHING
        """,
    ),
    on_insert={
        "state": f"CASE WHEN {NEW_AGREEMENT} THEN 'agreed' ELSE 'draft' END",
        "provenance": f"CASE WHEN {NEW_AGREEMENT} THEN 'imported' ELSE '' END",
        "load_run_id": "%(run)s",
    },
    on_update={
        "state": f"CASE WHEN {NEW_AGREEMENT} AND t.agreed_on IS NULL THEN 'agreed' ELSE t.state END",
        "provenance": f"CASE WHEN {NEW_AGREEMENT} AND t.agreed_on IS NULL THEN 'imported' ELSE t.provenance END",
        "load_run_id": "%(run)s",
    },
    after=(
        """
        UPDATE kvi_indicatorversion earlier SET state = 'superseded'
        FROM kvi_indicatorversion later
        WHERE later.indicator_id = earlier.indicator_id AND later.number > earlier.number
          AND later.state = 'agreed' AND earlier.state = 'agreed'
        """,
        """
        UPDATE kvi_indicatorversion SET state = 'retired'
        WHERE state = 'agreed' AND retired_on <= (now() AT TIME ZONE %(zone)s)::date
        """,
        f"""
        UPDATE kvi_goal goal SET state = 'agreed' FROM kvi_indicator indicator, load_checked c
        WHERE goal.state IN ('draft', 'proposed') AND indicator.goal_id = goal.id
          AND indicator.external_id = c.external_id AND {LOADED} AND {NEW_AGREEMENT}
        """,
    ),
)  # fmt: skip

MEASURED = ("date", "value", "level", "status", "source", "evidence", "comment")


def _as_in_portal(column: str) -> Rule:
    return Rule(
        column, "conflict", f"d.touched AND d.{column} IS DISTINCT FROM d.{column}_old",
        "This value was entered, confirmed or disputed in the portal; an import does not change it.",
    )  # fmt: skip


MEASUREMENTS = FileSpec(
    name="kvi_measurements.csv",
    model=Measurement,
    columns=columns(
        "external_id id!, kvi id!, date date!, value dec, level int, "
        "status confirmed|unconfirmed|disputed=unconfirmed, source str, evidence str, comment text"
    ),
    references={"kvi": Indicator},
    stored={"kvi": "t.indicator_id"},
    store={"kvi": {"indicator_id": "c.kvi"}},
    lookups=(
        "LEFT JOIN kvi_measurement before ON before.id = e.stored_id "
        "LEFT JOIN (SELECT indicator_id, min(kind) AS kind, min(cardinality(levels)) AS levels "
        "FROM kvi_indicatorversion GROUP BY indicator_id) known ON known.indicator_id = e.kvi"
    ),
    derived={
        "kvi_kind": "known.kind",
        "kvi_levels": "known.levels",
        "touched": "coalesce(before.touched_in_app, false)",
    },
    rules=(
        Rule(
            "value", "conflict", "d.kvi_kind = 'qualitative' AND d.value IS NOT NULL",
            "This KVI is measured in levels; give the level and no value.",
        ),
        Rule(
            "level", "conflict", "d.kvi_kind = 'quantitative' AND d.level IS NOT NULL",
            "This KVI is measured as a number; give the value and no level.",
        ),
        Rule(
            "value", "missing_value", "d.kvi_kind = 'quantitative' AND d.value IS NULL",
            "What was measured? Give the value.",
        ),
        Rule(
            "level", "missing_value", "d.kvi_kind = 'qualitative' AND d.level IS NULL",
            "What was measured? Give the level.",
        ),
        Rule("level", "out_of_range", "d.level >= d.kvi_levels", "The KVI has no such level; they count from 0."),
        *(_as_in_portal(column) for column in MEASURED),
        Rule(
            "status", "conflict",
            "d.status = 'confirmed' AND d.status_old IS DISTINCT FROM 'confirmed' AND NOT %(admin)s",
            "Only an administrator may load confirmations; leave the status empty.",
        ),
    ),
    on_insert={"origin": "'import'", "load_run_id": "%(run)s"},
    on_update={"load_run_id": "%(run)s"},
)  # fmt: skip
