"""The PDF of a value report: what the page says, typeset."""

from datetime import datetime
from pathlib import Path
from typing import Any

from cs_portal.kit.charts import legend_of
from cs_portal.kit.pdf import compile_pdf
from reports.models import Rendering, ValueReport
from reports.presentation import document

TEMPLATE = Path(__file__).parent / "report.typ"


def report_pdf(report: ValueReport, stage: str) -> bytes:
    """Byte-identical whenever it is made again: the date inside is the day the content was frozen."""
    data = document(report, report.content or {}, final=stage == Rendering.Stage.ISSUED)
    files = _charts(data)
    frozen = datetime.fromisoformat(data["frozen_at"])
    data["date"] = [frozen.year, frozen.month, frozen.day]
    return compile_pdf(TEMPLATE, data, files)


def _charts(data: dict[str, Any]) -> dict[str, bytes]:
    """Pictures become files that the template names."""
    files = {}
    for goal in data["goals"]:
        for indicator in goal["indicators"]:
            if chart := indicator["chart"]:
                name = f"chart-{len(files)}.svg"
                files[name] = chart["svg"].replace("currentColor", "#1c2333").encode()
                legend = [list(entry) for entry in legend_of(chart["note"])]
                indicator["chart"] = {"title": chart["title"], "file": name, "legend": legend}
    return files
