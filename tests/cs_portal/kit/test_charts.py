"""Charts may go inline into a page under the strict CSP, and words in them stay words."""

import json
from datetime import date
from xml.etree import ElementTree

import pytest

from cs_portal.kit.charts import ACCENT, WARM, Series, time_chart

NASTY = "</text><script>alert(1)</script> '\"\\ ]; \u2028 `${x}` Müller 🚀"
POINTS = [(date(2026, 1, 1), 1.0), (date(2026, 2, 1), 2.0)]


def chart(**more):
    words = {"title": "T", "unit": "h", "language": "en", "headings": ("a",), "rows": [("1",)]}
    return time_chart([Series(more.pop("name", "measured"), "full", POINTS)], **{**words, **more})


@pytest.mark.parametrize("where", ["title", "unit", "name", "levels"])
def test_what_people_wrote_cannot_become_markup_or_code(where):
    svg = chart(**{where: [NASTY, "b", NASTY] if where == "levels" else NASTY}).svg
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert names <= {"svg", "title", "g", "path", "line", "text", "defs", "clipPath", "rect"}


@pytest.mark.parametrize("where", ["title", "unit", "name", "levels"])
def test_signs_that_xml_does_not_know_are_left_out(where):
    """The engine would not raise but abort the process: a unit would stop the web server and the worker."""
    words = "left\x00\x01\x0b\x1b\ud800\ufffe\uffffright"
    svg = chart(**{where: [words, "b"] if where == "levels" else words}).svg
    ElementTree.fromstring(svg)
    assert ("leftright" in svg) == (where != "name")  # the legend stands outside the picture


def test_nothing_that_the_policy_forbids_and_a_name_for_screen_readers():
    root = ElementTree.fromstring(chart(title="Hours over time").svg)
    assert not [element for element in root.iter() if "style" in element.attrib or element.tag.endswith("}style")]
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert (root.get("role"), title.text) == ("img", "Hours over time")
    assert root.get("aria-labelledby") == title.get("id")


def test_levels_are_named_on_the_axis():
    texts = [element.text for element in ElementTree.fromstring(chart(levels=["low", "middle", "high"]).svg).iter()]
    assert {"low", "middle", "high"} <= set(texts)


def test_numbers_and_days_are_written_in_the_language():
    points = [Series("m", "full", [(date(2026, 1, 1), 12000.5), (date(2026, 6, 1), 12001.5)])]
    words = {"title": "T", "unit": "", "headings": (), "rows": []}
    german, english = (time_chart(points, language=language, **words).svg for language in ("de", "en"))
    assert "12.001" in german
    assert "12,001" in english


def test_without_points_there_is_no_picture():
    assert time_chart([Series("m", "full")], title="T", unit="", language="en", headings=(), rows=[]).svg == ""


def test_the_values_are_told_in_words_and_in_the_order_of_days():
    planned, later = Series("planned", "dash", POINTS), Series("late", "cross", [(date(2026, 1, 15), 1.25)])
    measured = Series("measured", "full", POINTS[::-1])
    words = {"title": "T", "unit": "h", "language": "de", "headings": (), "rows": []}
    live = json.loads(time_chart([planned, measured, later], **words).live)
    assert [(point["series"], point["day"], point["said"], point["name"]) for point in live["points"]] == [
        (1, "01.01.2026", "1 h", "measured"),
        (2, "15.01.2026", "1,25 h", "late"),
        (1, "01.02.2026", "2 h", "measured"),
    ]
    assert [data["name"] for data in live["spec"]["data"] if data.get("values")] == ["s0", "s1", "s2"]


def test_a_level_is_told_by_its_name():
    live = json.loads(chart(levels=["low", "middle", "high"]).live)
    assert [point["said"] for point in live["points"]] == ["middle", "high"]


@pytest.mark.parametrize("where", ["title", "unit", "name", "levels"])
def test_what_people_wrote_cannot_end_the_element_that_holds_the_values(where):
    live = chart(**{where: [NASTY, NASTY, NASTY] if where == "levels" else NASTY}).live
    assert not set("<>&\u2028\u2029") & set(live)
    if where != "title":
        assert NASTY in json.dumps(json.loads(live), ensure_ascii=False).replace('\\"', '"').replace("\\\\", "\\")


@pytest.mark.parametrize("colour", [ACCENT, WARM])
@pytest.mark.parametrize("ground", ["#ffffff", "#191f2b"])
def test_lines_stand_out_in_light_and_dark(colour, ground):
    """WCAG 2.2, 1.4.11: 3:1 for what a picture needs to be understood."""
    high, low = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 3


def luminance(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
