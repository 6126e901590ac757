"""A customer's page: first what matters, then what to do next, and for whom."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from kvi.scorecard import forget
from reports.dashboards.queries import next_steps
from tests.factories.accounts import make_contact, make_customer, make_team, make_user
from tests.factories.facts import make_response, make_survey
from tests.factories.kvi import LONG_AGO, make_goal, make_indicator, make_measurement

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    team = make_team()
    owner = make_user(Role.CSM, teams=(team,), language="en")
    people = {
        "owner": owner, "colleague": make_user(Role.CSM, teams=(team,)),
        **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
    }  # fmt: skip
    return make_customer(owner=owner), people


def test_three_steps_at_most_for_this_customer_and_those_who_may_take_them(client, world):
    customer, people = world
    goal = make_goal(customer, next_review_on=date.today() - timedelta(days=300))
    for _more in range(4):
        make_measurement(make_indicator(goal), date=LONG_AGO)
    make_measurement(make_indicator(make_goal(make_customer(owner=people["owner"]))), date=LONG_AGO)
    assert [item.kind for item in next_steps(customer, people["owner"])] == ["goal_review", "due", "due"]
    assert {item.customer_name for item in next_steps(customer, people["owner"])} == {customer.name}
    steps = {who: len(next_steps(customer, user)) for who, user in people.items()}
    assert steps == {"owner": 3, "colleague": 0, "admin": 3, "lead": 3, "analyst": 0, "viewer": 0}
    client.force_login(people["owner"])
    assert "Next steps" in client.get(customer.get_absolute_url()).content.decode()
    client.force_login(people["viewer"])
    assert 'id="steps"' not in client.get(customer.get_absolute_url()).content.decode()


def test_access_controls_wait_behind_each_contact_for_those_who_may_use_them(client, world):
    customer, people = world
    make_contact(customer, name="Ines Quast", role="key user")
    for who, controls in (("owner", 1), ("viewer", 0)):
        client.force_login(people[who])
        page = client.get(customer.get_absolute_url()).content.decode()
        assert (page.count('class="contact-access"'), "Ines Quast" in page) == (controls, True)


def queries_of(act):
    forget()
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_the_page_asks_as_often_for_thirty_of_everything_as_for_one(client, world):
    customer, people = world
    client.force_login(people["owner"])
    goal, survey = make_goal(customer), make_survey()

    def add():
        make_measurement(make_indicator(goal), date=LONG_AGO)
        make_response(survey, 9, "2026-01-05", contact=make_contact(customer))

    add()
    client.get(customer.get_absolute_url())
    few = queries_of(lambda: client.get(customer.get_absolute_url()))
    for _more in range(29):
        add()
    assert queries_of(lambda: client.get(customer.get_absolute_url())) == few


def test_a_long_work_list_begins_with_what_is_due_first_and_shows_all_on_request(client, world):
    customer, people = world
    client.force_login(people["owner"])
    goal = make_goal(customer)
    for back in range(30):
        make_measurement(make_indicator(goal), date=LONG_AGO + timedelta(days=back))
    first, everything = (client.get(reverse("dashboards:today"), query) for query in ({}, {"all": "1"}))
    assert [len(page.context["rows"]) for page in (first, everything)] == [25, 30]
    assert first.context["rows"] == everything.context["rows"][:25]
    assert "Show 5 more" in first.content.decode()
    assert "more</a>" not in everything.content.decode()


def test_a_name_in_a_list_is_text_also_in_its_tip(client, world):
    customer, people = world
    customer.name = 'Quote" <b>Bold</b>'
    customer.save()
    client.force_login(people["owner"])
    page = client.get(reverse("dashboards:customers")).content.decode()
    assert 'title="Quote&quot; &lt;b&gt;Bold&lt;/b&gt;"' in page
    assert "<b>Bold" not in page
