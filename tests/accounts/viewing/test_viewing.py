"""A colleague sees the portal as a contact does: the same page, and nothing can be done there."""

import re
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db.transaction import atomic
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Contact, Customer, Role, User
from accounts.portal_services import revoke_access
from accounts.viewing.middleware import OnlyReading, WriteRefused, is_page
from surveys.models import Invitation
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user
from tests.factories.kvi import make_goal, make_indicator
from tests.factories.reports import issue, tell
from tests.factories.surveys import link, make_asked

pytestmark = pytest.mark.django_db
HOME = "/portal/"
BAR = re.compile(r'<aside class="viewing-bar".*?</aside>', re.DOTALL)
SECRETS = re.compile(r'(csrfmiddlewaretoken" value="|x-csrftoken": ")[^"]*')


@pytest.fixture
def owner():
    return make_user(Role.CSM, name="Carla")


@pytest.fixture
def access(owner):
    contact = make_contact(make_customer(owner=owner, name="Alpha"), language="de", name="Kim")
    make_indicator(make_goal(contact.customer, name="Faster answers"))
    access = make_portal_access(contact)
    User.objects.filter(pk=access.user_id).update(language="de")
    return access


def begin(client, access, who):
    client.force_login(who)
    contact = access.contact
    return client.post(reverse("viewing_start", args=[contact.customer.public_id, contact.public_id]))


def page(client, url=HOME):
    return client.get(url).content.decode()


def verbs():
    return list(
        AuditEntry.objects.filter(verb__startswith="viewing.").order_by("pk").values_list("verb", "actor", "details")
    )


def test_the_page_is_the_contacts_own_with_a_bar_below_it(client, access, owner):
    client.force_login(access.user)
    own = page(client)
    begin(client, access, owner)
    seen = page(client)
    assert '<html lang="de">' in seen
    assert "You see the portal of Alpha as Kim." in BAR.search(seen)[0]
    assert re.sub(r"\s+", " ", SECRETS.sub("", BAR.sub("", seen))) == re.sub(r"\s+", " ", SECRETS.sub("", own))


def test_begin_and_end_are_audited_and_the_contacts_login_is_untouched(client, access, owner):
    begin(client, access, owner)
    page(client)
    answer = client.post(reverse("viewing_end"))
    assert answer.url == access.contact.customer.get_absolute_url()
    ids = {"contact": access.contact_id}
    assert verbs() == [
        ("viewing.started", owner.pk, ids | {"customer": access.contact.customer_id}),
        ("viewing.ended", owner.pk, ids | {"why": "asked"}),
    ]
    access.refresh_from_db()
    assert (access.user.last_login, access.last_used_at, Session.objects.count()) == (None, None, 1)
    assert client.get(reverse("dashboards:today")).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 302), ("lead", 302), ("csm", 404), ("analyst", 403), ("viewer", 403)]
)
def test_only_who_may_write_at_the_customer_may_view(client, access, role, status):
    assert begin(client, access, make_user(role)).status_code == status
    assert len(verbs()) == (status == 302)


def test_nothing_can_be_written_downloaded_or_asked_meanwhile(client, access, owner):
    begin(client, access, owner)
    indicator = access.contact.customer.goals.get().indicators.get()
    refused = [
        client.post(reverse("kvi:portal_measure", args=[indicator.public_id]), {"day": "2026-01-01", "value": "3"}),
        client.post(reverse("set_language"), {"language": "en"}),
        client.get(reverse("rest:tokens")),
        client.get(reverse("mfa_index")),
        client.get(reverse("account_change_password")),
        client.get(reverse("dashboards:today")),
        client.get(reverse("portal_choose")),
        client.get("/api/v1/goals/"),
        client.post("/api/v1/goals/", {}),
    ]
    assert {answer.status_code for answer in refused} == {403}
    assert "Nur diese Person darf das" in refused[0].content.decode()
    assert not indicator.measurements.exists()


def writing(_portal):
    Customer.objects.update(name="Written")


