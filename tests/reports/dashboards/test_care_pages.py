"""The pages Support and Onboarding: the scorecard's figures, in words where there is none, for whom one may see."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.accounts import make_customer, make_team, make_user
from tests.factories.facts import make_step, make_ticket, set_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    """A CSM with one of two customers; each has a ticket and a step."""
    team = make_team()
    csm = make_user("csm", teams=(team,), language="en")
    mine = make_customer(name="Mine", segment="south", owner=csm, onboarding_start=date(2025, 1, 5))
    other = make_customer(name="Other", segment="north", onboarding_start=date(2025, 1, 5))
    for customer in (mine, other):
        make_ticket(customer, "2025-01-06", closed_at="2025-01-08", first_contact_solved=True)
        make_step(customer, "connect", 1, "2025-01-09" if customer == mine else None, is_key=True)
    make_ticket(other, "2025-01-07")
    client.force_login(csm)
    return {"csm": csm, "lead": make_user("lead", language="en"), "mine": mine, "other": other}


def page(client, name, **query):
    return client.get(reverse(f"dashboards:{name}"), {"period": "2025-01", **query})


def values(response, *codes):
    return [str(response.context["numbers"][code].value) for code in codes]


def test_support_shows_those_one_may_see(client, world):
    shown = page(client, "support")
    assert values(shown, "tickets_opened", "open_tickets", "median_ticket_time") == ["1", "0", "48"]
    assert b"Other" not in shown.content
    assert b"By segment" not in shown.content
    client.force_login(world["lead"])
    shown = page(client, "support")
    assert values(shown, "tickets_opened", "open_tickets", "first_contact_resolution") == ["3", "1", "1"]
    assert list(shown.context["segments"]) == ["north", "south"]
    assert "nothing to divide by" in shown.content.decode()  # no licensed user


def test_the_figures_follow_the_segment_and_the_owner(client, world):
    client.force_login(world["lead"])
    north = page(client, "support", segment="north")
    assert values(north, "tickets_opened") == ["2"]
    assert north.context["population"].label == "north"
    both = page(client, "onboarding", segment="south", owner=str(world["csm"].public_id))
    assert values(both, "onboarding_score", "activation_rate", "time_to_activation") == ["100", "1", "4"]
    assert both.context["population"].label == f"south · {world['csm'].name}"
    nobody = page(client, "onboarding", segment="west")
    assert (nobody.status_code, nobody.context["population"].label) == (200, "No customers")


def test_onboarding_shows_each_customer_that_has_steps(client, world):
    client.force_login(world["lead"])
    make_customer(name="Without steps")
    shown = page(client, "onboarding")
    assert values(shown, "onboarding_score", "activation_rate", "stuck_steps") == ["50", "1/2", "1"]
    text = shown.content.decode()
    assert "Without steps" not in text
    assert 'data-label="Activated"' in text or "Activated" in text
    assert {"Yes", "No"} <= {cell.strip() for row in shown.context["table"].rows for cell in map(str, row.cells)}


def test_nothing_known_is_said_in_words(client, world):
    client.force_login(world["lead"])
    assert "No ticket is known up to this day" in page(client, "support", period="2024-01").content.decode()
    assert "Nobody who has onboarding steps started" in page(client, "onboarding", period="2024-01").content.decode()


@pytest.mark.parametrize("name", ["support", "onboarding"])
def test_the_file_holds_the_exact_figures(client, world, name):
    client.force_login(world["lead"])
    file = client.get(reverse(f"dashboards:{name}_csv"), {"period": "2025-01", "sort": "name"})
    found = next(csv.DictReader(StringIO(file.content.decode("utf-8-sig"))))
    wanted = {"support": ("Median time, hours", "48"), "onboarding": ("Days to activation", "4")}[name]
    assert found[wanted[0]] == wanted[1]


@pytest.mark.parametrize("name", ["support", "onboarding"])
def test_as_many_queries_for_thirty_customers_as_for_one(client, name):
    client.force_login(make_user("lead"))
    set_workspace()
    asked = []
    for size in (1, 29):
        for number in range(size):
            customer = make_customer(external_id=f"C{size}-{number}", segment="south")
            make_ticket(customer, "2025-01-06")
            make_step(customer, "connect", 1)
        with CaptureQueriesContext(connection) as queries:
            page(client, name)
        asked.append(len(queries))
    assert asked[0] == asked[1] < 150
