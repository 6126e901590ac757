"""Goals and indicators on pages: the walk of both sides, forms that arrive twice, bad input, query counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Role
from accounts.outbox.models import OutboxMail
from cs_portal.kit.fields import NumberField, plain_number
from kvi import services
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement
from kvi.scorecard import forget
from kvi.standing import portal_goals, portal_items
from tests.factories.accounts import act_as_contact, make_contact, make_customer, make_portal_access, make_user
from tests.factories.kvi import DEFINITION, make_goal, make_indicator, make_measurement

pytestmark = pytest.mark.django_db
TODAY = date.today()
FORM = {
    "name_en": "Handling time", "name_de": "Bearbeitungszeit", "kind": "quantitative", "direction": "decrease",
    "unit": "min", "baseline": "12", "target": "6", "cadence": "monthly", "path": "linear", "weight": "1",
}  # fmt: skip
GOAL = {
    "name": "Faster invoices", "scope": "collective", "start_date": "2026-01-01", "weight": "1",
    "review_cadence": "quarterly",
}  # fmt: skip


@pytest.fixture
def csm():
    return make_user(Role.CSM, language="en")


@pytest.fixture
def access(csm):
    return make_portal_access(make_contact(make_customer(owner=csm, language="en"), language="en"))


@pytest.fixture
def customer(access):
    return access.contact.customer


@pytest.fixture
def staff(client, csm):
    client.force_login(csm)
    return client


@pytest.fixture
def portal(client_class, access):
    browser = client_class()
    act_as_contact(browser, access)
    return browser


@pytest.fixture
def client_class(client):
    return type(client)


def text(response):
    return response.content.decode()


def test_from_goal_to_a_disputed_value(staff, portal, customer, access):
    staff.post(reverse("kvi:goal_new", args=[customer.public_id]), GOAL)
    goal = Goal.objects.get()
    staff.post(reverse("kvi:indicator_new", args=[goal.public_id]), FORM)
    indicator = Indicator.objects.get()
    staff.post(reverse("kvi:propose", args=[indicator.public_id, 1]), {"to": access.contact.public_id})
    page = text(portal.get(reverse("kvi:portal_indicator", args=[indicator.public_id])))
    assert "This is proposed to you" in page
    assert "Accept and sign" in page
    portal.post(reverse("kvi:portal_version_act", args=[indicator.public_id, 1, "accept"]))
    staff.post(reverse("kvi:measure", args=[indicator.public_id]), {"day": TODAY.isoformat(), "value": "9.5"})
    row = Measurement.objects.get()
    assert (row.value, row.status) == (Decimal("9.5"), "unconfirmed")
    act = [indicator.public_id, row.public_id, "dispute"]
    portal.post(reverse("kvi:portal_measurement_act", args=act), {"reason": "<b>wrong</b>"})
    page = text(staff.get(reverse("kvi:indicator", args=[indicator.public_id])))
    assert "&lt;b&gt;wrong&lt;/b&gt;" in page
    goal.refresh_from_db()
    assert goal.state == "agreed"


def test_forms_that_arrive_twice_are_stored_once(staff, portal, customer):
    for _twice in range(2):
        staff.post(reverse("kvi:goal_new", args=[customer.public_id]), GOAL)
    goal = Goal.objects.get()
    answers = [staff.post(reverse("kvi:indicator_new", args=[goal.public_id]), FORM) for _twice in range(2)]
    assert answers[0].url == answers[1].url == Indicator.objects.get().get_absolute_url()
    agreed = make_indicator(make_goal(customer))
    url = reverse("kvi:portal_propose", args=[agreed.goal.public_id])
    answers = [portal.post(url, FORM | {"name_en": "Other"}) for _twice in range(2)]
    assert answers[0].url == answers[1].url
    assert IndicatorVersion.objects.filter(state="proposed").count() == 1
    measured = {"day": TODAY.isoformat(), "value": "9"}
    for _twice in range(2):
        portal.post(reverse("kvi:portal_measure", args=[agreed.public_id]), measured)
    assert Measurement.objects.get().revision == 1


def test_a_second_acceptance_lands_on_the_page_with_a_notice(portal, csm, access, customer):
    version = services.draft_version(make_goal(customer), by=csm, **DEFINITION)
    services.propose_version(version, by=csm, to=access.contact)
    url = reverse("kvi:portal_version_act", args=[version.indicator.public_id, 1, "accept"])
    answers = [portal.post(url, follow=True) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "not possible any more" in text(answers[1])
    assert version.agreements.count() == 2


def test_a_contact_without_portal_access_is_refused_at_the_field(staff, csm, customer):
    version = services.draft_version(make_goal(customer), by=csm, **DEFINITION)
    url = reverse("kvi:propose", args=[version.indicator.public_id, 1])
    page = text(staff.post(url, {"to": make_contact(customer).public_id}))
    assert "Invite them on the customer&#x27;s page first" in page
    page = text(staff.post(url, {"to": make_contact().public_id}))
    assert "Select a valid choice" in page
    version.refresh_from_db()
    assert (version.state, OutboxMail.objects.count()) == ("draft", 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": "12"}, "The target equals the baseline"),
        ({"target": "13"}, "in the other direction"),
        ({"target": "1e5000"}, "digits"),
        ({"target": "NaN"}, "Enter a number"),
        ({"name_en": "x" * 256}, "at most 255"),
        ({"name_en": "a\x00b"}, "Null characters"),
        ({"valid_from": "9999-12-31"}, "between 1970 and 2199"),
        ({"value_currency": "XXX1"}, "at most 3"),
    ],
)
def test_a_definition_without_sense_says_so_and_stores_nothing(staff, customer, change, said):
    answer = staff.post(reverse("kvi:indicator_new", args=[make_goal(customer).public_id]), FORM | change)
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert not Indicator.objects.exists()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "x"])
def test_a_goal_starts_on_a_day_one_can_plan_with(staff, customer, day):
    answer = staff.post(reverse("kvi:goal_new", args=[customer.public_id]), GOAL | {"start_date": day})
    assert answer.status_code == 422
    assert not Goal.objects.exists()


def test_a_retired_goal_cannot_start_after_its_end(staff, customer, csm):
    goal = services.retire_goal(make_goal(customer), by=csm, note="done")
    late = (TODAY + timedelta(days=3)).isoformat()
    answer = staff.post(reverse("kvi:goal_edit", args=[goal.public_id]), GOAL | {"start_date": late})
    assert (answer.status_code, "retired before this day" in text(answer)) == (422, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"day": (TODAY + timedelta(days=1)).isoformat(), "value": "1"}, "lies in the future"),
        ({"day": TODAY.isoformat(), "value": ""}, "Please enter a number"),
        ({"day": TODAY.isoformat(), "value": "many"}, "Enter a number"),
        ({"day": TODAY.isoformat(), "value": "1", "comment": "x" * 10_001}, "at most 10000"),
    ],
)
def test_a_value_without_sense_says_so_and_stores_nothing(staff, portal, customer, data, said):
    indicator = make_indicator(make_goal(customer))
    for browser, name in ((staff, "kvi:measure"), (portal, "kvi:portal_measure")):
        answer = browser.post(reverse(name, args=[indicator.public_id]), data)
        assert (answer.status_code, said in text(answer)) == (422, True)
    assert not Measurement.objects.exists()


def test_a_level_outside_the_rubric_is_no_choice(portal, customer):
    indicator = make_indicator(
        make_goal(customer), kind="qualitative", direction="", levels=["low", "high"], baseline=None, target=None
    )
    url = reverse("kvi:portal_measure", args=[indicator.public_id])
    assert portal.post(url, {"day": TODAY.isoformat(), "level": "2"}).status_code == 422
    assert not Measurement.objects.exists()
    portal.post(url, {"day": TODAY.isoformat(), "level": "1"})
    assert Measurement.objects.get().level == 1


@pytest.mark.parametrize(
    ("written", "language", "meant"),
    [
        ("1.234,56", "de", "1234.56"), ("1,234.56", "en", "1234.56"), ("9,5", "de", "9.5"), ("9.5", "de", "9.5"),
        ("9,5", "en", "9.5"), ("1.234", "de", "1234"), ("1.234", "en", "1.234"), ("1,234", "en", "1234"),
        ("1,234", "de", "1.234"), ("0.125", "de", "0.125"), ("-1.234.567,8", "de", "-1234567.8"), ("12", "de", "12"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_the_language_writes_them(written, language, meant):
    assert plain_number(written, language) == meant
    with override(language):
        assert NumberField().clean(written) == Decimal(meant)
        assert NumberField().clean(NumberField().prepare_value(Decimal(meant))) == Decimal(meant)


def test_a_draft_stays_with_us_also_beside_an_older_proposal(portal, csm, access, customer):
    version = services.draft_version(make_goal(customer), by=csm, **DEFINITION)
    version = services.propose_version(version, by=csm, to=access.contact)
    services.decline_version(version, by=access.user, access=access, note="no")
    secret = DEFINITION | {"name": "Secret", "texts": {"en": {"name": "Secret plan"}}}
    services.draft_version(version.indicator.goal, by=csm, indicator=version.indicator, **secret)
    ((_goal, standings, _reading),) = portal_goals(access)["goal_rows"]
    assert [standing.version.number for standing in standings] == [1]
    assert portal_items(access) == []
    for url in (
        reverse("dashboards:portal_home"),
        reverse("kvi:portal_goal", args=[version.indicator.goal.public_id]),
        reverse("kvi:portal_indicator", args=[version.indicator.public_id]),
    ):
        page = text(portal.get(url))
        assert "Secret" not in page
        assert "Handling time" in page or "portal/\n" in url or url.endswith("/portal/")


def test_a_contact_who_may_only_read_sees_no_buttons_and_writes_nothing(client, csm, customer):
    reader = make_portal_access(make_contact(customer), role="user")
    act_as_contact(client, reader)
    indicator = make_indicator(make_goal(customer))
    make_measurement(indicator)
    page = text(client.get(reverse("kvi:portal_indicator", args=[indicator.public_id])))
    assert 'action="/portal/' not in page
    url = reverse("kvi:portal_measure", args=[indicator.public_id])
    assert client.post(url, {"day": TODAY.isoformat(), "value": "1"}).status_code == 403
    assert Measurement.objects.count() == 1


def test_our_answer_reaches_the_sponsor_who_proposed(csm, access, customer):
    version = services.propose_indicator(make_goal(customer), by=access.user, access=access, **DEFINITION)
    services.accept_version(version, by=csm)
    mails = OutboxMail.objects.order_by("pk").values_list("template", "contact", "user")
    assert list(mails) == [("notification", None, csm.pk), ("kvi-answered", access.contact.pk, None)]


def test_our_counter_to_a_champions_proposal_goes_to_a_sponsor(csm, access, customer):
    champion = make_portal_access(make_contact(customer), role="champion")
    version = services.propose_indicator(make_goal(customer), by=champion.user, access=champion, **DEFINITION)
    counter = services.counter_version(version, by=csm, **DEFINITION | {"target": 5})
    assert counter.proposed_to == access.contact


def test_the_list_is_filtered_by_the_address_and_exported_without_formulas(staff, customer):
    off = make_indicator(make_goal(customer, name="=1+1"))
    make_measurement(off, value=12, date=TODAY)
    customer.segment = "Mid"
    customer.save()
    page = staff.get(reverse("kvi:goals"), {"segment": "Mid"})
    assert "Handling time" in text(page)
    assert "Handling time" not in text(staff.get(reverse("kvi:goals"), {"segment": "Other"}))
    assert "Handling time" not in text(staff.get(reverse("kvi:goals"), {"state": "disputed"}))
    file = text(staff.get(reverse("kvi:goals_csv"), {"segment": "Mid"}))
    assert "'=1+1" in file
    assert staff.get(reverse("kvi:goals"), {"owner": "x", "page": "-1", "segment": "\x00"}).status_code == 200


def test_pages_speak_german(staff, csm, customer):
    csm.language = "de"
    csm.save()
    indicator = make_indicator(make_goal(customer))
    assert "Bearbeitungszeit" in text(staff.get(reverse("kvi:indicator", args=[indicator.public_id])))
    assert "Ziele" in text(staff.get(reverse("kvi:goals")))


def test_the_latest_measurements_are_shown_and_all_of_them_on_request(staff, portal, customer, csm):
    indicator = make_indicator(make_goal(customer))
    for back in range(15):
        make_measurement(indicator, date=TODAY - timedelta(days=back), value=back, entered_by=csm)
    for browser, name in ((staff, "kvi:indicator"), (portal, "kvi:portal_indicator")):
        url = reverse(name, args=[indicator.public_id])
        first, all_of_them = browser.get(url), browser.get(url, {"all": "1"})
        assert [row.value for row, _text in first.context["measurements"]] == list(range(12))
        assert "Show 3 earlier ones" in text(first)
        assert [row.value for row, _text in all_of_them.context["measurements"]] == list(range(15))
        assert "earlier one" not in text(all_of_them)
        assert str(csm) in text(first)


def test_a_waiting_proposal_says_before_whom_it_lies_and_is_sent_again_on_request(staff, csm, access, customer):
    version = services.draft_version(make_goal(customer), by=csm, **DEFINITION)
    services.propose_version(version, by=csm, to=access.contact)
    url = reverse("kvi:indicator", args=[version.indicator.public_id])
    page = text(staff.get(url))
    assert f"Proposed to {access.contact} on " in page
    assert "Send the mail again" not in page
    IndicatorVersion.objects.update(proposed_at=timezone.now() - timedelta(days=2))
    assert "Send the mail again" in text(staff.get(url))
    again = reverse("kvi:version_act", args=[version.indicator.public_id, version.number, "remind"])
    assert [said in text(staff.post(again, follow=True)) for said in ("is sent again", "less than a day ago")] == [
        True, True,
    ]  # fmt: skip
    assert OutboxMail.objects.filter(template="kvi-proposed").count() == 2


def test_a_minus_sign_is_read_like_a_hyphen():
    assert NumberField().clean("−1.5") == Decimal("-1.5")


LISTS = ("kvi:goals", "kvi:goals_csv", "goal", "portal goal", "portal home")


@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_the_database_as_often_for_thirty_rows_as_for_one(
    staff, portal, customer, name, django_assert_num_queries, django_assert_max_num_queries
):
    goal = make_goal(customer)

    def add():
        make_measurement(make_indicator(goal), date=TODAY)

    def ask():
        browser, url = {
            "goal": (staff, reverse("kvi:goal", args=[goal.public_id])),
            "portal goal": (portal, reverse("kvi:portal_goal", args=[goal.public_id])),
            "portal home": (portal, reverse("dashboards:portal_home")),
        }.get(name) or (staff, reverse(name))
        forget()
        assert browser.get(url).status_code == 200

    add()
    ask()
    with django_assert_max_num_queries(60) as few:
        ask()
    for _more in range(29):
        add()
    with django_assert_num_queries(len(few)):
        ask()
