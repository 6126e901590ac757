"""The pages of the settings for jobs, mail and the audit: what they show to whom, and what their buttons do."""

import csv
import io
import re

import pgtrigger
import pytest
from django.db import connection
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.audit.services import record
from accounts.background import AUDIT_CHECK
from accounts.jobs import services as jobs
from accounts.jobs.models import Job
from accounts.models import Role
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import queue_mail, send_due
from accounts.portal_services import invite_contact
from cs_portal.kit.tracing import within
from reports import services as reports
from tests.factories.accounts import make_contact, make_customer, make_team, make_user

pytestmark = pytest.mark.django_db
State = OutboxMail.State
HTMX = {"HX-Request": "true", "HX-Target": "jobs"}


def words(response):
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(text.split())


class TestJobs:
    @pytest.fixture
    def report(self, told):
        return reports.submit_for_review(told.draft(), by=told.csm)

    def test_a_value_report_is_a_job_with_its_result(self, client, told, report):
        client.force_login(told.csm)
        waiting = words(client.get(reverse("system:jobs")))
        jobs.sweep()
        page = client.get(reverse("system:jobs"))
        assert "Value report as PDF: Nordwind Logistik GmbH" in waiting
        assert "Waiting" in waiting
        assert "Done" in words(page)
        assert f'href="{report.get_absolute_url()}"' in page.content.decode()

    def test_whoever_does_not_see_the_customer_gets_no_name(self, client, told, report):
        stranger = make_user(Role.CSM)
        Job.objects.update(started_by=stranger)
        client.force_login(stranger)
        page = words(client.get(reverse("system:jobs")))
        assert "Value report as PDF" in page
        assert "Nordwind" not in page

    def test_the_list_is_sent_again_only_when_something_is_new(self, client, told, report):
        client.force_login(told.csm)
        first = client.get(reverse("system:jobs"), headers=HTMX)
        seen = first.context["seen"]
        assert client.get(reverse("system:jobs"), {"seen": seen}, headers=HTMX).status_code == 204
        jobs.sweep()
        again = client.get(reverse("system:jobs"), {"seen": seen}, headers=HTMX)
        assert (again.status_code, b"<html" in again.content, b"Done" in again.content) == (200, False, True)

    def test_cancel_and_start_again_by_button(self, client, told, report):
        client.force_login(told.csm)
        job = Job.objects.get()
        client.post(reverse("system:job_cancel", args=[job.public_id]))
        assert "Cancelled." in words(client.get(reverse("system:jobs")))
        assert "The PDF could not be made." in words(client.get(report.get_absolute_url()))
        client.post(reverse("system:job_retry", args=[job.public_id]))
        assert jobs.sweep() == 1
        client.post(reverse("system:job_cancel", args=[job.public_id]))
        assert "cannot be cancelled any more" in words(client.get(reverse("system:jobs")))

    def test_a_failure_says_why_and_only_an_administrator_reads_the_error(self, client, told, report):
        Job.objects.update(state=Job.State.FAILED, reason="killed", last_error="OSError: secret path")
        client.force_login(told.csm)
        mine = words(client.get(reverse("system:jobs")))
        client.force_login(make_user(Role.ADMIN))
        all_of_them = words(client.get(reverse("system:jobs")))
        assert "The worker ended during each of its tries." in mine
        assert "OSError" not in mine
        assert "OSError: secret path" in all_of_them

    @pytest.mark.parametrize("count", [1, 30])
    def test_as_many_queries_for_thirty_as_for_one(self, client, told, report, count, django_assert_num_queries):
        for _number in range(count - 1):
            jobs.start_job(AUDIT_CHECK, by=told.csm)
        client.force_login(told.csm)
        client.get(reverse("system:jobs"))
        with django_assert_num_queries(10):
            client.get(reverse("system:jobs"))


