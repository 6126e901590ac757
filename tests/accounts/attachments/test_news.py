"""What a contact finds new: what was shared with them, lately, and still is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.attachments.models import Attachment
from accounts.attachments.news import portal_news
from accounts.attachments.services import add_attachments, archive_attachment
from accounts.comments.queries import thread_of
from accounts.comments.services import add_comment
from accounts.models import Role
from tests.factories.accounts import act_as_contact, make_contact, make_customer, make_portal_access, make_user
from tests.factories.files import upload
from tests.factories.kvi import make_goal, make_indicator

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    owner = make_user(Role.CSM, name="Ada Berg")
    customer = make_customer(owner=owner)
    goal = make_indicator(make_goal(customer, name="Faster invoices")).goal
    return owner, goal, make_portal_access(make_contact(customer))


def say(record, by, access=None, **fields):
    return add_comment(thread_of(record, by, access), key=uuid4(), text="Hello", by=by, **fields)


def add(record, by, name, **fields):
    return add_attachments(thread_of(record, by), [upload(name)], key=uuid4(), by=by, **fields)[0]


def test_what_was_shared_lately_is_new_and_nothing_else(client, world):
    owner, goal, access = world
    say(goal, owner, shared=True)
    add(goal, owner, "plan.txt", shared=True)
    say(goal, owner)
    add(goal, owner, "inside.txt")
    say(goal, access.user, access)
    say(make_goal(goal.customer), owner, shared=True)  # a goal that is not shown yet
    archive_attachment(add(goal, owner, "archived.txt", shared=True), by=owner)
    old = add(goal, owner, "old.txt", shared=True)
    Attachment.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    page = reverse("kvi:portal_goal", args=[goal.public_id])
    assert [(one.text, one.title, one.url) for one in portal_news(access)] == [
        ("Ada Berg added the file plan.txt", "Faster invoices", f"{page}#files"),
        ("Ada Berg wrote a comment", "Faster invoices", f"{page}#comments"),
    ]
    foreign = make_portal_access(make_contact(make_customer()))
    assert portal_news(foreign) == []
    for who, shown in ((access, True), (foreign, False)):
        act_as_contact(client, who)
        assert ("New for you" in client.get(reverse("dashboards:portal_home")).content.decode()) == shown


def test_many_news_ask_as_little_as_one_and_the_newest_are_shown(world, django_assert_num_queries):
    owner, goal, access = world
    goals = [goal, *(make_indicator(make_goal(goal.customer)).goal for _each in range(9))]
    found = []
    for several in (goals[:1], goals[1:]):
        for one in several:
            say(one, owner, shared=True)
        with django_assert_num_queries(3):
            found.append(len(portal_news(access)))
    assert found == [1, 8]
