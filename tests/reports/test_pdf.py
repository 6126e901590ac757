"""The PDF says what the page says, and the same again when made again."""

import io

import pytest
from pypdf import PdfReader

from accounts.jobs import services as jobs
from accounts.jobs.models import Job
from reports import services
from reports.pdf import report_pdf

pytestmark = pytest.mark.django_db


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_it_is_byte_identical_when_made_again(issued):
    assert report_pdf(issued, "issued") == report_pdf(issued, "issued")


def test_it_is_tagged_and_accessible(issued):
    pdf = PdfReader(io.BytesIO(report_pdf(issued, "issued")))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data()
    assert pdf.metadata.title == "Value report Nordwind Logistik GmbH, 1 January 2026 – 31 March 2026"


def test_it_speaks_the_reports_language_whoever_asks(told):
    report = services.submit_for_review(told.draft("de"), by=told.csm)
    text = text_of(report_pdf(report, "review"))
    for word in ("Wertbericht", "1. Januar 2026 – 31. März 2026", "Bearbeitungszeit", "84 h", "60,0", "vor dem Plan"):
        assert word in text
    for word in ("Value report", "Attainment", "planned path", "Monthly", "should fall"):
        assert word not in text


def test_it_names_who_released_it(issued):
    text = text_of(report_pdf(issued, "issued"))
    assert "Carla Beispiel" in text
    assert "Sabine Vogt" in text
    assert "not yet released" in text_of(report_pdf(issued, "review"))


@pytest.mark.parametrize(
    "name",
    ["日本語 株式会社", "شركة الأمل", "🚀 Rakete " + "Donaudampfschifffahrt" * 10, "*a* #b $c$ <d>", "a\x01\x0b\x1bb"],
)
def test_any_name_can_be_printed(told, name):
    type(told.customer).objects.filter(pk=told.customer.pk).update(name=name)
    report = services.submit_for_review(told.draft(), by=told.csm)
    assert report_pdf(report, "review").startswith(b"%PDF")


def test_an_erased_person_reads_former_contact(issued, told):
    type(told.sponsor.contact).objects.filter(pk=told.sponsor.contact_id).update(name="", email="")
    text = text_of(report_pdf(issued, "issued"))
    assert "Sabine" not in text
    assert "former contact" in text


def test_the_worker_makes_it_once(issued):
    rendering = issued.renderings.get(stage="issued")
    assert [jobs.do(rendering.job_id), jobs.do(rendering.job_id)] == [True, False]
    rendering.refresh_from_db()
    assert (rendering.job.state, rendering.job.attempts) == (Job.State.DONE, 1)
    with rendering.file.open() as stored:
        assert stored.read() == report_pdf(issued, "issued")
