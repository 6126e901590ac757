"""The search finds what exists for its reader, as people type, and nothing of anybody else."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Customer, Role
from cs_portal.kit.folding import fold, folded
from cs_portal.kit.search import KINDS
from reports.dashboards.finding import asked, search
from reports.models import ValueReport
from tests.factories.accounts import make_contact, make_customer, make_team, make_user
from tests.factories.kvi import make_goal, make_indicator
from tests.factories.playbooks import make_follow_up
from tests.factories.surveys import make_wave

pytestmark = pytest.mark.django_db


def found(user, typed, each=5):
    sections = search(user, asked(typed), each=each)
    return {section.name: [line.title for line in section.lines] for section in sections}


def everything_at(customer, word):
    """One row of every kind, each with the word in its name."""
    owner = customer.owner
    contact = make_contact(customer, name=f"{word} Contact")
    goal = make_goal(customer, name=f"{word} goal")
    make_indicator(goal, name=f"{word} share", texts={})
    make_follow_up(customer, reason=f"{word} call")
    make_wave(customer, contacts=[contact], name=f"{word} wave")
    ValueReport.objects.create(
        customer=customer, period_start=date(2026, 1, 1), period_end=date(2026, 4, 1), language="en", created_by=owner
    )


@pytest.fixture
def world():
    ours, theirs = make_team(), make_team()
    owner, stranger = make_user(Role.CSM, teams=(ours,)), make_user(Role.CSM, teams=(theirs,))
    colleague = make_user(Role.CSM, teams=(ours,))
    everything_at(make_customer(name="Canary GmbH", owner=owner), "Canary")
    everything_at(make_customer(name="Other AG", owner=stranger), "Other")
    return {"owner": owner, "colleague": colleague, "stranger": stranger}


OF_THE_CUSTOMER = {
    "customers": ["Canary GmbH"],
    "contacts": ["Canary Contact"],
    "goals": ["Canary goal"],
    "indicators": ["Canary share"],
    "follow_ups": ["Canary call"],
    "reports": ["Canary GmbH, 1 Jan 2026 – 31 Mar 2026"],
    "waves": ["Canary wave"],
}


@pytest.mark.parametrize("who", ["owner", "colleague"])
def test_a_word_finds_rows_of_every_kind_in_the_own_team(world, who):
    assert found(world[who], "canary") == OF_THE_CUSTOMER


def test_a_stranger_is_told_as_much_as_about_nothing(client, world):
    client.force_login(world["stranger"])
    pages = []
    for typed in ("canary", "qqqqqq"):
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(reverse("dashboards:search"), {"q": typed}, headers=headers)
            pages.append(answer.content.decode().replace(typed, "").split("csrf")[0])
    assert found(world["stranger"], "canary") == {}
    assert pages[1] == pages[3]
    assert "Canary" not in pages[0]
    assert found(world["stranger"], "new goal canary") == {}


def test_people_are_found_by_those_who_may_open_their_page():
    make_user(Role.VIEWER, name="Zelda Quick")
    assert {role: found(make_user(role), "zelda") for role in (Role.ADMIN, Role.LEAD, Role.ANALYST, Role.VIEWER)} == {
        Role.ADMIN: {"people": ["Zelda Quick"]}, Role.LEAD: {"people": ["Zelda Quick"]},
        Role.ANALYST: {}, Role.VIEWER: {},
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["müller", "Mueller", "MULLER", "muler", "Müllre", "werk müll", "werke   müller", "mueller\x00"]
)
def test_a_name_is_found_as_people_type_it(typed):
    for name in ("Müller Werke GmbH", "Nordwind Reisen", "Milch & Mehl"):
        make_customer(name=name)
    assert found(make_user(Role.LEAD), typed) == {"customers": ["Müller Werke GmbH"]}


@pytest.mark.parametrize("name", ["Groß-Äöü", "Aßlar & Söhne", "CAFÉ Zoë", "Bauer Ñandú", "Ÿ plain", "MÜLLER"])
def test_words_are_folded_alike_in_sql_and_in_python(name):
    make_customer(name=name)
    assert Customer.objects.annotate(words=folded("name")).get().words == fold(name)


def test_another_word_may_name_the_customer():
    for name in ("Nordwind", "Südwind"):
        make_goal(make_customer(name=name), name="Faster support")
    lead = make_user(Role.LEAD)
    assert found(lead, "support nordwind") == {"goals": ["Faster support"]}
    assert found(lead, "nordwind") == {"customers": ["Nordwind"]}
    assert found(lead, "support elsewhere") == {}


def test_something_is_begun_where_the_user_may_write():
    csm = make_user(Role.CSM, teams=(make_team(),))
    make_customer(name="Nordwind", owner=csm)
    make_customer(name="Nordlicht", owner=make_user(Role.CSM, teams=tuple(csm.teams.all())))
    assert found(csm, "new goal at nord")["actions"] == ["New goal: Nordwind"]
    assert found(csm, "new nordwind")["actions"] == [
        "New goal: Nordwind", "New follow-up: Nordwind", "New value report: Nordwind"
    ]  # fmt: skip
    with translation.override("de"):
        assert found(csm, "neues ziel bei nordwind")["actions"] == ["Neues Ziel: Nordwind"]
    assert "actions" not in found(make_user(Role.VIEWER), "new goal nord")


def test_pages_are_those_the_role_may_open():
    assert found(make_user(Role.ADMIN), "settings mail") == {"pages": ["Settings · Mail"]}
    assert found(make_user(Role.CSM), "settings mail") == {}
    assert found(make_user(Role.CSM), "")["pages"][:3] == ["Today", "Customers", "Goals & KVIs"]


@pytest.mark.parametrize("typed", ["m", "\x00", "%", "' OR 1=1 --", "\ud800x", "ab " * 200, "((((", "\\", "€" * 500])
def test_wild_input_finds_nothing_and_breaks_nothing(client, typed):
    make_customer(name="Nordwind")
    lead = make_user(Role.LEAD)
    assert "customers" not in found(lead, typed)
    client.force_login(lead)
    url = reverse("dashboards:search") + "?q=" + typed.encode("utf-8", "surrogatepass").hex(" ").replace(" ", "%")
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(("typed", "says"), [("m", "Type at least two."), ("zzzzzz", "Nothing found"), ("", "Go to")])
def test_each_state_says_what_it_is(client, typed, says):
    client.force_login(make_user(Role.LEAD))
    for headers in ({}, {"HX-Request": "true"}):
        assert says in client.get(reverse("dashboards:search"), {"q": typed}, headers=headers).content.decode()


def test_a_kind_shows_some_and_says_that_there_are_more(client):
    for number in range(7):
        make_customer(name=f"Nordwind {number}")
    client.force_login(make_user(Role.LEAD))
    page = client.get(reverse("dashboards:search"), {"q": "nordwind"}, headers={"HX-Request": "true"}).content.decode()
    assert (page.count('id="found-customers-'), "Show more" in page) == (5, True)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_search_asks_once_per_kind(rows, django_assert_num_queries):
    lead = make_user(Role.LEAD)
    for _number in range(rows):
        everything_at(make_customer(name="Canary", owner=lead), "Canary")
    threshold, to_begin_at, savepoint = 1, 1, 2
    with django_assert_num_queries(len(KINDS) + threshold + to_begin_at + savepoint):
        assert len(found(lead, "new canary")["actions"]) == min(rows, 3) * 3


def test_what_is_archived_says_so_and_nothing_is_begun_there():
    customer = make_customer(name="Nordwind", archived_at=timezone.now())
    make_contact(customer, name="Nordwind Contact", archived_at=timezone.now())
    lead = make_user(Role.LEAD)
    assert found(lead, "new goal nordwind") == {}
    (section,) = search(lead, asked("nordwind"), each=5)
    assert [(line.title, line.detail) for line in section.lines] == [("Nordwind", "Archived")]
