"""Draft, review, two releases, issue: what the services do and refuse."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email import message_from_bytes
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from django.utils.html import escape
from PIL import Image

from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import Undeliverable
from accounts.outbox.rendering import render as render_mail
from cs_portal.metrics.base import Period
from kvi.scorecard import forget
from reports import services
from reports.content import content_hash
from reports.models import Rendering, ReportRelease, ValueReport
from surveys.models import Response
from tests.factories.accounts import make_contact, make_customer, make_portal_access
from tests.factories.facts import make_goal, make_indicator, make_measurement
from tests.factories.reports import QUARTER

pytestmark = pytest.mark.django_db
QUERIES = 31


def states(report):
    report.refresh_from_db()
    return report.state, list(report.releases.values_list("side", flat=True))


def test_the_way_from_draft_to_issued(told):
    report = told.draft()
    assert (states(report), report.content) == (("draft", []), None)
    services.set_comment(report, "First.\n\nSecond.", by=told.csm)
    services.submit_for_review(report, by=told.csm)
    assert states(report) == ("in_review", [])
    assert report.content["comment"] == ["First.", "Second."]
    assert report.content_hash == content_hash(report.content)
    services.release_by_csm(report, by=told.csm)
    assert states(report) == ("released_by_csm", ["staff"])
    services.release_by_customer(report, access=told.sponsor)
    assert states(report) == ("issued", ["staff", "customer"])
    assert list(report.renderings.order_by("pk").values_list("stage", "job__state")) == [
        ("review", "waiting"), ("issued", "waiting"),
    ]  # fmt: skip


def test_the_content_holds_ids_and_no_names_of_people(issued, told):
    text = str(issued.content)
    assert told.csm.name not in text
    assert told.sponsor.contact.name not in text
    assert issued.content["owner"] == told.csm.pk


def test_a_draft_can_be_released_at_once(told):
    report = services.release_by_csm(told.draft(), by=told.csm)
    assert states(report) == ("released_by_csm", ["staff"])


def test_back_to_draft_thaws(told):
    report = services.submit_for_review(told.draft(), by=told.csm)
    services.back_to_draft(report, by=told.csm)
    report.refresh_from_db()
    assert (report.state, report.content, report.content_hash) == ("draft", None, "")


@pytest.mark.parametrize(
    ("period", "says"),
    [
        (Period(date(2026, 1, 1), date.today() + timedelta(days=2)), "not over yet"),
        (Period.parse("2019-Q1"), "nothing to report"),
    ],
)
def test_a_report_for_a_period_in_the_future_or_without_data_is_refused(told, period, says):
    with pytest.raises(ValidationError) as refused:
        told.draft(period=period)
    assert says in refused.value.message_dict["period"][0]
    assert ValueReport.objects.count() == 0


def test_the_same_again_is_the_same_draft(told):
    assert told.draft() == told.draft()
    assert told.draft("de") != told.draft("en")


def test_what_was_released_never_changes_not_even_by_sql(issued):
    for change in (
        "content = '{}'", "comment = 'x'", "period_start = '2020-01-01'", "content_hash = ''", "state = 'draft'",
        "state = 'released_by_csm'", "issued_without_customer = true", "issued_at = now()", "frozen_at = now()",
    ):  # fmt: skip
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE reports_valuereport SET {change} WHERE id = %s", [issued.pk])  # noqa: S608
    with pytest.raises(ProgrammingError), transaction.atomic():
        ReportRelease.objects.all().delete()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_valuereport WHERE id = %s", [issued.pk])


def test_a_measurement_changed_afterwards_leaves_the_issued_report(issued, told):
    before = issued.content
    told.indicator.measurements.update(value=1)
    issued.refresh_from_db()
    assert issued.content == before
    assert services.draft_content(issued) == before


def test_only_a_sponsor_of_the_company_releases(told):
    report = services.release_by_csm(told.draft(), by=told.csm)
    others = [
        make_portal_access(make_contact(told.customer), role="champion"),
        make_portal_access(make_contact(make_customer())),
    ]
    for access in others:
        with pytest.raises(ValidationError):
            services.release_by_customer(report, access=access)
    assert states(report) == ("released_by_csm", ["staff"])


def test_steps_out_of_order_are_refused(told):
    report = told.draft()
    with pytest.raises(services.NotNow):
        services.release_by_customer(report, access=told.sponsor)
    services.submit_for_review(report, by=told.csm)
    with pytest.raises(services.NotNow):
        services.set_comment(report, "late", by=told.csm)


def test_after_ten_days_it_may_be_issued_without_the_customer(told, time_machine):
    report = services.release_by_csm(told.draft(), by=told.csm)
    with pytest.raises(services.NotNow):
        services.issue_without_customer(report, by=told.csm)
    time_machine.move_to(timezone.now() + timedelta(days=10, minutes=1))
    services.issue_without_customer(report, by=told.csm)
    report.refresh_from_db()
    assert (report.state, report.issued_without_customer) == ("issued", True)


def test_the_sponsor_is_asked_and_the_owner_is_told(issued):
    mails = OutboxMail.objects.order_by("pk").values_list("template", "language")
    assert list(mails) == [("report-released", "de"), ("notification", "en")]


def test_the_mail_to_the_sponsor_carries_the_first_chart_as_a_picture_of_its_own(told):
    report = services.release_by_csm(told.draft(), by=told.csm)
    told_mail = render_mail(OutboxMail.objects.get(template="report-released"))
    sent = message_from_bytes(told_mail.message().as_bytes())
    parts = [(part.get_content_type(), part.get("Content-ID")) for part in sent.walk()]
    assert parts == [
        ("multipart/related", None), ("multipart/alternative", None), ("text/plain", None), ("text/html", None),
        ("image/png", "<chart>"),
    ]  # fmt: skip
    title = report.content["goals"][0]["indicators"][0]["chart"]["title"]
    html = told_mail.alternatives[0].content
    assert 'src="cid:chart"' in html
    assert escape(title) in html
    with Image.open(BytesIO(list(sent.walk())[-1].get_payload(decode=True))) as image:
        assert (image.format, image.getpixel((0, 0))) == ("PNG", (255, 255, 255, 255))


def test_who_lost_the_right_in_between_gets_no_mail(told):
    services.release_by_csm(told.draft(), by=told.csm)
    mail = OutboxMail.objects.get(template="report-released")
    assert "Nordwind" not in render_mail(mail).subject
    assert f"/portal/reports/{ValueReport.objects.get().public_id}/" in render_mail(mail).body
    type(told.sponsor).objects.update(role="user")
    with pytest.raises(Undeliverable):
        render_mail(mail)


def test_few_answers_are_not_in_the_content(told):
    Response.objects.exclude(score=10).delete()
    report = services.submit_for_review(told.draft(), by=told.csm)
    nps = report.content["feedback"]["readings"]["nps"]
    assert (nps["value"], nps["n"], nps["reason"]) == (None, None, "below_minimum_n")


def test_disputed_values_are_named_and_not_counted(issued):
    (goal,) = issued.content["goals"]
    (indicator,) = goal["indicators"]
    assert [row["date"] for row in indicator["disputed"]] == ["2026-02-14"]
    assert (indicator["current"]["date"], indicator["attainment"]["value"]) == ("2026-03-31", "0.6")
    assert QUARTER.as_json() == issued.content["period"]


@pytest.mark.parametrize("count", [1, 8])
def test_as_many_queries_for_one_indicator_as_for_eight(told, count, django_assert_num_queries):
    terms = {"baseline_date": date(2025, 10, 1), "due_date": date(2026, 10, 1)}
    for _number in range(count - 1):
        make_measurement(make_indicator(make_goal(told.customer), **terms), "2026-03-30", 120)
    report = told.draft()
    forget()
    with django_assert_num_queries(QUERIES):
        services.draft_content(report)


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_two_releases_at_once_store_one(self, told):
        report = services.release_by_csm(told.draft(), by=told.csm)
        assert sorted(self.twice(lambda: services.release_by_customer(report, access=told.sponsor))) == ["done", "late"]
        assert states(report) == ("issued", ["staff", "customer"])
        assert report.renderings.filter(stage=Rendering.Stage.ISSUED).count() == 1

    def test_two_drafts_at_once_are_one(self, told):
        assert self.twice(told.draft) == ["done", "done"]
        assert ValueReport.objects.count() == 1

    @staticmethod
    def twice(act):
        def once(_number):
            try:
                act()
            except services.NotNow:
                return "late"
            finally:
                connection.close()
            return "done"

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(once, range(2)))
