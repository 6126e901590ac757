"""A loop is opened once per cause, belongs to somebody, and ends with what came of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Role
from accounts.staff.queries import holdings
from accounts.staff.services import hand_over
from kvi.playbooks import services
from kvi.playbooks.models import FollowUp
from kvi.playbooks.queries import work_items
from surveys.models import Response
from surveys.services import submit_answer
from surveys.signals import responses_submitted
from tests.factories.accounts import make_contact, make_customer, make_team, make_user
from tests.factories.facts import make_response, make_survey, set_workspace
from tests.factories.playbooks import make_follow_up
from tests.factories.surveys import make_asked, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def owner(team):
    return make_user(Role.CSM, teams=(team,))


@pytest.fixture
def mate(team):
    return make_user(Role.CSM, teams=(team,))


@pytest.fixture
def customer(owner):
    return make_customer(owner=owner, name="Nordwind")


@pytest.fixture
def answer(customer, django_capture_on_commit_callbacks):
    """Answer by the link; what hangs on the commit happens."""

    def submit(score, at=None):
        with django_capture_on_commit_callbacks(execute=True):
            asked = make_asked(customer=at or customer)
            return submit_answer(token_of(asked), score=score, comment="Canary", language="en")

    return submit


def verbs():
    return list(AuditEntry.objects.filter(verb__startswith="follow_up").order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize(("score", "opened"), [(0, 1), (6, 1), (7, 0), (8, 0), (9, 0), (10, 0)])
def test_an_unhappy_answer_opens_one_for_the_owner(answer, customer, owner, score, opened):
    response = answer(score)
    found = FollowUp.objects.values_list("customer", "source", "source_id", "owner", "due_at", "reason", "state")
    due = response.answered_at + timedelta(hours=24)
    expected = [(customer.pk, "response", response.public_id, owner.pk, due, "", "open")]
    assert list(found) == expected[:opened]
    assert verbs() == ["follow_up.opened"][:opened]


def test_one_follow_up_per_answer_however_often_it_is_announced(answer):
    response = answer(3)
    for _again in range(3):
        responses_submitted.send(Response, ids=[response.pk, response.pk])
    services.close_follow_up(FollowUp.objects.get(), outcome="reached", by=make_user(Role.LEAD))
    responses_submitted.send(Response, ids=[response.pk])
    assert FollowUp.objects.get().state == "done"
    twin = {"customer": response.customer, "source": "response", "source_id": response.public_id}
    with transaction.atomic(), pytest.raises(IntegrityError):
        FollowUp.objects.create(**twin, due_at=timezone.now())


def test_the_clock_of_an_answer_stands_still_on_days_without_work_where_the_workspace_says_so(answer, time_machine):
    time_machine.move_to(
        "2026-12-23T14:00:00Z"
    )  # Christmas Eve is worked on in Hamburg, the four days after it are not
    due = []
    for said in ({"holiday_region": "DE-HH"}, {"holiday_region": "DE-HH", "clocks_rest": True}):
        set_workspace(time_zone="Europe/Berlin", **said)
        answer(2)
        due.append(f"{FollowUp.objects.latest('pk').due_at:%Y-%m-%d %H:%M}")
        time_machine.move_to("2026-12-24T14:00:00Z")
    assert due == ["2026-12-24 14:00", "2026-12-28 14:00"]


def test_the_answer_stays_when_nothing_can_be_opened(answer, customer, monkeypatch, caplog):
    def fails(*_args, **_more):
        raise RuntimeError("out of order")

    monkeypatch.setattr("kvi.playbooks.receivers.follow_up_detractors", fails)
    answer(2)
    assert (Response.objects.count(), FollowUp.objects.count()) == (1, 0)
    assert "out of order" in caplog.text


def test_history_is_quiet(customer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        make_response(make_survey(), 1, f"{date.today()}", customer=customer)
    assert (callbacks, FollowUp.objects.count()) == ([], 0)


@pytest.mark.parametrize("fields", [{"is_test": True}, {"is_disqualified": True}, {"customer": None}])
def test_answers_that_do_not_count_open_nothing(customer, fields):
    response = make_response(make_survey(), 1, "2026-01-05", **{"customer": customer, **fields})
    assert services.follow_up_detractors([response.pk]) == 0


def test_anonymous_answers_open_nothing(customer):
    response = make_response(make_survey(anonymous=True), 1, "2026-01-05", customer=customer)
    assert services.follow_up_detractors([response.pk]) == 0


def test_the_company_of_an_answer_is_that_of_its_contact(customer):
    response = make_response(make_survey(), 1, "2026-01-05", contact=make_contact(customer))
    services.follow_up_detractors([response.pk])
    assert FollowUp.objects.get().customer == customer


@pytest.mark.parametrize("role", [None, Role.ANALYST, "inactive"])
def test_without_an_owner_who_may_act_it_waits_for_the_lead(answer, role):
    lead, admin = make_user(Role.LEAD), make_user(Role.ADMIN)
    owner = make_user(Role.CSM, is_active=False) if role == "inactive" else role and make_user(role)
    answer(1, at=make_customer(owner=make_user(Role.CSM)))
    orphan = FollowUp.objects.get().customer
    FollowUp.objects.all().delete()
    orphan.owner = owner
    orphan.save()
    services.follow_up_detractors(list(Response.objects.values_list("pk", flat=True)))
    assert FollowUp.objects.get().owner is None
    expected = 0 if role == Role.ANALYST else 1
    assert [len(work_items(user)) for user in (lead, admin)] == [expected, expected]


def test_today_shows_it_with_one_reason_a_clock_and_one_button(answer, owner, mate):
    answer(2)
    [item] = work_items(owner)
    follow_up = FollowUp.objects.get()
    assert (item.reason, item.customer_name, item.button, item.kind) == (
        "An unhappy answer: call back", "Nordwind", "Follow up", "follow_up",
    )  # fmt: skip
    assert (item.url, item.due) == (follow_up.get_absolute_url(), timezone.localdate(follow_up.due_at))
    others = [mate, make_user(Role.LEAD), make_user(Role.ANALYST), make_user(Role.VIEWER)]
    assert [work_items(user) for user in others] == [[], [], [], []]


def test_whoever_lost_the_customer_has_nothing_to_do_there(customer, owner):
    make_follow_up(customer)
    customer.owner = make_user(Role.CSM)
    customer.save()
    assert work_items(owner) == []


def test_assigning_moves_it_to_colleagues_who_look_after_the_customer(customer, owner, mate):
    follow_up = make_follow_up(customer)
    lead = make_user(Role.LEAD)
    services.assign_follow_up(follow_up, owner=mate, deputy=lead, by=owner)
    assert [len(work_items(user)) for user in (owner, mate, lead)] == [0, 1, 1]
    assert verbs() == ["follow_up.opened", "follow_up.assigned"]


@pytest.mark.parametrize("who", ["stranger", "viewer", "analyst", "inactive", "contact"])
def test_it_is_given_to_nobody_else(customer, owner, team, who):
    people = {
        "stranger": lambda: make_user(Role.CSM, teams=(make_team(),)),
        "viewer": lambda: make_user(Role.VIEWER), "analyst": lambda: make_user(Role.ANALYST),
        "inactive": lambda: make_user(Role.CSM, teams=(team,), is_active=False),
        "contact": lambda: make_user(Role.CONTACT),
    }  # fmt: skip
    follow_up, wrong = make_follow_up(customer), people[who]()
    with pytest.raises(ValidationError) as refused:
        services.assign_follow_up(follow_up, owner=wrong, deputy=None, by=owner)
    assert list(refused.value.message_dict) == ["owner"]
    with pytest.raises(ValidationError) as refused:
        services.assign_follow_up(follow_up, owner=owner, deputy=owner, by=owner)
    assert list(refused.value.message_dict) == ["deputy"]
    follow_up.refresh_from_db()
    assert (follow_up.owner, follow_up.deputy) == (owner, None)


def test_what_is_put_off_is_quiet_until_that_day(customer, owner, time_machine):
    follow_up = make_follow_up(customer)
    until = timezone.localdate() + timedelta(days=3)
    services.snooze_follow_up(follow_up, until=until, by=owner)
    assert work_items(owner) == []
    time_machine.move_to(timezone.now() + timedelta(days=4))
    assert len(work_items(owner)) == 1


@pytest.mark.parametrize("days", [-1, 0, 91, 40_000])
def test_it_is_not_put_off_to_another_day(customer, owner, days):
    with pytest.raises(ValidationError) as refused:
        services.snooze_follow_up(make_follow_up(customer), until=date.today() + timedelta(days=days), by=owner)
    assert list(refused.value.message_dict) == ["until"]


@pytest.mark.parametrize("outcome", ["reached", "not_reached", "no_action"])
def test_closing_says_what_came_of_it_and_reopening_takes_it_back(customer, owner, outcome):
    follow_up = make_follow_up(customer)
    closed = services.close_follow_up(follow_up, outcome=outcome, note=" All well ", by=owner)
    assert (closed.state, closed.outcome, closed.note, closed.closed_by) == ("done", outcome, "All well", owner)
    assert (work_items(owner), closed.is_open, closed.is_overdue) == ([], False, False)
    for act in (
        lambda: services.close_follow_up(follow_up, outcome="reached", by=owner),
        lambda: services.cancel_follow_up(follow_up, note="x", by=owner),
        lambda: services.snooze_follow_up(follow_up, until=date.today() + timedelta(days=2), by=owner),
        lambda: services.assign_follow_up(follow_up, owner=owner, deputy=None, by=owner),
    ):
        with pytest.raises(ValidationError, match="closed already"):
            act()
    again = services.reopen_follow_up(services.reopen_follow_up(follow_up, by=owner), by=owner)
    assert (again.state, again.outcome, again.note, again.closed_at, again.closed_by) == (
        "open", "", "All well", None, None,
    )  # fmt: skip
    assert verbs() == ["follow_up.opened", "follow_up.done", "follow_up.reopened"]


@pytest.mark.parametrize(
    ("outcome", "note", "field"), [("", "", "outcome"), ("x", "", "outcome"), ("other", "  ", "note")]
)
def test_an_end_without_what_came_of_it_is_refused(customer, owner, outcome, note, field):
    follow_up = make_follow_up(customer)
    with pytest.raises(ValidationError) as refused:
        services.close_follow_up(follow_up, outcome=outcome, note=note, by=owner)
    assert list(refused.value.message_dict) == [field]
    with pytest.raises(ValidationError):
        services.cancel_follow_up(follow_up, note=" ", by=owner)
    assert services.cancel_follow_up(follow_up, note="Twice", by=owner).state == "cancelled"


def test_the_audit_holds_ids_and_no_words(customer, owner):
    services.cancel_follow_up(make_follow_up(customer, reason="Call Kim Canary"), note="Canary", by=owner)
    assert "Canary" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


@pytest.mark.parametrize("days", [-3, 800])
def test_by_hand_the_moment_lies_ahead(customer, days):
    with pytest.raises(ValidationError) as refused:
        services.open_follow_up(
            customer,
            source="hand",
            source_id=uuid4(),
            reason="x",
            due_at=timezone.now() + timedelta(days=days),
            by=None,
        )
    assert list(refused.value.message_dict) == ["due"]


def test_the_key_of_somebody_elses_form_finds_nothing(customer):
    theirs = make_follow_up()
    with pytest.raises(ValidationError, match="used before"):
        make_follow_up(customer, source_id=theirs.source_id)


def test_what_nobody_announced_is_opened_by_the_sweep(customer, owner):
    asked = make_asked(customer=customer)
    response = submit_answer(token_of(asked), score=4, comment="", language="en")
    assert FollowUp.objects.count() == 0  # the worker died after the commit
    assert [services.open_missing(), services.open_missing()] == [1, 0]
    assert FollowUp.objects.values_list("source_id", "owner").get() == (response.public_id, owner.pk)


def test_the_sweep_leaves_history_and_what_is_long_ago_alone(customer, time_machine):
    asked = make_asked(customer=customer)
    make_response(make_survey(), 1, f"{date.today()}", customer=customer, invitation=asked)
    submit_answer(token_of(make_asked(customer=customer)), score=9, comment="", language="en")
    submit_answer(token_of(make_asked(customer=customer)), score=2, comment="", language="en")
    time_machine.move_to(timezone.now() + timedelta(days=15))
    assert services.open_missing() == 0


def test_toggling_answers_is_no_storm(client, customer, django_capture_on_commit_callbacks):
    """promises.md G04."""
    asked = make_asked(customer=customer)
    with django_capture_on_commit_callbacks(execute=True):
        for score in (3, 10, 2, 0):
            client.post(f"/s/{token_of(asked)}/", {"score": score})
    assert (FollowUp.objects.count(), Response.objects.get().score) == (1, 3)


def test_a_hand_over_moves_what_is_open(customer, owner, mate):
    admin = make_user(Role.ADMIN)
    theirs, elsewhere = make_follow_up(customer, deputy=mate), make_customer(owner=mate)
    guest = make_follow_up(elsewhere, owner=mate, deputy=owner)
    done = services.close_follow_up(make_follow_up(customer), outcome="reached", by=owner)
    assert [(str(one.label), one.count) for one in holdings(owner)][1:] == [
        ("Open follow-ups", 1), ("Open follow-ups as deputy", 1)
    ]  # fmt: skip
    hand_over(owner, to=[mate], customers={customer.pk: mate}, by=admin)
    rows = [FollowUp.objects.values_list("owner", "deputy").get(pk=row.pk) for row in (theirs, guest, done)]
    assert rows == [(mate.pk, None), (mate.pk, None), (owner.pk, None)]


def test_a_hand_over_gives_nothing_to_somebody_who_cannot_see_it(customer, owner, mate):
    guest = make_follow_up(customer, owner=mate)
    hand_over(mate, to=[make_user(Role.CSM)], customers={}, by=make_user(Role.ADMIN))
    guest.refresh_from_db()
    assert (guest.owner, len(work_items(owner))) == (None, 1)
