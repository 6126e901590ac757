"""Which of several rows that cannot all load does load: the first one of the file that is fit otherwise."""

from collections.abc import Iterable, Sequence
from typing import Any

from cs_portal.kit.filespec import Alike, Once

from .checking import Check, keyed

CONTESTED = 2_000  # rows fetched or written at a time


def resolve(cursor: Any, check: Check) -> None:
    """Fill load_checked.verdict: null for the rows that load, otherwise the number of their problem."""
    cursor.execute(
        "UPDATE load_checked SET verdict = coalesce(problem, rule_problem)"
        " WHERE problem IS NOT NULL OR rule_problem IS NOT NULL"
    )
    if not check.orders:
        _reject_later_keys(cursor, check)
        return
    rows = _contested(cursor, check)
    verdicts = list(_verdicts(check, rows))
    for start in range(0, len(verdicts), CONTESTED):
        lines, numbers = zip(*verdicts[start : start + CONTESTED], strict=True)
        cursor.execute(
            "UPDATE load_checked c SET verdict = v.verdict FROM unnest(%s::integer[], %s::integer[]) v (line, verdict)"
            " WHERE c.line = v.line",
            [list(lines), list(numbers)],
        )


def _reject_later_keys(cursor: Any, check: Check) -> None:
    columns = [check.spec.column(name) for name in check.spec.key]
    keys = ", ".join(f"{keyed(check.spec, column.name, column)} AS {column.name}" for column in columns)
    places = ", ".join(str(place) for place, _column in enumerate(columns, 1))
    same = " AND ".join(f"{keyed(check.spec, f'c.{c.name}', c)} = first.{c.name}" for c in columns)
    cursor.execute(f"""
        UPDATE load_checked c SET verdict = {check.duplicate}
        FROM (SELECT {keys}, min(line) FILTER (WHERE rule_problem IS NULL) AS line FROM load_checked
              WHERE problem IS NULL GROUP BY {places} HAVING count(*) > 1) first
        WHERE {same} AND c.problem IS NULL AND c.line > first.line
    """)


def _contested(cursor: Any, check: Check) -> list[tuple[Any, ...]]:
    """Line, problem and the values compared, of the rows whose fate hangs on other rows, in file order."""
    wanted, tests = ["line", "rule_problem", _row(check.spec.key)], [_doubled(check.spec.key)]
    for _before, rule in check.orders:
        wanted.append(_row(rule.columns))
        if isinstance(rule, Once):
            tests.append(_doubled(rule.columns))
        else:
            values, window = _row(rule.values), f"OVER (PARTITION BY {', '.join(rule.columns)})"
            wanted.append(values)
            tests.append(f"min({values}) {window} IS DISTINCT FROM max({values}) {window}")
    names = [f"c{number}" for number in range(len(wanted))]
    select = ", ".join(f"{sql} AS {name}" for sql, name in zip(wanted, names, strict=True))
    cursor.execute(
        f"SELECT {', '.join(names)} FROM (SELECT {select}, {' OR '.join(tests)} AS contested FROM load_checked"
        " WHERE problem IS NULL) rows WHERE contested ORDER BY 1"
    )
    return cursor.fetchall()


def _row(columns: Sequence[str]) -> str:
    return f"ARRAY[{', '.join(f'{name}::text' for name in columns)}]"


def _doubled(columns: Sequence[str]) -> str:
    whole = " AND ".join(f"{name} IS NOT NULL" for name in columns)
    return f"({whole} AND count(*) OVER (PARTITION BY {', '.join(columns)}) > 1)"


def _verdicts(check: Check, rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[int, int]]:
    keys: set[tuple[Any, ...]] = set()
    seen: list[dict[tuple[Any, ...], Any]] = [{} for _rule in check.orders]
    for line, rule_problem, key, *values in rows:
        groups = _groups(check, values)
        verdict = check.duplicate if tuple(key) in keys else _first_problem(check, rule_problem, groups, seen)
        if verdict is not None:
            yield line, verdict
            continue
        keys.add(tuple(key))
        for known, (group, compared) in zip(seen, groups, strict=True):
            known.setdefault(group, compared)


def _groups(check: Check, values: list[Any]) -> list[tuple[tuple[Any, ...], Any]]:
    left = iter(values)
    return [(tuple(next(left)), next(left) if isinstance(rule, Alike) else None) for _before, rule in check.orders]


def _first_problem(
    check: Check,
    rule_problem: int | None,
    groups: list[tuple[tuple[Any, ...], Any]],
    seen: list[dict[tuple[Any, ...], Any]],
) -> int | None:
    rank = check.rank(rule_problem)
    for (before, rule), (group, compared), known in zip(check.orders, groups, seen, strict=True):
        if before > rank or group not in known or None in group:
            continue
        if isinstance(rule, Once):
            return check.number_of(rule.at, "conflict", rule.message)
        for name, own, first in zip(rule.values, compared, known[group], strict=True):
            if own != first:
                return check.number_of(name, "conflict", rule.message)
    return rule_problem


def settle(cursor: Any, check: Check) -> None:
    """What else is wrong now that some rows are rejected, until nothing more is."""
    rejecting = [
        f"UPDATE load_checked d SET verdict = {check.number_of(rule.column, rule.code, rule.message)} "
        f"WHERE d.verdict IS NULL AND {rule.broken}"
        for rule in check.spec.settling
    ]
    rejected = bool(rejecting)
    while rejected:
        rejected = False
        for statement in rejecting:
            cursor.execute(statement)
            rejected |= cursor.rowcount > 0
