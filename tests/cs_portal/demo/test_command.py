"""manage.py demo: whole or not at all, never over somebody else's customers."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.audit.models import AuditEntry
from accounts.jobs import services as jobs
from accounts.jobs.models import Job
from accounts.models import Customer, User
from accounts.revenue.models import ExchangeRate
from accounts.services import workspace
from cs_portal.demo import files, reset, story
from cs_portal.demo.reset import CUSTOMERS, empty, foreign_customers, is_demo
from cs_portal.management.commands import demo
from kvi.models import Goal, Measurement
from reports.models import Rendering, ValueReport
from surveys.models import Invitation, Response, Survey
from tests.factories.accounts import make_customer

pytestmark = pytest.mark.django_db
LEAP_DAY = date(2024, 2, 29)


@pytest.fixture(autouse=True)
def _a_smaller_demo(settings, tmp_path, monkeypatch):
    """With the customers that its story is about; files of its own."""
    monkeypatch.setattr(files, "COMPANIES", files.COMPANIES[:6])
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"


def build(anchor: date = LEAP_DAY) -> list[str]:
    """The demo without a worker; returns the logins' addresses."""
    return [login.email for login in demo.Command()._build(anchor)]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", "--wait", "0", *arguments, stdout=out)
    return out.getvalue()


def test_it_builds_customers_goals_answers_reports_and_logins():
    assert len(build()) == 6
    assert list(Customer.objects.order_by("external_id").values_list("external_id", flat=True)) == list(CUSTOMERS[:6])
    assert str(story.reported_period()) == "2023-10-01..2024-01-01"
    assert sorted(ValueReport.objects.values_list("state", flat=True)) == ["in_review", "issued", "released_by_csm"]
    assert is_demo()


def test_stopped_on_the_way_it_leaves_nothing_and_the_next_one_prints_the_logins(monkeypatch):
    def stopped(anchor):
        raise KeyboardInterrupt

    monkeypatch.setattr(story, "tell", stopped)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert (Customer.objects.count(), User.objects.count(), is_demo()) == (0, 0, False)
    monkeypatch.undo()
    assert len(build()) == 6


def test_stopped_while_it_is_made_anew_the_old_one_stays(monkeypatch):
    build()
    before = list(ValueReport.objects.order_by("pk").values_list("public_id", flat=True))
    monkeypatch.setattr(story, "tell", lambda anchor: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("--reset")
    assert list(ValueReport.objects.order_by("pk").values_list("public_id", flat=True)) == before


@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_customers_it_did_not_make_are_refused_and_left_alone(arguments):
    build()
    for external_id in ("acme", "demo-acme", "demo-c41"):
        mine = make_customer(external_id=external_id)
        with pytest.raises(CommandError, match=r"did not make: 1\. Nothing was changed") as refused:
            run(*arguments)
        assert refused.value.returncode == 2
        assert Customer.objects.count() == 7
        mine.delete()


def test_in_a_database_that_the_demo_never_made_no_customer_counts_as_its_own():
    make_customer(external_id=CUSTOMERS[0])
    assert foreign_customers() == 1
    with pytest.raises(CommandError, match="did not make: 1"):
        run()


def test_reset_leaves_everything_that_is_not_about_its_customers():
    build()
    someone = User.objects.create_user("mine@vendor.example", "a long password", role="admin")
    ExchangeRate.objects.create(currency="USD", valid_from=date(2020, 5, 4), rate=1)
    survey = Survey.objects.create(external_id="mine")
    Response.objects.create(survey=survey, kind="csat", anonymous=True, answered_on=date(2024, 1, 5), score=4)
    kept = AuditEntry.objects.count()
    empty()
    left = {
        model.__name__: model.objects.count() for model in (Customer, Goal, Measurement, Invitation, ValueReport, Job)
    }
    assert set(left.values()) == {0}, left
    assert User.objects.filter(pk=someone.pk).exists()
    assert ExchangeRate.objects.filter(valid_from=date(2020, 5, 4)).exists()
    assert list(Response.objects.values_list("survey__external_id", flat=True)) == ["mine"]
    assert AuditEntry.objects.count() >= kept
    assert len(build()) == 6, "and it can be made again"


def test_reset_takes_a_report_s_file_away_once_it_is_certain(django_capture_on_commit_callbacks):
    build()
    rendering = Rendering.objects.earliest("pk")
    assert jobs.do(rendering.job_id)
    rendering.refresh_from_db()
    storage, name = rendering.file.storage, rendering.file.name
    with transaction.atomic():
        empty()
        transaction.set_rollback(True)
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        empty()
    assert not storage.exists(name)


def test_every_table_that_leads_to_a_customer_is_emptied():
    """A new table is found by its foreign keys; none of those known today may get lost."""
    tables = dict(reset._tables_about_customers())
    assert {"accounts_customer", "kvi_agreement", "reports_rendering", "surveys_response"} <= set(tables)
    assert tables["outbox_outboxmail"] == ["contact_id"]
    assert not {"accounts_user", "audit_auditentry", "revenue_exchangerate", "surveys_survey"} & set(tables)


@pytest.mark.parametrize("anchor", ["1999-12-31", str(date.today() + timedelta(days=2))])
def test_a_day_out_of_reach_is_refused_before_anything_changes(anchor):
    with pytest.raises(CommandError, match="choose a day from 2000-01-01 to ") as refused:
        run("--anchor", anchor)
    assert refused.value.returncode == 2
    assert not Customer.objects.exists()


def test_another_day_for_a_demo_that_stands_is_answered_with_what_to_do():
    build()
    made = workspace().updated_at
    out = StringIO()
    with pytest.raises(CommandError, match="No value report"):  # there is no worker here
        call_command("demo", "--wait", "0", "--anchor", "2025-05-05", stdout=out)
    assert "With --reset it is made anew for 2025-05-05." in out.getvalue()
    assert "2023-10-01..2024-01-01" in out.getvalue(), "the figures are those of its reports"
    assert workspace().updated_at == made
