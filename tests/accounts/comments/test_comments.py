"""Said inside unless it is meant for the customer; changed and taken back by its author; markup is text."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.comments.models import Comment
from accounts.comments.queries import thread_of
from accounts.comments.registry import SUBJECTS
from accounts.comments.services import add_comment
from accounts.models import Role
from accounts.notifications.models import Notification
from cs_portal.kit.markdown import marked_up
from reports.models import ValueReport
from tests.factories.accounts import (
    act_as_contact,
    make_contact,
    make_customer,
    make_portal_access,
    make_team,
    make_user,
)
from tests.factories.kvi import LONG_AGO, make_goal, make_indicator, make_measurement
from tests.factories.playbooks import make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    team = make_team()
    people = {
        "owner": make_user(Role.CSM, teams=(team,), name="Ada Berg"),
        "colleague": make_user(Role.CSM, teams=(team,), name="Ben Colm"),
        "stranger": make_user(Role.CSM, teams=(make_team(),)),
        **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
    }
    customer = make_customer(owner=people["owner"], name="Nordwind")
    indicator = make_indicator(make_goal(customer))
    report = {"period_start": LONG_AGO, "period_end": LONG_AGO.replace(year=LONG_AGO.year + 1), "language": "en"}
    records = {
        "customers": customer, "goals": indicator.goal, "indicators": indicator,
        "measurements": make_measurement(indicator), "follow-ups": make_follow_up(customer),
        "reports": ValueReport.objects.create(customer=customer, created_by=people["owner"], state="issued", **report),
    }  # fmt: skip
    return people, records


@pytest.fixture
def access(world):
    return make_portal_access(make_contact(world[1]["customers"], name="Kim Canary"), role="champion")


def url(kind, record, portal=False):
    return reverse(f"comments:{'portal_' if portal else ''}thread", args=[kind, record.public_id])


def say(record, by, text="Hello", **fields):
    return add_comment(thread_of(record, by), key=uuid4(), text=text, by=by, **fields)


def said(client, address, text="Hello", **fields):
    return client.post(address, {"key": uuid4(), "text": text, **fields})


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("owner", 200, 302), ("colleague", 200, 302), ("lead", 200, 302), ("admin", 200, 302), ("analyst", 200, 403),
     ("viewer", 200, 403), ("stranger", 404, 404)],
)  # fmt: skip
def test_who_reads_and_who_writes(client, world, who, reads, writes):
    people, records = world
    client.force_login(people[who])
    for kind, record in records.items():
        found = client.get(url(kind, record)).status_code, said(client, url(kind, record)).status_code
        assert found == (reads, writes), kind
    assert Comment.objects.count() == (len(records) if writes == 302 else 0)
    assert sorted(SUBJECTS) == sorted(records)


def test_it_stands_on_the_records_page(client, world):
    people, records = world
    client.force_login(people["owner"])
    for kind, record in records.items():
        answer = said(client, url(kind, record), f"Said of {kind}")
        if kind != "measurements":  # a row in its indicator's table
            assert f"Said of {kind}" in text(client.get(answer.url)), kind


@pytest.mark.parametrize("kind", ["goals", "indicators", "reports"])
def test_contacts_read_what_is_shared_and_nothing_else(client, world, access, kind):
    people, records = world
    record = records[kind]
    say(record, people["owner"], "Canary inside")
    say(record, people["owner"], "For you too", shared=True)
    act_as_contact(client, access)
    for address in (url(kind, record, portal=True), thread_of(record, access.user, access).url):
        page = text(client.get(address))
        assert ("Canary inside" in page, "For you too" in page) == (False, True), address
        assert "Visible to the customer" not in page
    assert said(client, url(kind, record, portal=True), "Our view").status_code == 302
    assert Comment.objects.values_list("is_shared", "access").latest("pk") == (True, access.pk)
    assert Notification.objects.filter(kind="customer_comment").get().user == people["owner"]


@pytest.mark.parametrize("kind", ["customers", "measurements", "follow-ups", "nonsense"])
def test_the_rest_does_not_exist_for_contacts(client, world, access, kind):
    act_as_contact(client, access)
    record = world[1].get(kind, world[1]["goals"])
    assert client.get(url(kind, record, portal=True)).status_code == 404
    assert said(client, url(kind, record, portal=True)).status_code == 404
    assert client.get(url(kind, record)).status_code == 404


def test_a_foreign_contact_and_one_who_only_reads_write_nothing(client, world, access):
    foreign = make_portal_access(make_contact(make_customer()))
    act_as_contact(client, foreign)
    goal = world[1]["goals"]
    assert said(client, url("goals", goal, portal=True)).status_code == 404
    reader = make_portal_access(make_contact(world[1]["customers"]), role="user")
    act_as_contact(client, reader)
    assert said(client, url("goals", goal, portal=True)).status_code == 403
    assert Comment.objects.count() == 0


def test_whoever_is_mentioned_hears_of_it_once(client, world):
    people, records = world
    client.force_login(people["owner"])
    mentioned = [people["colleague"].public_id, people["viewer"].public_id]
    said(client, url("goals", records["goals"]), "Look", mentioned=mentioned)
    comment = Comment.objects.get()
    edit = reverse("comments:edit", args=[comment.public_id])
    client.post(edit, {"key": comment.key, "text": "Look again", "mentioned": [*mentioned, people["lead"].public_id]})
    told = Notification.objects.filter(kind="mention").order_by("user").values_list("user", flat=True)
    assert list(told) == sorted(people[who].pk for who in ("colleague", "viewer", "lead"))
    client.force_login(people["colleague"])
    [row] = client.get("/notifications/").context["rows"]
    assert row.shown.text == "Ada Berg mentions you in a comment: Goal, Nordwind"
    assert "Look again" in text(client.get(row.shown.url))


def test_whoever_is_named_with_an_at_sign_is_told_and_for_whom_nobody_is_said(client, world):
    people, records = world
    client.force_login(people["owner"])
    words = f"@ben.colm, @{people['stranger'].email} and @nobody: look"
    page = client.post(url("goals", records["goals"]), {"key": uuid4(), "text": words}, HTTP_HX_REQUEST="true")
    assert list(Comment.objects.get().mentioned.all()) == [people["colleague"]]
    assert [row.user for row in Notification.objects.filter(kind="mention")] == [people["colleague"]]
    hidden, unknown = (
        f"@{name} names nobody who sees this customer and stays text." for name in (people["stranger"].email, "nobody")
    )
    assert page.context["hints"] == [hidden, unknown]
    assert unknown in text(
        client.post(url("goals", records["goals"]), {"key": uuid4(), "text": "@nobody"}, follow=True)
    )


def test_a_contact_mentions_nobody(client, world, access):
    records = world[1]
    act_as_contact(client, access)
    page = client.post(
        url("goals", records["goals"], portal=True), {"key": uuid4(), "text": "@ben.colm @nobody"}, follow=True
    )
    assert (Comment.objects.get().mentioned.count(), "stays text" in text(page)) == (0, False)


@pytest.mark.parametrize("wrong", ["stranger", "nobody", "x", "\x00"])
def test_nobody_else_can_be_mentioned(client, world, wrong):
    people, records = world
    client.force_login(people["owner"])
    who = people[wrong].public_id if wrong in people else wrong
    page = said(client, url("goals", records["goals"]), mentioned=[who])
    assert (page.status_code, Comment.objects.count(), Notification.objects.filter(kind="mention").count()) == (
        422,
        0,
        0,
    )


@pytest.mark.parametrize("fields", [{"text": " "}, {"text": "x" * 5001}, {"text": "a\x00b"}, {"key": "x"}])
def test_what_is_refused_is_said_at_the_field(client, world, fields):
    people, records = world
    client.force_login(people["owner"])
    page = client.post(url("goals", records["goals"]), {"key": uuid4(), "text": "Hello"} | fields)
    assert (page.status_code, Comment.objects.count()) == (422, 0)
    assert "invalid-feedback" in text(page) or "alert" in text(page)


def test_the_same_form_twice_is_one_comment(client, world):
    people, records = world
    client.force_login(people["owner"])
    for _twice in range(2):
        client.post(url("goals", records["goals"]), {"key": "3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de", "text": "Once"})
    assert Comment.objects.count() == 1


def test_only_the_author_changes_and_withdraws(client, world, access):
    people, records = world
    comment = say(records["goals"], people["owner"], "Secret words", shared=True)
    for who in ("admin", "colleague", "stranger"):
        client.force_login(people[who])
        for name in ("edit", "withdraw"):
            answer = client.post(reverse(f"comments:{name}", args=[comment.public_id]), {"text": "Mine"})
            assert answer.status_code == 404, who
    act_as_contact(client, access)
    assert client.post(reverse("comments:portal_withdraw", args=[comment.public_id])).status_code == 404
    client.force_login(people["owner"])
    client.post(reverse("comments:withdraw", args=[comment.public_id]))
    comment.refresh_from_db()
    page = text(client.get(url("goals", records["goals"])))
    assert (comment.text, "was withdrawn" in page, "Secret words" in page) == ("", True, False)
    assert client.post(reverse("comments:withdraw", args=[comment.public_id])).status_code == 404
    assert "Secret" not in str(list(AuditEntry.objects.values("verb", "details")))


def test_htmx_gets_the_fragment(client, world):
    people, records = world
    client.force_login(people["owner"])
    for words, shown, status in (("Fine", "Fine", 200), ("", "invalid-feedback", 422)):
        page = client.post(url("goals", records["goals"]), {"key": uuid4(), "text": words}, HTTP_HX_REQUEST="true")
        assert (page.status_code, shown in text(page), "<html" in text(page)) == (status, True, False)


@pytest.mark.parametrize(
    ("words", "html"),
    [("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>\n"),
     ("a\nb", "<p>a<br>\nb</p>\n"), ("- a", "<ul>\n<li>a</li>\n</ul>\n"),
     ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
     ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
     ("[a](//evil.example)", '<p><a rel="noopener noreferrer nofollow">a</a></p>\n'),
     ("![a](//evil.example/x.png)", '<p>!<a rel="noopener noreferrer nofollow">a</a></p>\n'),
     ("[a](https://good.example)", '<p><a href="https://good.example" rel="noopener noreferrer nofollow">a</a></p>\n')],
)  # fmt: skip
def test_a_little_markdown_and_no_html(words, html):
    assert marked_up(words) == html


@pytest.mark.parametrize("number", [1, 30])
def test_a_thread_asks_a_constant_number_of_queries(client, world, number, django_assert_max_num_queries):
    people, records = world
    for _each in range(number):
        say(records["goals"], people["owner"], mentioned=[people["lead"]])
    client.force_login(people["colleague"])
    with django_assert_max_num_queries(14):
        assert len(client.get(url("goals", records["goals"])).context["comments"]) == number
