"""Goals, indicators and measurements written over REST: the services' rules, said at the field."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Role
from kvi.models import Agreement, Goal, Indicator, IndicatorVersion, Measurement
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user, make_user_group
from tests.factories.kvi import make_goal, make_indicator, make_measurement
from tests.factories.rest import JSON, bearer, make_token

pytestmark = pytest.mark.django_db
DAYS = {
    "texts": {"de": {"name": "Tage bis zur Rechnung", "question": "Wie viele?"}, "en": {"name": "Days to invoice"}},
    "direction": "decrease", "unit": "days", "baseline": "12.50", "target": 6, "baseline_date": "2026-01-01",
    "due_date": "2026-12-31",
}  # fmt: skip


class Api:
    """Requests of one caller."""

    def __init__(self, client, headers):
        self.client, self.headers = client, headers

    def send(self, method, path, /, **body):
        return getattr(self.client, method)(f"/api/v1/{path}", body, content_type=JSON, headers=self.headers)

    def post(self, path, /, **body):
        return self.send("post", path, **body)

    def refused(self, path, /, *, method="post", **body):
        """Status, and (code, attr) of every error."""
        answer = self.send(method, path, **body)
        return answer.status_code, [(error["code"], error["attr"]) for error in answer.json()["errors"]]


@pytest.fixture
def csm():
    return make_user(Role.CSM)


@pytest.fixture
def customer(csm):
    return make_customer(owner=csm, language="de")


@pytest.fixture
def api(client, csm):
    return Api(client, bearer(make_token(csm)))


@pytest.fixture
def access(customer):
    return make_portal_access(make_contact(customer))


@pytest.fixture
def portal(client, access):
    return Api(client, bearer(make_token(access.user, access=access)))


class TestGoals:
    def test_are_made_as_drafts_and_changed_in_part(self, api, customer):
        made = api.post("goals/", customer=str(customer.public_id), name="Faster", start_date="2026-01-01", weight=2.5)
        assert made.status_code == 201
        assert made["Location"] == f"/api/v1/goals/{made.json()['id']}/"
        changed = api.send("patch", f"goals/{made.json()['id']}/", name="Faster still")
        goal = Goal.objects.get()
        assert changed.json() == {**made.json(), "name": "Faster still"}
        assert (goal.state, goal.weight, goal.start_date) == ("draft", Decimal("2.5"), date(2026, 1, 1))

    def test_refuse_what_is_not_theirs_to_take(self, api, customer):
        fields = {"customer": str(customer.public_id), "name": "x", "start_date": "2026-01-01"}
        found = api.refused("goals/", **fields, state="agreed", id="1", is_staff=True, owner="me")
        assert found == (
            400, [("read_only", "state"), ("read_only", "id"), ("unknown_field", "is_staff"),
                  ("unknown_field", "owner")],
        )  # fmt: skip
        assert Goal.objects.count() == 0

    def test_refuse_parents_of_others(self, api, customer):
        """promises.md A09: a foreign record in the body does not exist."""
        foreign = make_customer(owner=make_user(Role.CSM))
        fields = {"customer": str(customer.public_id), "name": "x", "start_date": "2026-01-01"}
        group, contact = make_user_group(foreign), make_contact(foreign)
        for wrong in (
            {"customer": str(foreign.public_id)},
            {"user_group": str(group.public_id), "scope": "individual"},
            {"customer_owner": str(contact.public_id)},
        ):
            name = next(iter(wrong))
            assert api.refused("goals/", **{**fields, **wrong}) == (400, [("does_not_exist", name)])
        assert Goal.objects.count() == 0

    def test_refuse_people_of_another_customer_of_ones_own(self, api, csm, customer):
        goal, other = make_goal(customer), make_customer(owner=csm)
        contact, group = make_contact(other), make_user_group(other)
        for body, attr in (
            ({"customer_owner": str(contact.public_id)}, "customer_owner"),
            ({"scope": "individual", "user_group": str(group.public_id)}, "user_group"),
        ):
            assert api.refused(f"goals/{goal.public_id}/", method="patch", **body) == (400, [("invalid", attr)])

    def test_say_at_the_field_what_cannot_be(self, api, customer):
        fields = {"customer": str(customer.public_id), "name": "x", "start_date": "2026-01-01"}
        for wrong, code in (
            ({"name": 5}, "invalid"), ({"name": "a\nb"}, "one_line"), ({"name": " "}, "blank"),
            ({"name": "x" * 256}, "max_length"), ({"start_date": "2026-02-30"}, "invalid"),
            ({"start_date": "20260101"}, "invalid"), ({"start_date": "1969-12-31"}, "out_of_range"),
            ({"start_date": None}, "null"), ({"weight": "0"}, "invalid"), ({"weight": "1_0"}, "invalid"),
            ({"weight": True}, "invalid"), ({"weight": 10**18}, "max_whole_digits"),
            ({"goal_type": "x"}, "invalid_choice"),
            ({"customer": 7}, "invalid"), ({"customer": "7"}, "invalid"), ({"scope": []}, "invalid_choice"),
            ({"scope": "individual"}, "invalid"),
        ):  # fmt: skip
            status, errors = api.refused("goals/", **{**fields, **wrong})
            assert (status, errors[0][0]) == (400, code), (wrong, errors)
        assert Goal.objects.count() == 0

    def test_are_closed_once(self, api, customer):
        goal = make_goal(customer)
        assert api.refused(f"goals/{goal.public_id}/retire/") == (400, [("required", "note")])
        assert api.post(f"goals/{goal.public_id}/retire/", note="Closed.").json()["closing_note"] == "Closed."
        for verb in ("retire", "achieve", "review"):
            body = {"still_valid": True} if verb == "review" else {"note": "again"}
            assert api.refused(f"goals/{goal.public_id}/{verb}/", **body) == (409, [("retired", None)])


class TestIndicators:
    def test_go_from_draft_to_agreed_by_both_sides_own_requests(self, api, portal, customer, access):
        goal = make_goal(customer)
        made = api.post("indicators/", goal=str(goal.public_id), **DAYS).json()
        place = f"indicators/{made['id']}/versions/1"
        assert api.post(f"{place}/propose/", to=str(access.contact.public_id)).status_code == 200
        assert api.refused(f"{place}/accept/") == (409, [("not_open", None)])  # our side has signed already
        agreed = portal.post(f"{place}/accept/").json()["versions"][0]
        assert (agreed["state"], agreed["name"], agreed["baseline"]) == ("agreed", "Tage bis zur Rechnung", "12.5")
        signatures = Agreement.objects.order_by("pk").values_list("side", "contact", "provenance")
        assert list(signatures) == [("staff", None, "portal"), ("customer", access.contact.pk, "portal")]

    def test_carry_the_same_hash_as_from_the_form(self, api, csm, customer):
        from kvi.definition import canonical_json
        from kvi.definition_form import DefinitionForm
        from kvi.services import draft_version

        goal = make_goal(customer)
        api.post("indicators/", goal=str(goal.public_id), **DAYS)
        form = DefinitionForm(
            {
                "name_de": "Tage bis zur Rechnung", "question_de": "Wie viele?", "name_en": "Days to invoice",
                "kind": "quantitative", "direction": "decrease", "unit": "days", "baseline": "12.5", "target": "6",
                "baseline_date": "2026-01-01", "due_date": "2026-12-31", "path": "linear", "cadence": "monthly",
                "weight": "1",
            },
            language="de",
        )  # fmt: skip
        assert form.is_valid(), form.errors
        by_form = draft_version(make_goal(customer), by=csm, **form.definition())
        by_api = IndicatorVersion.objects.get(indicator__goal=goal)
        by_api.indicator.external_id = by_form.indicator.external_id
        by_form.refresh_from_db()
        assert canonical_json(by_api) == canonical_json(by_form)

    def test_of_a_contact_are_put_before_us_at_once(self, portal, customer):
        made = portal.post("indicators/", goal=str(make_goal(customer).public_id), **DAYS).json()["versions"][0]
        assert (made["state"], made["proposed_by_side"]) == ("proposed", "customer")

    def test_take_no_signature_for_the_customer_from_us(self, api, customer, access):
        """promises.md G01: our accept signs for us; what was agreed outside stays marked as recorded."""
        made = api.post("indicators/", goal=str(make_goal(customer).public_id), **DAYS).json()
        place = f"indicators/{made['id']}/versions/1"
        fields = {"contact": str(access.contact.public_id), "agreed_on": "2026-02-01", "evidence": "Minutes"}
        for name in ("access", "side", "user", "provenance"):
            assert api.refused(f"{place}/accept/", **{name: "customer"}) == (400, [("unknown_field", name)])
        assert api.post(f"{place}/record-agreement/", **fields).json()["versions"][0]["provenance"] == "recorded"
        assert set(Agreement.objects.values_list("provenance", flat=True)) == {"recorded"}

    def test_name_what_cannot_be_agreed(self, api, customer):
        goal = str(make_goal(customer).public_id)
        for wrong, error in (
            ({"texts": {}}, ("invalid", "texts.non_field_errors")),
            ({"texts": {"fr": {"name": "x"}}}, ("unknown_field", "texts.fr")),
            ({"texts": {"de": {"name": "x", "hint": "y"}}}, ("unknown_field", "texts.de.hint")),
            ({"name": "x"}, ("read_only", "name")),
            ({"target": "20"}, ("invalid", "target")),
            ({"target": None}, ("invalid", "target")),
            ({"levels": ["bad", "good"]}, ("not_for_this_kind", "levels")),
            ({"kind": "qualitative"}, ("not_for_this_kind", "direction")),
            ({"path": "stepped"}, ("invalid", "path_points")),
            ({"path_points": [["2026-02-30", "0.5"]]}, ("invalid", "path_points.0")),
            ({"path_points": [["2026-02-03", "0.5"], "x"]}, ("invalid", "path_points.1")),
            ({"value_currency": "XXY"}, ("invalid", "value_currency")),
            ({"grace_days": "3"}, ("invalid", "grace_days")),
            ({"due_date": "2025-12-31"}, ("invalid", "due_date")),
        ):
            status, errors = api.refused("indicators/", **{"goal": goal, **DAYS, **wrong})
            assert (status, errors[0]) == (400, error), wrong
        assert Indicator.objects.count() == 0

    def test_of_levels_and_steps_are_stored_as_sent(self, api, customer):
        levels = {
            "texts": {"en": {"name": "Ease"}}, "kind": "qualitative", "levels": ["bad", "fair", "good"],
            "level_scores": ["0", "0.4", 1], "baseline": "0", "target": "2", "path": "stepped",
            "path_points": [["2026-06-30", "0.50"]], "due_date": "2026-12-31", "baseline_date": "2026-01-01",
        }  # fmt: skip
        made = api.post("indicators/", goal=str(make_goal(customer).public_id), **levels).json()["versions"][0]
        assert (made["levels"], made["level_scores"], made["path_points"]) == (
            ["bad", "fair", "good"], ["0", "0.4", "1"], [["2026-06-30", "0.5"]],
        )  # fmt: skip

    def test_get_their_next_version_redrafted_and_countered(self, api, portal, customer, access):
        indicator = make_indicator(make_goal(customer))
        place = f"indicators/{indicator.public_id}"
        assert len(api.post(f"{place}/versions/", **DAYS).json()["versions"]) == 2
        redrafted = api.send("put", f"{place}/versions/2/", **{**DAYS, "target": "5"}).json()["versions"][1]
        assert (redrafted["state"], redrafted["target"]) == ("draft", "5")
        assert api.send("put", f"{place}/versions/1/", **DAYS).status_code == 409
        assert portal.post(f"{place}/versions/2/accept/").status_code == 404  # a draft is ours alone
        api.post(f"{place}/versions/2/propose/", to=str(access.contact.public_id))
        countered = portal.post(f"{place}/versions/2/counter/", **{**DAYS, "target": "7"}, note="Too hard").json()
        assert [one["state"] for one in countered["versions"]] == ["agreed", "countered", "proposed"]
        assert (countered["versions"][2]["note"], countered["versions"][2]["target"]) == ("Too hard", "7")

    @pytest.mark.parametrize("number", [0, 2, 10**6, 10**30])
    def test_have_no_other_versions(self, api, customer, number):
        indicator = make_indicator(make_goal(customer))
        assert api.post(f"indicators/{indicator.public_id}/versions/{number}/accept/").status_code == 404


class TestMeasurements:
    def test_of_a_program_are_marked_and_wait_for_the_customer(self, api, customer):
        indicator = make_indicator(make_goal(customer))
        body = {"indicator": str(indicator.public_id), "date": "2026-11-01"}
        made = api.post("measurements/", **body, value=0.1).json()
        again = api.post("measurements/", **body, value="9.25").json()
        assert (made["value"], made["origin"], made["status"]) == ("0.1", "api", "unconfirmed")
        assert (again["id"], again["revision"], again["value"]) == (made["id"], 2, "9.25")

    def test_of_a_contact_are_confirmed_by_entering(self, portal, customer):
        indicator = make_indicator(make_goal(customer))
        made = portal.post("measurements/", indicator=str(indicator.public_id), date="2026-11-01", value=9).json()
        assert (made["origin"], made["status"]) == ("customer", "confirmed")

    def test_say_at_the_field_what_cannot_be(self, api, customer):
        body = {"indicator": str(make_indicator(make_goal(customer)).public_id), "date": "2026-11-01", "value": "1"}
        foreign = make_indicator(make_goal(make_customer(owner=make_user(Role.CSM))))
        for wrong, error in (
            ({"indicator": str(foreign.public_id)}, ("does_not_exist", "indicator")),
            ({"date": "2190-01-01"}, ("invalid", "date")), ({"date": "1990-01-01"}, ("invalid", "date")),
            ({"value": None}, ("invalid", "value")), ({"value": "NaN"}, ("invalid", "value")),
            ({"status": "confirmed"}, ("read_only", "status")),
            ({"level": "1"}, ("invalid", "level")), ({"value": "٣"}, ("invalid", "value")),
        ):  # fmt: skip
            assert api.refused("measurements/", **{**body, **wrong}) == (400, [error]), wrong
        assert not Measurement.objects.filter(indicator=foreign).exists()

    def test_are_disputed_with_a_reason_and_the_dispute_withdrawn(self, portal, customer):
        row = make_measurement(make_indicator(make_goal(customer)))
        place = f"measurements/{row.public_id}"
        assert portal.refused(f"{place}/dispute/") == (400, [("required", "reason")])
        assert portal.post(f"{place}/dispute/", reason="Wrong month").json()["status"] == "disputed"
        assert portal.refused(f"{place}/confirm/") == (409, [("disputed", None)])
        assert portal.post(f"{place}/withdraw-dispute/").json()["status"] == "unconfirmed"
        assert portal.post(f"{place}/confirm/").json()["status"] == "confirmed"
