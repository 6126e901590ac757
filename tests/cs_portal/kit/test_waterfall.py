"""Each step begins where the one before ended."""

from cs_portal.kit.waterfall import GAIN, LEVEL, LOSS, Step, _bars, waterfall_chart

STEPS = [Step("Opening", LEVEL, 100, "100"), Step("New", GAIN, 30, "30"), Step("Churn", LOSS, 50, "50"),
         Step("Closing", LEVEL, 80, "80")]  # fmt: skip


def test_gains_and_losses_stand_on_the_level_before():
    assert [(bar["name"], bar["from"], bar["to"], bar["top"]) for bar in _bars(STEPS)] == [
        ("Opening", 0, 100, 100), ("+ New", 100, 130, 130), ("− Churn", 130, 80, 130), ("Closing", 0, 80, 80),
    ]  # fmt: skip


def test_the_table_says_the_same_and_the_picture_has_no_style():
    chart = waterfall_chart(STEPS, title="<MRR>", unit="EUR", language="de", headings=("Step", "MRR"))
    assert chart.rows == (("Opening", "100"), ("+ New", "30"), ("− Churn", "50"), ("Closing", "80"))
    assert chart.svg.startswith('<svg role="img"')
    assert ("<style" in chart.svg, "&lt;MRR&gt;" in chart.svg) == (False, True)