def test_every_page_of_the_portal_can_be_read_and_no_file(client, access, owner, monkeypatch):
    """Whatever portal_required guards: a new page is shown without being named anywhere."""
    goal = access.contact.customer.goals.get()
    indicator = goal.indicators.get()
    begin(client, access, owner)
    pages = [
        HOME, reverse("kvi:portal_goal", args=[goal.public_id]), reverse("reports:portal_reports"),
        reverse("kvi:portal_indicator", args=[indicator.public_id]),
        reverse("kvi:portal_propose", args=[goal.public_id]),
        reverse("comments:portal_thread", args=["goals", goal.public_id]),
    ]  # fmt: skip
    assert {url: client.get(url).status_code for url in pages} == dict.fromkeys(pages, 200)
    monkeypatch.setattr("reports.views.customer.queries.portal_reports", atomic(writing))
    written = client.get(reverse("reports:portal_reports"))
    assert (written.status_code, Customer.objects.filter(name="Written").exists()) == (403, False)
    assert "Nur diese Person darf das" in written.content.decode()


def test_a_report_is_read_and_not_downloaded(client, monkeypatch):
    told = tell()
    report = issue(told)
    begin(client, told.sponsor, told.csm)
    assert client.get(reverse("reports:portal_report", args=[report.public_id])).status_code == 200
    pdf = FileResponse(BytesIO(b"%PDF"), as_attachment=True, filename="report.pdf")
    monkeypatch.setattr("reports.views.customer.send_file", lambda *_args: pdf)
    assert client.get(reverse("reports:portal_file", args=[report.public_id])).status_code == 403


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (HttpResponse("<p>"), True),
        (HttpResponse(status=302), True),
        (HttpResponse("{}", content_type="application/json"), False),
        (HttpResponse("%PDF", content_type="application/pdf"), False),
        (HttpResponse("<p>", headers={"Content-Disposition": "attachment"}), False),
    ],
)
def test_what_leaves_is_a_page(answer, shown):
    assert is_page(answer) is shown


def test_a_statement_that_writes_is_stopped_however_it_begins():
    reading = OnlyReading(SimpleNamespace(only_reads=True))
    for sql in (
        "SELECT 1",
        "(SELECT 1) UNION (SELECT 2)",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        'SAVEPOINT "s1"',
        "RELEASE SAVEPOINT s1",
    ):
        assert reading(lambda *_args: "read", sql, (), False, {}) == "read"
    for sql in (
        "INSERT INTO x VALUES (1)", 'UPDATE "x" SET y = 1', "DELETE FROM x", "TRUNCATE x", "CALL f()", "COPY x FROM",
        "WITH gone AS (DELETE FROM x RETURNING 1) SELECT * FROM gone", "SELECT 1 FROM x FOR UPDATE",
    ):  # fmt: skip
        with pytest.raises(WriteRefused):
            reading(lambda *_args: "written", sql, (), False, {})


def test_a_survey_that_waits_is_shown_without_its_link(client, access, owner):
    invitation = make_asked(customer=access.contact.customer, contacts=[access.contact])
    Invitation.objects.update(sent_at=timezone.now())
    begin(client, access, owner)
    seen = page(client)
    assert link(invitation) not in seen
    assert reverse("viewing") in seen
    assert client.get(reverse("viewing")).status_code == 200
    assert client.post(link(invitation), {"score": "9"}).status_code == 403


@pytest.mark.parametrize("end", ["time", "revoked", "left", "handed over"])
def test_it_ends_with_the_time_the_access_and_the_right(client, access, owner, end):
    begin(client, access, owner)
    later = timedelta(minutes=31 if end == "time" else 1)
    if end == "revoked":
        revoke_access(access, by=owner)
    elif end == "left":
        Contact.objects.update(is_active=False)
    elif end == "handed over":
        access.contact.customer.owner = make_user(Role.CSM)
        access.contact.customer.save()
    with time_machine.travel(timezone.now() + later, tick=False):
        answer = client.get(HOME)
    assert answer.status_code == 302
    assert verbs()[-1][2]["why"] == ("time" if end == "time" else "access")


def test_it_ends_with_logging_out(client, access, owner):
    begin(client, access, owner)
    client.post(reverse("account_logout"))
    assert verbs()[-1][2]["why"] == "logout"
    assert client.get(HOME).status_code == 302


def test_of_an_address_with_two_companies_the_chosen_one_is_seen(client, access, owner):
    other = make_contact(make_customer(owner=owner, name="Beta"), email=access.contact.email, name="Kim")
    second = make_portal_access(other, user=access.user)
    begin(client, second, owner)
    assert "portal of Beta" in page(client)
    client.post(reverse("viewing_end"))
    begin(client, access, owner)
    assert "portal of Alpha" in page(client)
