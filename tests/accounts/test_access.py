"""The gate: which customers exist for whom, and who may change them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.access import customers_for, may_export, may_write, sees_whole_portfolio, writable_customers_for
from accounts.models import Role
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """An owner with a colleague in one team, a stranger in another; customers of each, and one of nobody."""
    ours, theirs = make_team(), make_team()
    people = {
        "owner": make_user(Role.CSM, teams=(ours,)),
        "colleague": make_user(Role.CSM, teams=(ours,)),
        "stranger": make_user(Role.CSM, teams=(theirs,)),
        "loner": make_user(Role.CSM),
        **{role: make_user(role) for role in (Role.ADMIN, Role.LEAD, Role.ANALYST, Role.VIEWER)},
    }
    customers = {
        "owned": make_customer(owner=people["owner"]),
        "foreign": make_customer(owner=people["stranger"]),
        "lonely": make_customer(owner=people["loner"]),
        "unowned": make_customer(),
    }
    people["contact"] = make_portal_access(make_contact(customers["owned"])).user
    return people, customers


def names_of(found, customers):
    return {name for name, customer in customers.items() if customer in set(found)}


EVERYTHING = {"owned", "foreign", "lonely", "unowned"}


@pytest.mark.parametrize(
    ("who", "seen", "written"),
    [
        (Role.ADMIN, EVERYTHING, EVERYTHING),
        (Role.LEAD, EVERYTHING, EVERYTHING),
        (Role.ANALYST, EVERYTHING, set()),
        (Role.VIEWER, EVERYTHING, set()),
        ("owner", {"owned"}, {"owned"}),
        ("colleague", {"owned"}, set()),
        ("stranger", {"foreign"}, {"foreign"}),
        ("loner", {"lonely"}, {"lonely"}),
        ("contact", {"owned"}, set()),
    ],
)
def test_what_each_role_sees_and_changes(world, who, seen, written):
    people, customers = world
    user = people[who]
    assert names_of(customers_for(user), customers) == seen
    assert names_of(writable_customers_for(user), customers) == written
    assert {name for name, customer in customers.items() if may_write(user, customer)} == written


@pytest.mark.parametrize("who", [Role.ADMIN, "owner", "contact"])
def test_a_deactivated_person_sees_nothing(world, who):
    people, _customers = world
    people[who].is_active = False
    assert not customers_for(people[who]).exists()
    assert not writable_customers_for(people[who]).exists()
    assert not sees_whole_portfolio(people[who])
    assert not may_export(people[who])


def test_strangers_see_nothing(world):
    assert not customers_for(AnonymousUser()).exists()
    assert not writable_customers_for(AnonymousUser()).exists()


def test_a_customer_appears_once_for_colleagues_who_share_two_teams():
    teams = (make_team(), make_team())
    owner, colleague = make_user(Role.CSM, teams=teams), make_user(Role.CSM, teams=teams)
    customer = make_customer(owner=owner)
    assert list(customers_for(colleague)) == [customer]
    assert list(customers_for(owner)) == [customer]


def test_a_customer_moves_with_its_owner(world):
    people, customers = world
    customers["owned"].owner = people["stranger"]
    customers["owned"].save()
    assert names_of(customers_for(people["owner"]), customers) == set()
    assert names_of(customers_for(people["stranger"]), customers) == {"owned", "foreign"}


@pytest.mark.parametrize("who", ["owner", "contact", Role.ADMIN])
def test_the_gate_is_one_query(world, who, django_assert_num_queries):
    people, _customers = world
    with django_assert_num_queries(1):
        list(customers_for(people[who]))


def test_who_exports(world):
    people, _customers = world
    assert {who for who, user in people.items() if may_export(user)} == {
        Role.ADMIN, Role.LEAD, Role.ANALYST, "owner", "colleague", "stranger", "loner",
    }  # fmt: skip
