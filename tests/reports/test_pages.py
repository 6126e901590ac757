"""The report's pages: who sees and does what, and what they say."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.jobs import services as jobs
from accounts.jobs.models import Job
from reports import services
from reports.models import ReportState, ValueReport
from reports.pdf import report_pdf
from reports.queries import portal_items, work_items
from tests.factories.accounts import (
    act_as_contact,
    make_contact,
    make_customer,
    make_portal_access,
    make_team,
    make_user,
)
from tests.reports.test_pdf import text_of

pytestmark = pytest.mark.django_db


def url(name, report):
    return reverse(f"reports:{name}", args=[report.public_id])


def words(response):
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(text.split())


@pytest.fixture
def people(told):
    team = make_team()
    told.csm.teams.add(team)
    return {
        "owner": told.csm,
        "colleague": make_user("csm", teams=(team,)),
        "stranger": make_user("csm"),
        **{role: make_user(role) for role in ("viewer", "analyst", "lead", "admin")},
        "sponsor": told.sponsor.user,
        "user": make_portal_access(make_contact(told.customer), role="user").user,
        "foreign sponsor": make_portal_access(make_contact(make_customer())).user,
    }


READ = {"owner": 200, "colleague": 200, "viewer": 200, "analyst": 200, "lead": 200, "admin": 200}
WRITE = {"owner": 302, "lead": 302, "admin": 302, "colleague": 403, "viewer": 403, "analyst": 403}
PORTAL = {"sponsor": 200, "user": 200}


@pytest.mark.parametrize(
    ("method", "name", "allowed"),
    [
        ("get", "report", READ),
        ("get", "report_file", dict.fromkeys(READ, 404)),
        ("post", "report_comment", WRITE),
        ("post", "report_retry", WRITE),
        ("get", "portal_report", PORTAL),
        ("post", "portal_release", {"sponsor": 302, "user": 403}),
    ],
)
def test_who_may(client, told, people, method, name, allowed):
    report = services.release_by_csm(told.draft(), by=told.csm)
    found = {}
    for who, user in people.items():
        client.force_login(user)
        found[who] = getattr(client, method)(url(name, report)).status_code
    assert found == {who: allowed.get(who, 404) for who in people}


def test_a_contact_sees_no_draft(client, told):
    report = told.draft()
    act_as_contact(client, told.sponsor)
    assert client.get(url("portal_report", report)).status_code == 404
    assert client.get(reverse("reports:portal_report", args=[uuid4()])).status_code == 404
    assert words(client.get(reverse("reports:portal_reports"))).count("2026") == 0


def test_the_form_makes_a_draft_for_the_last_quarter(client, told, time_machine):
    time_machine.move_to("2026-04-20")
    client.force_login(told.csm)
    new = reverse("reports:report_new", args=[told.customer.public_id])
    assert 'value="2026-01-01..2026-04-01"' in client.get(new).content.decode()
    for _twice in range(2):
        answer = client.post(new, {"period": "2026-01-01..2026-04-01", "language": "de"})
    report = ValueReport.objects.get()
    assert (answer.status_code, answer.url, report.language) == (302, report.get_absolute_url(), "de")


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-01-01", "2099-01-01", "This period is not over yet."),
        ("2018-01-01", "2018-01-31", "There is nothing to report for this period"),
        ("2026-02-01", "2026-01-31", "The last day is before the first day."),
        ("", "2026-01-31", "Please give the day."),
        ("2026-02-30", "2026-03-31", "Enter a valid date."),
        ("0001-01-01", "9999-12-31", "The last day is before the first day."),
    ],
)
def test_bad_periods_are_said_at_the_field_and_nothing_is_stored(client, told, first, last, says):
    client.force_login(told.csm)
    new = reverse("reports:report_new", args=[told.customer.public_id])
    answer = client.post(new, {"period": "own", "first_day": first, "last_day": last, "language": "en"})
    assert (answer.status_code, ValueReport.objects.count()) == (422, 0)
    assert says in words(answer)


def test_the_whole_way_by_buttons(client, told):
    report = told.draft()
    client.force_login(told.csm)
    client.post(url("report_comment", report), {"comment": "Well done <b>all</b>."})
    for verb in ("submit", "reopen", "submit", "release"):
        client.post(reverse("reports:report_act", args=[report.public_id, verb]))
    page = client.get(report.get_absolute_url())
    assert "Well done &lt;b&gt;all&lt;/b&gt;." in page.content.decode()
    assert "The PDF is being made" in words(page)
    act_as_contact(client, told.sponsor)
    for _twice in range(2):
        client.post(url("portal_release", report))
    report.refresh_from_db()
    assert (report.state, report.releases.count()) == (ReportState.ISSUED, 2)


def test_the_download_is_the_stored_file_each_time(client, issued, told):
    jobs.sweep()
    client.force_login(told.csm)
    answers = [client.get(url("report_file", issued)) for _twice in range(2)]
    stored = [b"".join(answer.streaming_content) for answer in answers]
    assert stored[0] == stored[1] == report_pdf(issued, "issued")
    assert {name: answers[0][name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} == {
        "Content-Type": "application/pdf", "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    assert answers[0]["Content-Disposition"].startswith("attachment")
    for answer in answers:
        answer.close()


def test_a_file_that_is_gone_is_a_page_that_says_so(client, issued, told, media):
    jobs.sweep()
    for path in media.glob("reports/*/*"):
        path.unlink()
    client.force_login(told.csm)
    answer = client.get(url("report_file", issued))
    assert answer.status_code == 404
    assert "missing on this server" in words(answer)


def test_the_page_asks_until_the_file_is_there(client, issued, told):
    act_as_contact(client, told.sponsor)
    asked = {"HX-Request": "true", "HX-Target": "report-file"}
    assert client.get(url("portal_report", issued), headers=asked).status_code == 204
    jobs.sweep()
    answer = client.get(url("portal_report", issued), headers=asked)
    assert url("portal_file", issued) in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "de"])
def test_page_and_pdf_say_the_same_numbers(client, told, language):
    report = services.submit_for_review(told.draft(language), by=told.csm)
    client.force_login(told.csm)
    page, pdf = words(client.get(report.get_absolute_url())), text_of(report_pdf(report, "review"))
    money, share = ("€2,434.93", "60.0%") if language == "en" else ("2.434,93\xa0€", "60,0\xa0%")
    for number in (money.replace("\xa0", " "), share.replace("\xa0", " "), "50.0" if language == "en" else "50,0"):
        assert number in page.replace("\xa0", " "), number
        assert number in pdf.replace("\xa0", " "), number


def test_a_parked_file_says_why_and_can_be_tried_again(client, issued, told):
    failed = {"state": Job.State.FAILED, "attempts": 3, "reason": "error", "last_error": "OSError: disk full"}
    Job.objects.filter(rendering__report=issued).update(**failed)
    client.force_login(told.csm)
    page = words(client.get(issued.get_absolute_url()))
    assert "An administrator finds it in the log" in page
    assert "disk full" not in page
    client.post(url("report_retry", issued))
    assert jobs.sweep() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_as_often_for_thirty_as_for_one(client, told, count, django_assert_num_queries):
    for number in range(count):
        customer = make_customer(owner=told.csm)
        ValueReport.objects.create(
            customer=customer, period_start="2026-01-01", period_end=f"2026-02-{number % 28 + 1:02}", language="en",
            created_by=told.csm,
        )  # fmt: skip
    client.force_login(make_user("lead"))
    client.get(reverse("reports:reports"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("reports:reports"))


LIST_QUERIES = 12


def test_whoever_releases_without_a_sponsor_is_told(client, told):
    report = told.draft()
    client.force_login(told.csm)
    assert "Nobody may release it" not in words(client.get(report.get_absolute_url()))
    type(told.sponsor).objects.update(role="user")
    assert "Nobody may release it" in words(client.get(report.get_absolute_url()))


def test_what_waits_for_whom(told):
    report = told.draft()
    assert [item.kind for item in work_items(told.csm)] == ["report_draft"]
    assert portal_items(told.sponsor) == []
    services.release_by_csm(report, by=told.csm)
    assert work_items(told.csm) == []
    assert [item.kind for item in portal_items(told.sponsor)] == ["report_release"]


def test_the_export_is_for_those_who_may(client, told):
    told.draft()
    client.force_login(told.csm)
    assert "Nordwind" in client.get(reverse("reports:reports_csv")).content.decode()
    client.force_login(make_user("viewer"))
    assert client.get(reverse("reports:reports_csv")).status_code == 403


@pytest.mark.parametrize(("report_language", "own", "other"), [
    ("en", "As a table", "Als Tabelle"), ("de", "Als Tabelle", "As a table"),
])  # fmt: skip
def test_a_report_speaks_its_own_language_on_every_readers_page(client, told, report_language, own, other):
    told.csm.language = "de" if report_language == "en" else "en"
    told.csm.save()
    client.force_login(told.csm)
    page = words(client.get(told.draft(report_language).get_absolute_url()))
    assert (own in page, other in page) == (True, False)
