"""Every figure explains itself, as far as the person may see what it is made of."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Team
from kvi.scorecard import forget
from tests.factories.accounts import make_customer, make_user
from tests.factories.facts import make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two customers of one CSM and one of somebody else, paying in March 2026."""
    team, other = (Team.objects.create(name=name) for name in ("North", "South"))
    csm, stranger = make_user("csm", teams=(team,), language="en"), make_user("csm", teams=(other,), language="en")
    for number, (owner, mrr) in enumerate(((csm, 100), (csm, 300), (stranger, 900)), 1):
        customer = make_customer(external_id=f"C{number}", name=f"Company {number}", owner=owner, segment="smb")
        make_subscription(customer, "2026-01-01", None, mrr)
    return csm


@pytest.fixture
def opened(client):
    def open_page(user, name, page="figure", **query):
        client.force_login(user)
        return client.get(reverse(f"dashboards:{page}", args=[name] if name else []), {"period": "2026-03", **query})

    return open_page


def shown(card):
    return {
        "value": card.reading.as_json()["value"],
        "whose": card.whose,
        "variants": [(one.variant, one.as_json()["value"]) for one in card.variants],
        "months": [one.as_json()["value"] for one in card.months],
        "parts": [(customer.external_id, reading.as_json()["value"]) for customer, reading in card.parts],
    }


def test_a_figure_shows_its_variants_months_and_customers(world, opened):
    lead = make_user("lead", language="en")
    assert shown(opened(lead, "mrr").context["card"]) == {
        "value": "1300",
        "whose": "All customers",
        "variants": [],
        "months": [None] * 9 + ["1300"] * 3,
        "parts": [("C3", "900"), ("C2", "300"), ("C1", "100")],
    }
    arpa = opened(lead, "arpa")
    assert shown(arpa.context["card"])["variants"] == [("monthly", "433.3333333333"), ("annual", "5200")]
    assert "€1,300.00 ÷ 3 → €433.33" in " ".join(arpa.content.decode().split())
    assert opened(lead, "arpa", variant="annual").context["card"].reading.variant == "annual"


def test_somebody_sees_the_figure_of_their_own_customers_only(world, opened):
    card = shown(opened(world, "mrr").context["card"])
    assert (card["value"], card["whose"]) == ("400", "Your customers")
    assert card["parts"] == [("C2", "300"), ("C1", "100")]
    assert opened(world, "mrr", level="customer", subject="C1").context["card"].reading.as_json()["value"] == "100"
    assert opened(world, "mrr", level="customer", subject="C3").status_code == 404
    assert opened(world, "mrr", level="segment", subject="smb").status_code == 403


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("nothing", {}), ("mrr", {"level": "customer"}), ("mrr", {"level": "customer", "subject": "nobody"}),
        ("mrr", {"level": "kvi", "subject": "C1"}), ("mrr", {"variant": "other"}), ("mrr:x", {}),
        ("mrr", {"level": "x"}), ("arpa", {"level": "customer", "subject": "C1"}),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(world, opened, name, query):
    assert opened(make_user("lead"), name, **query).status_code == 404


def test_a_missing_value_says_why_and_what_would_help(opened):
    page = opened(make_user("lead", language="de"), "mrr").content.decode()
    assert "Keine Daten." in page
    assert "Tragen Sie es ein oder laden Sie es aus einer Datei." in page


def test_the_customers_behind_it_leave_as_a_file_for_those_who_may_export(world, opened):
    file = opened(make_user("analyst"), "mrr", "figure_csv").content.decode("utf-8-sig")
    assert file.splitlines() == [
        "customer,name,value,numerator,denominator,n,reason,variant",
        "C3,Company 3,900,,,1,,default", "C2,Company 2,300,,,1,,default", "C1,Company 1,100,,,1,,default",
    ]  # fmt: skip
    assert opened(make_user("viewer"), "mrr", "figure_csv").status_code == 403


def test_the_catalogue_page_names_every_figure_of_the_whole_once(world, opened):
    families = opened(make_user("lead", language="en"), "", "figures").context["families"]
    revenue = {line.reading.metric: line.reading.as_json()["value"] for line in families[0].lines}
    assert (str(families[0].name), revenue["mrr"], revenue["paying_customers"]) == ("Revenue", "1300", "3")
    names = [line.reading.metric for family in families for line in family.lines]
    assert len(names) == len(set(names))


def test_as_many_queries_for_thirty_customers_as_for_one(opened):
    lead, counts = make_user("lead"), []
    opened(lead, "mrr")
    for more in (1, 29):
        for _number in range(more):
            make_subscription(make_customer(), "2026-01-01", None, 100)
        forget()
        with CaptureQueriesContext(connection) as asked:
            assert opened(lead, "mrr").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