class TestMail:
    @pytest.fixture
    def parked(self):
        lead = make_user(Role.LEAD, name="Lea")
        access = invite_contact(make_contact(make_customer(name="Nordwind"), name="Kim"), role="user", by=lead)
        mail = queue_mail(
            "k", "report-released", contact=access.contact, context={"report": 0}, language="en", purpose="report"
        )
        OutboxMail.objects.filter(pk=mail.pk).update(
            state=State.PARKED, reason="refused", last_error="SMTPDataError: the mail server refuses it", attempts=1
        )
        return mail

    def test_the_page_counts_and_says_why(self, client, parked):
        client.force_login(make_user(Role.ADMIN))
        page = words(client.get(reverse("system:mail")))
        assert "Waiting 1 Being sent 0 Sent 0 Parked 1 Dismissed 0" in page
        assert "Kim, Nordwind Value report The mail server refuses it for good." in page

    def test_what_is_tried_again_by_itself_is_shown_too(self, client, parked):
        OutboxMail.objects.filter(state=State.WAITING).update(attempts=2, last_error="SMTPConnectError")
        client.force_login(make_user(Role.ADMIN))
        assert "SMTPConnectError Next try" in words(client.get(reverse("system:mail")))

    def test_the_list_is_narrowed_and_leaves_as_a_file(self, client, parked):
        client.force_login(make_user(Role.ADMIN))
        found = [client.get(reverse("system:mail_csv"), {"q": name}).content for name in ("nordw", "nobody")]
        assert [file.count(b"Kim") for file in found] == [1, 0]

    def test_try_again(self, client, parked):
        admin = make_user(Role.ADMIN)
        client.force_login(admin)
        client.post(reverse("system:mail_retry", args=[parked.public_id]))
        parked.refresh_from_db()
        assert (parked.state, parked.attempts, parked.reason) == (State.WAITING, 0, "")
        assert AuditEntry.objects.get(verb="mail.retried").actor == admin

    def test_dismissed_it_never_goes_out(self, client, parked):
        client.force_login(make_user(Role.ADMIN))
        for _twice in range(2):
            client.post(reverse("system:mail_dismiss", args=[parked.public_id]))
        client.post(reverse("system:mail_retry", args=[parked.public_id]))
        send_due()
        parked.refresh_from_db()
        assert (parked.state, AuditEntry.objects.filter(verb="mail.dismissed").count()) == (State.DISMISSED, 1)
        assert "This mail is not parked any more." in words(client.get(reverse("system:mail")))

    @pytest.mark.parametrize("count", [1, 30])
    def test_as_many_queries_for_thirty_as_for_one(self, client, parked, count, django_assert_num_queries):
        for number in range(count - 1):
            contact = make_contact()
            queue_mail(f"n{number}", "report-released", contact=contact, context={}, language="en", purpose="report")
        OutboxMail.objects.update(state=State.PARKED)
        client.force_login(make_user(Role.ADMIN))
        client.get(reverse("system:mail"))
        with django_assert_num_queries(10):
            client.get(reverse("system:mail"))


