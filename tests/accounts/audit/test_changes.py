"""What records keep of their changes, and how a page tells it."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import translation

from accounts.audit.models import AuditEntry, RecordChange
from accounts.audit.queries import history
from accounts.audit.services import record
from accounts.models import Contact, Customer, Role
from accounts.records.models import CustomField
from accounts.records.services import edit_customer, edit_record
from kvi.history import goal_history
from kvi.playbooks import services as follow_ups
from kvi.playbooks.history import follow_up_history
from kvi.services.goals import edit_goal
from tests.factories.accounts import make_contact, make_customer, make_team, make_user, make_user_group
from tests.factories.facts import make_subscription
from tests.factories.kvi import make_goal
from tests.factories.playbooks import make_follow_up

pytestmark = pytest.mark.django_db


def told(*targets):
    """Sentence and differences of each line, as a reader sees them."""
    return [
        (line.text, [(row.record, row.label, row.old, row.new) for row in line.differences])
        for line in history(*targets)
    ]


def test_a_change_stands_below_its_sentence_in_the_readers_words():
    anna, ben = make_user(Role.LEAD, name="Anna"), make_user(Role.CSM, name="Ben")
    CustomField.objects.create(subject="customer", key="tier", kind="text", label_en="Tier", label_de="Stufe")
    customer = make_customer(owner=anna, phase="onboarding")
    edit_customer(customer, by=anna, phase="retention", owner=ben, onboarding_start="2026-03-01", custom={"tier": "A"})
    assert told(customer) == [
        (
            "Anna changed the customer",
            [
                ("", "Journey phase", "Onboarding", "Retention"),
                ("", "Owner", "Anna", "Ben"),
                ("", "Start of the onboarding", "", "1 Mar 2026"),
                ("", "Tier", "", "A"),
            ],
        )
    ]
    type(ben).objects.filter(pk=ben.pk).update(is_active=False)
    with translation.override("de"):
        [(_text, rows)] = told(customer)
    assert rows[1:3] == [
        ("", "Zuständig", "Anna", "Ein ehemaliges Teammitglied"),
        ("", "Beginn des Onboardings", "", "01.03.2026"),
    ]


def test_a_page_of_several_records_names_each():
    anna = make_user(Role.LEAD, name="Anna")
    customer = make_customer(owner=anna)
    paid = make_subscription(customer, "2026-01-01", None, "1234.5", plan="Basic")
    edit_record(paid, by=anna, mrr="2000", is_trial=True)
    rows = [
        ("Subscription Basic", "Amount per month", "1,234.5", "2,000"),
        ("Subscription Basic", "Trial", "No", "Yes"),
    ]
    assert told(customer, customer.subscriptions.all()) == [("Anna changed: Subscription", rows)]
    assert told(paid) == [("Anna changed: Subscription", [("", *row[1:]) for row in rows])]


def test_of_a_person_nothing_is_kept_but_that_it_changed():
    anna = make_user(Role.LEAD, name="Anna")
    kim = make_contact(name="Kim Secret", email="kim@secret.example", role="user")
    other = make_user_group(kim.customer)
    edit_record(kim, by=anna, name="Kim Hidden", email="kim@hidden.example", role="champion", user_group=other)
    [line] = history(kim)
    assert [(row.label, row.is_kept, row.new) for row in line.differences] == [
        ("User group", True, str(other)),
        ("Name", False, ""),
        ("E-mail address", False, ""),
        ("Role", True, "Champion"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_recordchange c WHERE c::text ~* 'secret|hidden|kim'")
        assert cursor.fetchone() == (0,)


def test_a_person_is_called_as_today_and_a_former_one_by_no_name():
    anna = make_user(Role.LEAD, name="Anna")
    kim = make_contact(name="Kim")
    goal = make_goal(kim.customer)
    edit_goal(goal, by=anna, customer_owner=kim)
    assert [row.new for row in goal_history(goal)[0].differences] == ["Kim"]
    Contact.objects.filter(pk=kim.pk).update(is_active=False)
    assert [row.new for row in goal_history(goal)[0].differences] == ["A former contact"]


def test_raw_sql_is_told_too_and_an_update_that_changes_nothing_is_not():
    customer = make_customer(name="Old")
    Customer.objects.filter(pk=customer.pk).update(name="Old")
    assert not RecordChange.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_customer SET name = 'New' WHERE id = %s", [customer.pk])
    assert told(customer) == [("Changed in the database itself", [("", "Name", "Old", "New")])]


def test_what_one_entry_says_of_many_belongs_to_that_entry():
    anna, one, two = make_user(Role.LEAD, name="Anna"), make_customer(), make_customer()
    Customer.objects.filter(pk__in=[one.pk, two.pk]).update(segment="Mid")
    record("person.handed_over", by=anna, target=make_user(Role.CSM))
    handed_over = ("Anna handed over what belonged to a colleague", [("", "Segment", "", "Mid")])
    assert told(one) == told(two) == [handed_over]


def test_what_is_rolled_back_leaves_no_trace_and_what_is_kept_stays_as_it_is():
    customer = make_customer()
    undo = transaction.savepoint()
    Customer.objects.update(segment="Mid")
    transaction.savepoint_rollback(undo)
    assert not RecordChange.objects.exists()
    Customer.objects.update(segment="Mid")
    assert AuditEntry.objects.count() == 0
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        RecordChange.objects.update(target_id=0)
    assert RecordChange.objects.get().target_id == customer.pk


def test_of_a_conversation_no_words_are_kept():
    follow_up = make_follow_up()
    follow_ups.close_follow_up(follow_up, by=follow_up.owner, outcome="reached", note="Kim is ill")
    rows = follow_up_history(follow_up)[0].differences
    assert [(row.label, row.is_kept) for row in rows if not row.is_kept] == [("Note", False)]
    assert ("State", "Open", "Done") in [(row.label, row.old, row.new) for row in rows]


@pytest.mark.parametrize("count", [1, 30])
def test_as_many_queries_for_one_change_as_for_many(count, django_assert_num_queries):
    anna, customer = make_user(Role.LEAD, name="Anna"), make_customer()
    for number in range(count):
        paid = make_subscription(customer, "2026-01-01", None, number, plan=f"Plan {number}")
        edit_record(paid, by=anna, mrr=number + 1)
        edit_customer(customer, by=anna, owner=make_user(Role.CSM), segment=f"S{number}")
    with django_assert_num_queries(5):  # entries, changes, entries of changes, people, subscriptions
        lines = history(customer, customer.subscriptions.all(), limit=100)
    assert len(lines) == 2 * count


def test_the_record_s_page_tells_it_to_whoever_reads_the_record(client):
    team = make_team()
    owner, mate, stranger = make_user(Role.CSM, teams=(team,)), make_user(Role.CSM, teams=(team,)), make_user(Role.CSM)
    customer = make_customer(owner=owner)
    long = "A sentence that goes on. " * 20
    goal = make_goal(customer)
    edit_goal(goal, by=owner, description=long + "<b>end</b>")
    seen = {}
    for person in (owner, mate, stranger):
        client.force_login(person)
        seen[person] = client.get(goal.get_absolute_url())
    assert [seen[person].status_code for person in (owner, mate, stranger)] == [200, 200, 404]
    page = seen[mate].content.decode()
    assert "See all of it" in page
    assert "&lt;b&gt;end" in page
    assert "<b>end" not in page
    paid = make_subscription(customer, "2026-01-01", None, 1)
    edit_record(paid, by=owner, mrr=2)
    client.force_login(owner)
    page = client.get(reverse("records:edit", args=[customer.public_id, "subscriptions", paid.public_id]))
    assert [row.label for line in page.context["history"] for row in line.differences] == ["Amount per month"]
