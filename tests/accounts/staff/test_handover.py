"""Handing over what a person holds: all of it, in one step, to people who may write."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import Customer, Role
from accounts.rest.services import live_tokens
from accounts.staff import queries, services
from kvi.models import Goal, Indicator
from reports.models import ReportState, ValueReport
from tests.factories.accounts import make_customer, make_portal_access, make_user
from tests.factories.rest import make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user(Role.ADMIN)


@pytest.fixture
def leaver():
    return make_user(Role.CSM, name="Leaver")


def holding(person, name, owner=None):
    """A customer with a goal, an indicator and a draft of the person."""
    customer = make_customer(name=name, owner=owner or person)
    goal = Goal.objects.create(customer=customer, name=f"Goal of {name}", start_date=date(2026, 1, 1), owner=person)
    Indicator.objects.create(goal=goal, owner=person)
    for number, state in enumerate((ReportState.DRAFT, ReportState.ISSUED)):
        ValueReport.objects.create(
            customer=customer, period_start=date(2026, 1 + number, 1), period_end=date(2026, 4 + number, 1),
            language="en", created_by=person, state=state,
        )  # fmt: skip
    return customer


def owners(customer):
    customer.refresh_from_db()
    goal = customer.goals.get()
    report = customer.value_reports.get(state=ReportState.DRAFT)
    return {customer.owner, goal.owner, goal.indicators.get().owner, report.created_by}


def test_everything_follows_its_customer_and_the_rest_goes_to_the_first(admin, leaver):
    ada, bo = make_user(Role.CSM), make_user(Role.LEAD)
    alpha, beta = holding(leaver, "Alpha"), holding(leaver, "Beta")
    foreign = holding(leaver, "Gamma", owner=bo)

    moved = services.hand_over(leaver, to=[ada, bo], customers={alpha.pk: ada, beta.pk: bo}, by=admin)

    assert (moved, owners(alpha), owners(beta), owners(foreign)) == (11, {ada}, {bo}, {ada, bo})
    assert queries.holdings(leaver) == []
    assert set(ValueReport.objects.filter(state=ReportState.ISSUED).values_list("created_by", flat=True)) == {leaver.pk}
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.target_id) == ("person.handed_over", admin, str(leaver.pk))
    assert entry.details["given"][str(bo.pk)]["customers"] == [beta.pk]


def test_it_can_end_with_deactivation_in_the_same_step(admin, leaver):
    services.hand_over(leaver, to=[admin], customers={}, by=admin, then_deactivate=True)
    leaver.refresh_from_db()
    assert not leaver.is_active


def test_when_deactivation_is_refused_nothing_was_handed_over(admin):
    customer = holding(admin, "Alpha")
    other = make_user(Role.CSM)
    with pytest.raises(ValidationError):
        services.hand_over(admin, to=[other], customers={customer.pk: other}, by=admin, then_deactivate=True)
    assert owners(customer) == {admin}


def test_nobody_without_the_right_to_write_receives(admin, leaver):
    customer = holding(leaver, "Alpha")
    refused = [
        make_user(Role.VIEWER), make_user(Role.ANALYST), make_user(Role.CSM, is_active=False), leaver,
        make_portal_access().user,
    ]  # fmt: skip
    for receiver in refused:
        for to, share in (([receiver], admin), ([admin], receiver)):
            with pytest.raises(ValidationError) as error:
                services.hand_over(leaver, to=to, customers={customer.pk: share}, by=admin)
            assert error.value.code == "receiver"
    with pytest.raises(ValidationError):
        services.hand_over(leaver, to=[], customers={}, by=admin)
    assert owners(customer) == {leaver}


def test_a_preview_that_is_no_longer_true_changes_nothing(admin, leaver):
    alpha = holding(leaver, "Alpha")
    ada = make_user(Role.CSM)
    holding(leaver, "Beta")
    with pytest.raises(ValidationError) as error:
        services.hand_over(leaver, to=[ada], customers={alpha.pk: ada}, by=admin)
    assert (error.value.code, owners(alpha)) == ("changed", {leaver})


@pytest.mark.parametrize("role", [Role.LEAD, Role.CSM, Role.ANALYST, Role.VIEWER])
def test_only_an_administrator_hands_over(role, leaver):
    with pytest.raises(PermissionDenied):
        services.hand_over(leaver, to=[make_user(Role.CSM)], customers={}, by=make_user(role))


def test_the_preview_shows_counts_and_names_and_changes_nothing(client, admin, leaver):
    ada, bo = make_user(Role.CSM, name="Ada"), make_user(Role.CSM, name="Bo")
    customers = [holding(leaver, name) for name in ("Alpha", "Beta", "Gamma")]
    client.force_login(admin)
    page = client.get(reverse("person_hand_over", args=[leaver.public_id]), {"to": [ada.public_id, bo.public_id]})
    shown = {str(item.label): (item.count, item.first) for item in page.context["holdings"]}
    assert shown["Customers"] == (3, ["Alpha", "Beta", "Gamma"])
    assert shown["Indicators"][1][0] == "Goal of Alpha (Alpha)"
    assert {name: count for name, (count, _first) in shown.items()} == {
        "Customers": 3, "Goals": 3, "Indicators": 3, "Reports in preparation": 3,
    }  # fmt: skip
    dealt = [field.initial for field in page.context["form"].customer_fields()]
    assert dealt == [str(ada.public_id), str(bo.public_id), str(ada.public_id)]
    assert all(owners(customer) == {leaver} for customer in customers)


def test_the_page_hands_over_as_chosen(client, admin, leaver):
    ada, bo = make_user(Role.CSM), make_user(Role.CSM)
    alpha, beta = holding(leaver, "Alpha"), holding(leaver, "Beta")
    client.force_login(admin)
    form = {"to": [ada.public_id, bo.public_id], "then_deactivate": "on"}
    form |= {str(alpha.public_id): bo.public_id, str(beta.public_id): bo.public_id}
    client.post(reverse("person_hand_over", args=[leaver.public_id]), form)
    leaver.refresh_from_db()
    assert (owners(alpha), owners(beta), leaver.is_active) == ({bo}, {bo}, False)


def test_tokens_are_told_in_the_preview_and_end_with_the_person(client, admin, leaver):
    make_token(leaver)
    client.force_login(admin)
    address, ada = reverse("person_hand_over", args=[leaver.public_id]), make_user(Role.CSM)
    assert "1 API token acts for this person." in client.get(address, {"to": ada.public_id}).content.decode()
    client.post(address, {"to": ada.public_id})
    assert live_tokens(leaver).count() == 1
    client.post(address, {"to": ada.public_id, "then_deactivate": "on"})
    assert (live_tokens(leaver).count(), live_tokens(ada).count()) == (0, 0)


@pytest.mark.parametrize("to", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_receiver_is_said_at_the_field(client, admin, leaver, to):
    client.force_login(admin)
    address = reverse("person_hand_over", args=[leaver.public_id])
    for answer in (client.get(address, {"to": to}), client.post(address, {"to": to})):
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["to"])


def test_a_customer_that_is_not_chosen_for_anybody_is_not_handed_over(client, admin, leaver):
    ada, stranger = make_user(Role.CSM), make_user(Role.CSM)
    alpha = holding(leaver, "Alpha")
    client.force_login(admin)
    for chosen in ({}, {str(alpha.public_id): stranger.public_id}):
        answer = client.post(reverse("person_hand_over", args=[leaver.public_id]), {"to": ada.public_id, **chosen})
        assert (answer.status_code, Customer.objects.get(pk=alpha.pk).owner) == (422, leaver)


@pytest.mark.parametrize("number", [1, 30])
def test_the_preview_asks_a_constant_number_of_queries(client, admin, leaver, django_assert_max_num_queries, number):
    for place in range(number):
        holding(leaver, f"Customer {place}")
    client.force_login(admin)
    with django_assert_max_num_queries(29):
        client.get(reverse("person_hand_over", args=[leaver.public_id]), {"to": admin.public_id})