class TestAudit:
    @pytest.fixture
    def anna(self):
        return make_user(Role.CSM, name="Anna Berg", email="anna@vendor.example")

    @pytest.fixture
    def team(self, anna, time_machine):
        team = make_team()
        with within("request-0001", "203.0.113.77"):
            time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
            record("settings.changed", by=anna, target=team, name="x")
            time_machine.move_to("2026-03-02T22:30:00Z", tick=False)  # half past eleven in Berlin
            record("login.succeeded", by=anna, target=anna)
            time_machine.move_to("2026-03-03T12:00:00Z", tick=False)
            record("goal.created", by=None, target=team)
        return team

    def page(self, client, role, **query):
        client.force_login(make_user(role))
        return client.get(reverse("system:audit"), query)

    def texts(self, client, **query):
        return [row.record.row.text for row in self.page(client, Role.ADMIN, **query).context["table"].paginated_rows]

    def test_an_administrator_reads_all_of_it(self, client, team, anna):
        page = words(self.page(client, Role.ADMIN))
        assert "Anna Berg changed settings" in page
        assert "203.0.113.0/24" in page
        assert "name: x" in page

    @pytest.mark.parametrize("role", [Role.LEAD, Role.ANALYST])
    def test_the_others_read_no_personal_value(self, client, team, anna, role):
        page = words(self.page(client, role))
        assert f"Customer success manager {anna.pk} changed settings" in page
        for value in ("Anna", "anna@", "203.0.113", "name: x"):
            assert value not in page

    def test_who_left_is_marked_for_an_administrator(self, client, team, anna):
        type(anna).objects.filter(pk=anna.pk).update(is_active=False)
        assert "Anna Berg (deactivated) changed settings" in self.texts(client)

    def test_the_filters(self, client, team, anna):
        said = ["The system created the goal", "Anna Berg logged in", "Anna Berg changed settings"]
        assert self.texts(client) == said
        assert self.texts(client, verb="login.succeeded") == said[1:2]
        assert self.texts(client, person=anna.pk) == said[1:]
        assert self.texts(client, number=team.pk, verb="goal.created") == said[:1]
        assert self.texts(client, kind="accounts.user", number=anna.pk) == said[1:2]
        assert self.texts(client, first="2026-03-02", last="2026-03-02") == said[1:2]
        assert self.texts(client, last="2026-03-01") == said[2:]

    @pytest.mark.parametrize(
        "query",
        [{"verb": "nonsense"}, {"person": "x"}, {"kind": "a.b"}, {"number": "1 OR 1=1"}, {"number": "a\x00b"},
         {"first": "2026-02-30"}, {"last": "9" * 50}, {"first": "0001-01-01"}, {"last": "9999-12-31"}],
    )  # fmt: skip
    def test_a_wrong_filter_is_said_and_shows_nothing(self, client, team, query):
        answer = self.page(client, Role.ADMIN, **query)
        assert (answer.status_code, len(answer.context["table"].rows)) == (200, 0)
        assert answer.context["shown"].problems
        assert client.get(reverse("system:audit_csv"), query).content.count(b"\n") == 1

    def test_the_export_is_what_is_shown(self, client, team, anna):
        for role, name, network in ((Role.ADMIN, "Anna Berg", "203.0.113.0/24"), (Role.LEAD, None, "")):
            client.force_login(make_user(role))
            answer = client.get(reverse("system:audit_csv"), {"verb": "login.succeeded"})
            [line] = csv.DictReader(io.StringIO(answer.content.decode()))
            name = name or f"Customer success manager {anna.pk}"
            assert (line["person"], line["network"], line["words"]) == (name, network, f"{name} logged in")
        assert AuditEntry.objects.filter(verb="export.made").count() == 2

    def test_columns_and_conditions_tell_the_others_no_name_either(self, client, team, anna):
        wanted = {"columns": "at,said,network,details,hash", "where": '["said","is","x"]'}
        assert self.page(client, Role.LEAD, **wanted).context["shown"].problems
        del wanted["where"]
        header, *lines = csv.reader(io.StringIO(client.get(reverse("system:audit_list_csv"), wanted).content.decode()))
        assert (header, len(lines)) == (["When", "What happened", "Hash"], 3)
        assert "Anna" not in str(lines)
        where = f'["person","is","{anna.public_id}"]'
        page = self.page(client, Role.LEAD, where=where)
        assert len(page.context["table"].rows) == 2
        assert "Anna" not in words(page)
        editor = client.get(reverse("lists:conditions", args=["audit"]), {"where": where})
        assert (editor.status_code, "Anna" in words(editor)) == (200, False)
        assert "203.0.113.0/24" in words(self.page(client, Role.ADMIN, where=where))

    def test_the_check_is_a_job_that_tells_its_result(self, client, team):
        admin = make_user(Role.ADMIN)
        client.force_login(admin)
        for _twice in range(2):
            client.post(reverse("system:audit_check"))
        assert (jobs.sweep(), Job.objects.count()) == (1, 1)
        page = words(client.get(reverse("system:jobs")))
        assert "A check is already under way." in page
        assert "Check of the audit 4 entries hold." in page

    def test_a_broken_chain_is_a_failed_job_that_names_the_entry(self, client, team):
        entry = AuditEntry.objects.order_by("pk")[1]
        with pgtrigger.ignore(), connection.cursor() as cursor:
            cursor.execute("UPDATE audit_auditentry SET verb = 'x' WHERE id = %s", [entry.pk])
        client.force_login(make_user(Role.ADMIN))
        client.post(reverse("system:audit_check"))
        jobs.sweep()
        page = words(client.get(reverse("system:jobs")))
        assert f"The first one that does not hold is entry {entry.pk}." in page
        assert "Failed" in page

    @pytest.mark.parametrize("count", [1, 30])
    def test_as_many_queries_for_thirty_as_for_one(self, client, count, django_assert_num_queries):
        for _number in range(count):
            record("login.succeeded", by=make_user(), target=make_team())
        client.force_login(make_user(Role.ADMIN))
        client.get(reverse("system:audit"))
        with django_assert_num_queries(9):
            client.get(reverse("system:audit"))
