"""The value report's PDF from frozen content, beside bare typst on exactly the data that it is given."""

import statistics
import time

import typst

from cs_portal.kit import pdf
from reports.models import ValueReport
from reports.pdf import report_pdf

LIMIT, TIMES = 1.5, 15
report = ValueReport.objects.filter(state="issued").first()
given = []
compile_with_us = pdf._compile


def seen(source, standards):
    given.append((source, standards))
    return compile_with_us(source, standards)


pdf._compile = seen
report_pdf(report, "issued")
pdf._compile = compile_with_us
source, standards = given[-1]


def bare():
    typst.compile(source, format="pdf", font_paths=[str(pdf.FONTS)], ignore_system_fonts=True, pdf_standards=standards)


def seconds(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


pairs = [(seconds(lambda: report_pdf(report, "issued")), seconds(bare)) for _time in range(TIMES)]
ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
print(f"report {ours * 1000:.0f} ms, bare typst {theirs * 1000:.0f} ms: {ours / theirs:.2f} × (limit {LIMIT} ×)")
