"""Charts as SVG made on the server, each with its table: the same picture on page, in PDF and without JavaScript.

Lines and labels take the text's colour, so one picture suits light and dark; the accents are told apart by shape
and dash as well as by colour. No style elements or attributes: the page's CSP allows none.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils.formats import date_format
from django.utils.translation import override

from cs_portal.metrics.display import decimal_text

EPOCH = date(1970, 1, 1)
FONTS = Path(__file__).parent / "fonts"
TEXT = "currentColor"
ACCENT, WARM = "#4c78d8", "#c9731b"
LOCALES = {"de": "de-DE", "en": "en-GB"}
DATE_FORMAT = {"de": "%d.%m.%y", "en": "%d %b %y"}
CONFIG: dict[str, Any] = {
    "font": "Inter",
    "background": None,
    "aria": False,  # its descriptions would put titles into expressions; the table says it better
    "view": {"stroke": None},
    "axis": {
        "labelColor": TEXT, "titleColor": TEXT, "domainColor": TEXT, "domainOpacity": 0.35, "tickColor": TEXT,
        "tickOpacity": 0.35, "gridColor": TEXT, "gridOpacity": 0.1, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": 500, "labelOpacity": 0.8, "titleLimit": 220,
    },
    "legend": {
        "labelColor": TEXT, "labelFontSize": 12, "orient": "bottom", "title": None, "symbolStrokeWidth": 2,
        "labelLimit": 320,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """``svg`` may go inline into a page; ``headings`` and ``rows`` say the same in words and numbers.

    ``live`` is what brings the picture to life in a browser, as JSON that may stand in a page; no report keeps it.
    """

    title: str
    svg: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    live: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title, "svg": self.svg, "headings": list(self.headings),
            "rows": [list(row) for row in self.rows], "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Series:
    """Points (day, value) under a name; ``mark`` is line, dash, step, full, hollow or cross."""

    name: str
    mark: str
    points: Sequence[tuple[date, float]] = field(default=())


def render(spec: Mapping[str, Any], *, title: str, language: str) -> str:
    """The SVG of a Vega-Lite specification, named for screen readers; raises ValueError for a wrong one."""
    svg = _svg(json.dumps(drawable({**spec, "config": CONFIG}), sort_keys=True), LOCALES.get(language, "en-GB"))
    name = f"chart-{uuid4().hex[:8]}"
    escaped = drawable(title).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    head = f'<svg role="img" aria-labelledby="{name}" '
    return svg.replace("<svg ", head, 1).replace(">", f'><title id="{name}">{escaped}</title>', 1)


NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def drawable(words: Any) -> Any:
    """The same without signs that XML does not know: the engine ends the whole process over one of them."""
    if isinstance(words, str):
        return NOT_XML.sub("", words)
    if isinstance(words, Mapping):
        return {name: drawable(word) for name, word in words.items()}
    return [drawable(word) for word in words] if isinstance(words, list | tuple) else words


INNER_ROLES = re.compile(r' (?:role="graphics-[\w-]+"|aria-roledescription="[^"]*"|aria-label="[^"]*")')


@lru_cache(maxsize=512)
def _svg(spec: str, locale: str) -> str:
    vl_convert = _engine()
    svg: str = vl_convert.vegalite_to_svg(json.loads(spec), format_locale=locale, time_format_locale=locale)
    # The parts' roles and labels would be read one by one; the table says it better.
    return INNER_ROLES.sub("", svg)


def _live(spec: Mapping[str, Any], points: list[dict[str, Any]]) -> str:
    """The compiled specification and the values in words, without a sign that could end the element it stands in."""
    compiled = _compiled(json.dumps(drawable({**spec, "config": CONFIG}), sort_keys=True))
    text = json.dumps({"spec": compiled, "points": drawable(points)}, ensure_ascii=False, separators=(",", ":"))
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


@lru_cache(maxsize=512)
def _compiled(spec: str) -> dict[str, Any]:
    compiled: dict[str, Any] = _engine().vegalite_to_vega(json.loads(spec))
    return compiled


INK, PAPER = "#1c2333", "#ffffff"


def picture(svg: str) -> bytes:
    """The chart as a PNG for mails, twice as fine as the SVG, on paper: a mail program has no colours of ours."""
    head, rest = svg.replace(TEXT, INK).split(">", 1)
    png: bytes = _engine().svg_to_png(f'{head}><rect width="100%" height="100%" fill="{PAPER}"/>{rest}', scale=2)
    return png


@lru_cache(maxsize=1)
def _engine() -> Any:
    import vl_convert  # noqa: PLC0415 - half a second that only charts should cost

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


MARKS: dict[str, dict[str, Any]] = {
    "line": {"type": "line", "strokeWidth": 2, "color": ACCENT},
    "dash": {"type": "line", "strokeWidth": 1.5, "strokeDash": [6, 4], "color": TEXT, "opacity": 0.65},
    "step": {"type": "line", "interpolate": "step-after", "strokeWidth": 1.5, "strokeDash": [6, 4], "color": TEXT,
             "opacity": 0.65},
    "rule": {"type": "line", "strokeWidth": 1.5, "strokeDash": [2, 3], "color": WARM},
    "full": {"type": "point", "shape": "circle", "filled": True, "size": 70, "color": ACCENT, "opacity": 1},
    "hollow": {"type": "point", "shape": "circle", "filled": False, "size": 70, "color": ACCENT, "strokeWidth": 2},
    "cross": {"type": "point", "shape": "cross", "filled": True, "size": 80, "angle": 45, "color": WARM, "opacity": 1},
}  # fmt: skip


def time_chart(
    series: Sequence[Series],
    *,
    title: str,
    unit: str,
    language: str,
    headings: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    note: str = "",
    zero: bool = False,
    levels: Sequence[str] = (),
) -> Chart:
    """Values over days; with ``levels`` a value is the place of a level, which the axis names.

    The legend names the series in their own mark.
    """
    shown = [one for one in series if one.points]
    y = _words(levels) if levels else _quantity(unit, zero=zero)
    layers = [_layer(f"s{number}", one, language, y) for number, one in enumerate(shown)]
    legend = " · ".join(f"{SIGNS[one.mark]} {one.name}" for one in shown)
    if not layers:
        return Chart(title, "", headings, tuple(rows), note or legend)
    spec = {
        "width": 680, "height": 230, "padding": 4,
        "layer": layers,
        "resolve": {"scale": {"shape": "independent"}},
    }  # fmt: skip
    svg = render(spec, title=title, language=language)
    live = _live({**spec, **AS_WIDE_AS_THERE_IS}, _told(shown, unit, levels, language))
    return Chart(title, svg, headings, tuple(rows), note or legend, live)


AS_WIDE_AS_THERE_IS = {"autosize": {"type": "fit", "contains": "padding"}}
MEASURED = ("full", "hollow", "cross")


def _told(shown: Sequence[Series], unit: str, levels: Sequence[str], language: str) -> list[dict[str, Any]]:
    """What is told one by one, in the order of days: the marked values, otherwise those of the lines."""
    marks = MEASURED if any(one.mark in MEASURED for one in shown) else ("line",)
    told = [
        {
            "series": number, "at": _milliseconds(day), "value": value, "name": one.name,
            "day": _day(day, language), "said": _said(value, unit, levels, language),
        }
        for number, one in enumerate(shown) if one.mark in marks for day, value in one.points
    ]  # fmt: skip
    return sorted(told, key=lambda point: point["at"])


def _day(day: date, language: str) -> str:
    with override(language):
        return date_format(day, "SHORT_DATE_FORMAT")


def _said(value: float, unit: str, levels: Sequence[str], language: str) -> str:
    if levels:
        return levels[int(value)] if 0 <= value < len(levels) else str(int(value))
    return quantity_text(value, unit, language)


def quantity_text(value: object, unit: str, language: str) -> str:
    """With two decimals at most, and its unit."""
    text = decimal_text(Fraction(str(value)), 2, language)
    text = text.rstrip("0").rstrip(",.")  # there are always two decimals to take from
    return f"{text} {unit}".strip()


def _milliseconds(day: date) -> int:
    return (day - EPOCH).days * 86_400_000


def legend_of(note: str) -> list[tuple[str, str]]:
    """``● confirmed · ○ not confirmed`` as pairs of mark and name; empty for a note that is no legend."""
    marks = {sign: mark for mark, sign in SIGNS.items() if mark != "step"}
    entries = [entry.partition(" ") for entry in note.split(" · ")]
    found = [(marks[sign], name) for sign, _space, name in entries if sign in marks]
    return found if len(found) == len(entries) else []


SIGNS = {"line": "―", "dash": "╌", "step": "╌", "rule": "┄", "full": "●", "hollow": "○", "cross": "✕"}


def _quantity(unit: str, *, zero: bool) -> dict[str, Any]:
    return {"title": unit or None, "scale": {"zero": zero, "nice": True}, "axis": {"tickCount": 5}}


def _words(levels: Sequence[str]) -> dict[str, Any]:
    """The levels' names instead of their numbers; as a list of literals they cannot become code."""
    names = json.dumps(drawable(list(levels)))  # before it is code, where signs are written as escapes
    axis = {"values": list(range(len(levels))), "labelExpr": f"{names}[datum.value]", "labelLimit": 150}
    return {"title": None, "scale": {"domain": [0, max(len(levels) - 1, 1)]}, "axis": axis}


def _layer(name: str, series: Series, language: str, y: dict[str, Any]) -> dict[str, Any]:
    time_format = DATE_FORMAT.get(language, DATE_FORMAT["en"])
    axis = {"format": time_format, "labelOverlap": True, "labelSeparation": 8, "tickCount": 6, "grid": False}
    x = {"field": "d", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": axis}
    return {
        "data": {"name": name, "values": [{"d": _milliseconds(day), "v": value} for day, value in series.points]},
        "mark": MARKS[series.mark],
        "encoding": {"x": x, "y": {"field": "v", "type": "quantitative", **y}},
    }
