"""``GET /api/v1/metrics/`` (metrics.md, section 16 rules 6 and 8)."""

import io

import pytest
from django.core.management import call_command

from accounts.models import Customer
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user
from tests.factories.facts import (
    make_goal,
    make_indicator,
    make_invitation,
    make_measurement,
    make_response,
    make_subscription,
    make_survey,
    set_workspace,
)

pytestmark = pytest.mark.django_db
URL = "/api/v1/metrics/"
JANUARY = {"period": "2025-01", "as_of": "2026-01-01"}


@pytest.fixture
def rows(db):
    """Two customers: one of the CSM's, one that only others see."""
    csm = make_user("csm")
    own = make_customer(external_id="own", segment="shared", owner=csm)
    other = make_customer(external_id="other", segment="shared", owner=make_user("csm"))
    for customer, mrr in ((own, 100), (other, 900)):
        make_subscription(customer, "2024-01-01", None, mrr)
        indicator = make_indicator(make_goal(customer, external_id=f"{customer.external_id}-goal"))
        make_measurement(indicator, "2025-01-02", 130)
        make_response(make_survey(f"{customer.external_id}-survey"), 9, "2025-01-05", contact=make_contact(customer))
    return csm


@pytest.fixture
def ask(client):
    def get(user, **query):
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get(URL, {**JANUARY, **query})

    return get


@pytest.fixture
def lead(db):
    return make_user("lead")


