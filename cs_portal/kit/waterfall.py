"""A waterfall as SVG: from one level to the next, what came and what went. No style elements, as in ``charts``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .charts import ACCENT, TEXT, WARM, Chart, render

LEVEL, GAIN, LOSS = "level", "gain", "loss"
SIGNS = {LEVEL: "", GAIN: "+ ", LOSS: "− "}
COLOURS = {LEVEL: TEXT, GAIN: ACCENT, LOSS: WARM}


@dataclass(frozen=True)
class Step:
    """A level to stand on, or an amount that is added to it or taken away; ``said`` is the amount in words."""

    name: str
    kind: str
    amount: float
    said: str


def waterfall_chart(
    steps: Sequence[Step], *, title: str, unit: str, language: str, headings: tuple[str, str], note: str = ""
) -> Chart:
    """Levels from the ground, gains and losses from where the step before ended; signs tell them apart, not colour.

    The steps stand below each other, so that a phone shows them all.
    """
    bars = _bars(steps)
    widest = max(bar["top"] for bar in bars) or 1
    scale = {"domain": [0, widest * 1.3], "nice": False}  # room for the words behind the longest
    x = {"field": "from", "type": "quantitative", "title": unit or None, "scale": scale, "axis": {"tickCount": 4}}
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 130, "domain": False,
                                                                                  "ticks": False}}  # fmt: skip
    colour = {"field": "kind", "type": "nominal", "scale": {"domain": list(COLOURS), "range": list(COLOURS.values())},
              "legend": None}  # fmt: skip
    words = {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": TEXT}
    spec = {
        "width": 380, "height": 250, "padding": 4, "data": {"values": bars},
        "layer": [
            {"mark": {"type": "bar", "height": 20, "cornerRadius": 2, "opacity": 0.85},
             "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "color": colour}},
            {"mark": words, "encoding": {"x": {"field": "top", "type": "quantitative"}, "y": y,
                                         "text": {"field": "said"}}},
        ],
    }  # fmt: skip
    rows = tuple((f"{SIGNS[step.kind]}{step.name}", step.said) for step in steps)
    return Chart(title, render(spec, title=title, language=language), headings, rows, note)


def _bars(steps: Sequence[Step]) -> list[dict[str, Any]]:
    bars: list[dict[str, Any]] = []
    level = 0.0
    for step in steps:
        start = 0.0 if step.kind == LEVEL else level
        level = start - step.amount if step.kind == LOSS else start + step.amount
        name = f"{SIGNS[step.kind]}{step.name}"
        bars.append({"name": name, "from": start, "to": level, "top": max(start, level), "kind": step.kind,
                     "said": step.said})  # fmt: skip
    return bars
