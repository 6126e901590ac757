"""Follow-ups on pages: who sees and acts, filters in the URL, forms with and without htmx, files, query counts."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.lists.models import BulkChange
from accounts.models import Role
from kvi.playbooks import services
from kvi.playbooks.models import FollowUp
from tests.factories.accounts import make_customer, make_team, make_user
from tests.factories.playbooks import make_follow_up

pytestmark = pytest.mark.django_db
LIST = "/follow-ups/"
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "follow-up"}


@pytest.fixture
def world():
    team = make_team()
    people = {
        "owner": make_user(Role.CSM, teams=(team,), name="Ada Berg", time_zone="UTC"),
        "colleague": make_user(Role.CSM, teams=(team,), name="Ben Colm"),
        "stranger": make_user(Role.CSM, teams=(make_team(),)),
        **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
    }
    return make_customer(owner=people["owner"], name="Nordwind"), people


@pytest.fixture
def staff(client, world):
    client.force_login(world[1]["owner"])
    return client


def text(response):
    return response.content.decode()


def act(browser, row, verb, data=None, **more):
    return browser.post(reverse("playbooks:follow_up_act", args=[row.public_id, verb]), data or {}, **more)


@pytest.mark.parametrize(
    ("who", "sees", "acts"),
    [("owner", 200, 302), ("lead", 200, 302), ("admin", 200, 302), ("colleague", 200, 403), ("analyst", 200, 403),
     ("viewer", 200, 403), ("stranger", 404, 404)],
)  # fmt: skip
def test_who_sees_it_and_who_acts(client, world, who, sees, acts):
    customer, people = world
    row = make_follow_up(customer, reason="Canary")
    client.force_login(people[who])
    page = client.get(row.get_absolute_url())
    assert (page.status_code, act(client, row, "close", {"outcome": "reached"}).status_code) == (sees, acts)
    assert (b"Close the loop" in page.content) == (acts == 302)
    assert ("Canary" in text(client.get(LIST + "?state=all"))) == (sees == 200)
    row.refresh_from_db()
    assert row.state == ("done" if acts == 302 else "open")


@pytest.mark.parametrize("part", ["owner", "deputy"])
def test_a_colleague_to_whom_it_was_given_acts_on_it(client, world, part):
    customer, people = world
    row = make_follow_up(customer, **{part: people["colleague"]})
    client.force_login(people["colleague"])
    assert act(client, row, "close", {"outcome": "reached"}).status_code == 302
    customer.owner = people["stranger"]
    customer.save()
    assert act(client, row, "reopen").status_code == 404


def test_a_new_one_by_hand_is_stored_once(staff, world):
    customer, people = world
    url = reverse("playbooks:follow_up_new", args=[customer.public_id])
    assert "New follow-up" in text(staff.get(customer.get_absolute_url()))
    assert staff.get(url).status_code == 200
    due = timezone.localtime() + timedelta(days=3)
    form = {"key": uuid4(), "reason": "<b>Call Kim</b>", "due": f"{due:%Y-%m-%dT%H:%M}",
            "owner": people["owner"].public_id, "deputy": people["colleague"].public_id}  # fmt: skip
    answers = [staff.post(url, form) for _twice in range(2)]
    row = FollowUp.objects.get()
    assert [answer.url for answer in answers] == [row.get_absolute_url()] * 2
    assert (row.source, row.owner, row.deputy, row.opened_by) == (
        "hand", people["owner"], people["colleague"], people["owner"],
    )  # fmt: skip
    assert row.due_at == due.replace(second=0, microsecond=0)
    for page in (row.get_absolute_url(), LIST, customer.get_absolute_url(), "/"):
        assert "&lt;b&gt;Call Kim&lt;/b&gt;" in text(staff.get(page)), page


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"reason": "x" * 256}, {"reason": "a\x00b"}, {"due": "tomorrow"}, {"due": "1990-01-01T10:00"},
     {"due": "9999-12-31T23:59"}, {"due": "2027-03-28T02:30"}, {"owner": "x"}, {"owner": str(uuid4())}, {"key": "x"},
     {"deputy": "../"}, {"owner": ""}],
)  # fmt: skip
def test_a_form_that_is_wrong_stores_nothing_and_says_where(staff, world, wrong):
    customer, people = world
    owner = people["owner"]
    owner.time_zone = "Europe/Berlin"
    owner.save()
    due = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    form = {"key": uuid4(), "reason": "Call", "due": due, "owner": owner.public_id}
    page = staff.post(reverse("playbooks:follow_up_new", args=[customer.public_id]), form | wrong)
    assert (page.status_code, FollowUp.objects.count()) == (200, 0)
    assert "invalid-feedback" in text(page) or "alert" in text(page)


@pytest.mark.parametrize(
    ("verb", "data", "shown"),
    [("close", {"outcome": "reached", "note": "Fine"}, "Fine"), ("cancel", {"note": "Twice"}, "Cancelled"),
     ("snooze", {"until": f"{timezone.localdate() + timedelta(days=5)}"}, "Quiet until")],
)  # fmt: skip
def test_forms_work_with_and_without_htmx(staff, world, verb, data, shown):
    plain, swapped = make_follow_up(world[0]), make_follow_up(world[0])
    answer = act(staff, plain, verb, data)
    assert (answer.status_code, answer.url) == (302, plain.get_absolute_url())
    assert shown in text(staff.get(plain.get_absolute_url()))
    fragment = text(act(staff, swapped, verb, data, **HTMX))
    assert shown in fragment
    assert ("<html" in fragment, 'id="follow-up"' in fragment) == (False, True)


@pytest.mark.parametrize(
    ("verb", "data", "says"),
    [("close", {}, "Please say what came of it."), ("close", {"outcome": "other"}, "in a few words"),
     ("close", {"outcome": "nonsense"}, "nonsense"), ("close", {"outcome": "reached", "note": "x" * 10_001}, "10000"),
     ("cancel", {}, "Please say why it is cancelled."), ("snooze", {"until": "2026-02-30"}, "valid date"),
     ("snooze", {"until": "2001-01-01"}, "after today"), ("snooze", {}, "required"),
     ("assign", {"owner": "me"}, "valid choice"), ("assign", {"owner": "\x00"}, "valid choice")],
)  # fmt: skip
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_refused_is_said_at_the_field(staff, world, verb, data, says, headers):
    row = make_follow_up(world[0])
    page = act(staff, row, verb, data, **headers)
    assert page.status_code == 200
    assert says in text(page)
    row.refresh_from_db()
    assert (row.state, row.snoozed_until, row.owner) == ("open", None, world[1]["owner"])


def test_closing_what_somebody_closed_meanwhile_says_so(staff, world):
    row = make_follow_up(world[0])
    services.close_follow_up(row, outcome="not_reached", by=world[1]["lead"])
    assert "closed already" in text(act(staff, row, "close", {"outcome": "reached"}))
    row.refresh_from_db()
    assert row.outcome == "not_reached"
    assert act(staff, row, "reopen").status_code == 302
    assert "Close the loop" in text(staff.get(row.get_absolute_url()))


def test_the_filter_is_in_the_url(staff, world):
    customer, people = world
    other = make_customer(owner=people["owner"], name="Südwind")
    now = timezone.now()
    make_follow_up(customer, reason="Late", due_at=now - timedelta(days=1))
    make_follow_up(customer, reason="Week", due_at=now + timedelta(days=6), owner=people["colleague"])
    make_follow_up(other, reason="Far", due_at=now + timedelta(days=40), owner=None)
    done = make_follow_up(other, reason="Over", due_at=now + timedelta(days=2))
    services.close_follow_up(done, outcome="reached", by=people["owner"])
    quiet = make_follow_up(other, reason="Asleep", due_at=now + timedelta(days=3))
    services.snooze_follow_up(quiet, until=timezone.localdate() + timedelta(days=9), by=people["owner"])

    def shown(query):
        page = staff.get(f"{LIST}?{query}")
        assert page.status_code == 200
        return [row.record.reason for row in page.context["table"].paginated_rows]

    assert shown("") == ["Late", "Asleep", "Week", "Far"]
    assert shown("sort=-due") == ["Far", "Week", "Asleep", "Late"]
    assert shown("state=done") == ["Over"]
    assert shown("state=quiet") == ["Asleep"]
    assert shown("state=all&due=overdue") == ["Late"]
    assert shown("due=week") == ["Late", "Asleep", "Week"]
    assert shown("owner=me") == ["Late", "Asleep"]
    assert shown(f"owner={people['colleague'].public_id}") == ["Week"]
    assert shown("owner=-") == ["Far"]
    assert shown(f"customer={other.public_id}&state=all") == ["Over", "Asleep", "Far"]
    assert "Overdue" in text(staff.get(LIST + "?due=overdue"))
    for nonsense in ("state=x", "owner=1", "due=%00", f"customer={uuid4()}"):
        assert shown(nonsense) == []
    assert len(shown("page=-1&sort=owner__password")) == 4


def test_an_empty_list_says_how_loops_open(staff):
    assert "No loop is open" in text(staff.get(LIST))
    assert "Nothing fits this filter" in text(staff.get(LIST + "?state=done"))


def test_foreign_names_are_not_offered(client, world):
    customer, people = world
    make_follow_up(customer)
    client.force_login(people["stranger"])
    page = text(client.get(LIST + "?state=all"))
    assert "Nordwind" not in page
    assert "Ada Berg" not in page


def test_the_file_holds_what_the_filter_shows_and_no_formula(staff, world):
    customer, people = world
    row = make_follow_up(customer, reason="=1+1")
    make_follow_up(customer, reason="Other", owner=people["colleague"])
    file = staff.get(reverse("playbooks:follow_ups_csv"), {"owner": "me"})
    [line] = csv.DictReader(io.StringIO(text(file), newline=""))
    assert (line["What is to be done"], line["Customer"], line["Owner"]) == ("'=1+1", "Nordwind", "Ada Berg")
    assert line["Due"] == row.due_at.isoformat()


def test_several_are_given_put_off_and_closed_at_once_and_taken_back(staff, world):
    customer, people = world
    rows = [make_follow_up(customer, reason=f"Call {number}") for number in range(2)]
    ids = ",".join(str(row.public_id) for row in rows)
    until = timezone.localdate() + timedelta(days=5)

    def change(action, **values):
        data = {"action": action, "row": ids, "step": "change", **values}
        done = staff.post("/lists/follow-ups/change/", data)
        assert done.status_code == 302, text(done)
        return BulkChange.objects.latest("pk")

    def stored():
        return list(FollowUp.objects.order_by("pk").values_list("owner__name", "snoozed_until", "state"))

    steps = {
        "assign": ({"owner": people["colleague"].public_id}, ("Ben Colm", None, "open")),
        "snooze": ({"until": str(until)}, ("Ada Berg", until, "open")),
        "close": ({"outcome": "reached"}, ("Ada Berg", None, "done")),
    }
    for action, (values, after) in steps.items():
        made = change(action, **values)
        assert stored() == [after, after], action
        assert staff.post(made.get_absolute_url()).status_code == 302
        assert stored() == [("Ada Berg", None, "open")] * 2, action
    made = change("close", outcome="reached")
    services.reopen_follow_up(rows[0], by=people["lead"])
    assert "1 row was changed since" in text(staff.post(made.get_absolute_url(), follow=True))


def test_one_that_is_not_ones_own_refuses_all_of_them(client, world):
    customer, people = world
    own = make_follow_up(make_customer(owner=people["colleague"]), reason="Own")
    others = {"team": make_follow_up(customer), "foreign": make_follow_up(make_customer(owner=people["stranger"]))}
    client.force_login(people["colleague"])
    for other, status in ((others["team"], 403), (others["foreign"], 404)):
        data = {"action": "close", "row": f"{own.public_id},{other.public_id}", "step": "change", "outcome": "reached"}
        assert client.post("/lists/follow-ups/change/", data).status_code == status
    assert FollowUp.objects.filter(state="open").count() == 3


def test_pages_speak_german(staff, world):
    customer, people = world
    people["owner"].language = "de"
    people["owner"].save()
    row = make_follow_up(customer, source="response", reason="")
    assert "Eine unzufriedene Antwort: zurückrufen" in text(staff.get(row.get_absolute_url()))
    assert "Nachfassen" in text(staff.get(LIST))


@pytest.mark.parametrize("url", [LIST, LIST + "?state=all&sort=-due", "/follow-ups/export.csv", "/", "customer"])
def test_lists_ask_the_database_as_often_for_thirty_rows_as_for_one(
    staff, world, url, django_assert_num_queries, django_assert_max_num_queries
):
    customer, _people = world
    url = customer.get_absolute_url() if url == "customer" else url

    def ask():
        assert staff.get(url).status_code == 200

    make_follow_up(customer)
    ask()
    with django_assert_max_num_queries(60) as few:
        ask()
    for _more in range(29):
        make_follow_up(customer)
    with django_assert_num_queries(len(few)):
        ask()