def command(*args: str) -> str:
    out = io.StringIO()
    call_command("metrics", *args, "--period", "2025-01", "--as-of", "2026-01-01", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("layout", ["json", "csv"])
@pytest.mark.parametrize("level", ["portfolio", "customer", "goal"])
def test_the_same_bytes_as_the_command(rows, ask, lead, level, layout):
    answer = ask(lead, level=level, format=layout, variant="all")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith({"json": "application/json", "csv": "text/csv"}[layout])
    assert answer.content.decode() == command("--level", level, "--format", layout, "--variant", "all")


def test_several_codes_in_the_order_asked(rows, ask, lead):
    found = ask(lead, code=["mrr", "arr", "mrr"], level="customer", subject="own").json()["results"]
    assert [(r["metric"], r["value"]) for r in found] == [("mrr", "100"), ("arr", "1200"), ("mrr", "100")]


def test_the_format_is_a_parameter_whatever_the_header_accepts(rows, client, lead):
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(URL, {**JANUARY, "code": "mrr"}, headers={"accept": "text/csv"})
    assert answer.json()["results"][0]["value"] == "1000"


@pytest.mark.parametrize(
    ("query", "code", "attr"),
    [
        ({"code": "nix"}, "unknown_code", "code"),
        ({"code": "nps_share:x"}, "unknown_parameter", "code"),
        ({"code": "mrr", "variant": "x"}, "unknown_variant", "variant"),
        ({"level": "x"}, "unknown_level", "level"),
        ({"code": "kvi_attainment"}, "level_not_supported", "level"),
        ({"level": "customer", "owner": "me"}, "level_not_supported", "level"),
        ({"subject": "own"}, "subject_without_level", "subject"),
        ({"period": ""}, "bad_period", "period"),
        ({"as_of": "x"}, "bad_as_of", "as_of"),
        ({"format": "table"}, "bad_format", "format"),
        ({"format": "api"}, "bad_format", "format"),
        ({"owner": "nobody@x.de"}, "unknown_subject", "owner"),
    ],
)
def test_errors_have_one_shape(rows, ask, lead, query, code, attr):
    answer = ask(lead, **query)
    found = answer.json()
    assert (answer.status_code, bool(found["errors"][0].pop("detail"))) == (400, True)
    assert found == {"type": "validation_error", "errors": [{"code": code, "attr": attr}]}


def test_too_many_results(rows, ask, lead, monkeypatch):
    monkeypatch.setattr("kvi.metric_requests.MOST_RESULTS", 1)
    answer = ask(lead, code=["mrr", "arr"])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_many_results")


def test_strangers_get_401_and_contacts_404(rows, ask):
    assert ask(None).status_code == 401
    contact = make_portal_access().user
    assert ask(contact, level="customer").status_code == 404


class TestACsmOfOneOfTwoCustomers:
    def test_gets_no_whole_that_holds_others(self, rows, ask):
        for query in ({}, {"level": "segment"}, {"level": "segment", "subject": "shared"}, {"level": "survey"}):
            answer = ask(rows, **query)
            assert (answer.status_code, answer.json()["type"]) == (403, "client_error"), query

    def test_gets_their_own_portfolio(self, rows, ask):
        found = ask(rows, owner="me", code="mrr").json()
        assert (found["results"][0]["value"], found["filter"]) == ("100", {"owner": "me"})
        make_customer(owner=rows, external_id="second")
        assert ask(rows, owner=rows.email, code="mrr").json()["results"][0]["value"] == "100"

    def test_gets_nothing_of_others_through_their_address(self, rows, ask):
        other = make_user("csm")
        make_subscription(make_customer(owner=other), "2024-01-01", None, 5)
        assert ask(rows, owner=other.email, code="mrr").json()["results"][0]["reason"] == "no_data"

    @pytest.mark.parametrize("level", ["customer", "goal", "kvi"])
    def test_lists_only_their_own(self, rows, ask, lead, level):
        code = {"customer": "mrr", "goal": "goal_attainment", "kvi": "kvi_attainment"}[level]
        assert len(ask(rows, level=level, code=code).json()["results"]) == 1
        assert len(ask(lead, level=level, code=code).json()["results"]) == 2

    @pytest.mark.parametrize(("level", "name"), [("customer", ""), ("goal", "-goal"), ("survey", "-survey")])
    def test_finds_others_as_little_as_what_does_not_exist(self, rows, ask, level, name):
        assert ask(rows, level=level, subject=f"own{name}").status_code == 200
        hidden, missing = (ask(rows, level=level, subject=f"{who}{name}") for who in ("other", "nobody"))
        assert (hidden.status_code, hidden.content) == (404, missing.content)

    def test_sees_a_segment_of_their_own_and_none_of_others(self, rows, ask):
        make_customer(owner=rows, segment="mine")
        make_customer(segment="theirs")
        assert ask(rows, level="segment", subject="mine").status_code == 200
        assert ask(rows, level="segment", subject="theirs").status_code == 404

    def test_sees_no_survey_that_asked_others_too(self, rows, ask):
        survey = make_survey("both")
        for customer in Customer.objects.all():
            make_invitation(survey, "2025-01-01", contact=make_contact(customer))
        assert ask(rows, level="survey", subject="both").status_code == 403

    def test_sees_no_survey_that_others_answered_on_the_invitation_to_another_one(self, rows, ask):
        own, other = (make_contact(Customer.objects.get(external_id=name)) for name in ("own", "other"))
        survey = make_survey("both")
        make_response(survey, 9, "2025-01-05", contact=own)
        assert ask(rows, level="survey", subject="both").status_code == 200
        make_response(survey, 0, "2025-01-05", invitation=make_invitation(make_survey(), "2025-01-01", contact=other))
        assert ask(rows, level="survey", subject="both").status_code == 403

    def test_sees_the_whole_when_nothing_is_hidden(self, rows, ask):
        Customer.objects.filter(external_id="other").update(owner=rows)
        make_customer(is_test=True)
        assert ask(rows, code="mrr").json()["results"][0]["value"] == "1000"
        assert ask(rows, level="segment", code="mrr").json()["results"][0]["value"] == "1000"


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_customers_as_for_one(ask, lead, size, django_assert_num_queries, client):
    for _ in range(size):
        make_subscription(make_customer(), "2024-01-01", None, 10)
    set_workspace()
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_num_queries(9):
        answer = client.get(URL, {**JANUARY, "code": "mrr", "level": "customer"})
    assert len(answer.json()["results"]) == size
