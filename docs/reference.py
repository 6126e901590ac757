"""The reference pages, written from the code itself: ``./cs manage shell < docs/reference.py`` writes them anew.

A test compares them, so that no metric, setting or command can be there without its line.
"""

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from django.core.management import get_commands, load_command_class

from accounts.workspace import RULES
from cs_portal.checks import RULES as CHECKS
from cs_portal.metrics.base import Metric, WorkspaceSettings
from cs_portal.metrics.exact import plain
from kvi.catalog import CATALOG

PLACE = Path("docs/reference")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [head, ["---"] * len(list(head)), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def metrics() -> str:
    rows = (
        [f"`{code}`", metric.names["en"], metric.names["de"], _units(metric), metric.better, ", ".join(metric.levels),
         ", ".join(metric.variants), metric.formula_text]
        for code, metric in CATALOG.items()
    )  # fmt: skip
    head = ["code", "English", "German", "unit", "better", "levels", "variants", "formula"]
    return f"# Metrics\n\nThe first variant is the default.\n\n{table(head, rows)}"


def _units(metric: Metric) -> str:
    others = [f"{variant}: {unit}" for variant, unit in metric.variant_units.items()]
    return f"{metric.unit} ({', '.join(others)})" if others else metric.unit


def settings() -> str:
    defaults = {field.name: field.default for field in fields(WorkspaceSettings)}
    rows = ([f"`{name}`", _shown(defaults[name]), rule.allowed] for name, rule in RULES.items())
    head = ["setting", "default", "allowed"]
    return (
        "# Settings of the workspace\n\n`./cs manage settings NAME=VALUE`, or Settings in the product. The variables of"
        f" the environment stand in README.md.\n\n{table(head, rows)}"
    )


def _shown(default: object) -> str:
    if default is None:
        return "unset"
    return default if isinstance(default, str) else plain(default)  # type: ignore[arg-type]


def commands() -> str:
    own = sorted(name for name, app in get_commands().items() if app.split(".")[0] in OWN)
    rows = ([f"`./cs manage {name}`", load_command_class(get_commands()[name], name).help] for name in own)
    return f"# Commands\n\n`./cs --help` names the short forms.\n\n{table(['command', 'does'], rows)}"


def checks() -> str:
    rows = ([f"`{rule.id}`", rule.says, rule.hint] for rule in CHECKS)
    return "# Checks of the settings\n\nAn E stops the start, a W does not. `./cs doctor` names them too.\n\n" + table(
        ["id", "says", "what to do"], rows
    )


OWN = ("cs_portal", "accounts", "surveys", "kvi", "reports")
PAGES = {"metrics.md": metrics, "settings.md": settings, "commands.md": commands, "checks.md": checks}


def write() -> None:
    for name, page in PAGES.items():
        (PLACE / name).write_text(page(), encoding="utf-8")


if __name__ != "reference":  # not imported by the test
    write()
