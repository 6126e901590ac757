"""Whatever people write can be printed."""

from datetime import date

from cs_portal.kit.charts import Series, time_chart
from cs_portal.kit.pdf import compile_pdf

PAGE = """
#set document(title: "Chart", date: datetime(year: 2026, month: 1, day: 1))
#set text(font: "Inter", lang: "en")
#image("chart.svg", alt: "Chart")
"""


def test_a_chart_with_a_pile_of_marks_on_one_letter_is_printed(tmp_path):
    template = tmp_path / "page.typ"
    template.write_text(PAGE)
    points = [Series("m", "full", [(date(2026, 1, 1), 1.0), (date(2026, 2, 1), 2.0)])]
    chart = time_chart(points, title="Chart", unit="Z" + "\u0301" * 200, language="en", headings=(), rows=[])
    pdf = compile_pdf(template, {}, {"chart.svg": chart.svg.replace("currentColor", "#000").encode()})
    assert pdf.startswith(b"%PDF")
