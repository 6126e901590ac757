"""The language switch in every page's frame."""

import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_visitor_switches_the_browsers_language(client):
    User.objects.create_user("a@example.org", "x", role="admin")  # an empty installation shows its setup instead
    assert client.get("/language/").status_code in (302, 405)
    answer = client.post("/language/", {"language": "de", "next": "/accounts/login/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert client.cookies["cs_language"].value == "de"
    assert 'lang="de"' in client.get("/accounts/login/").content.decode()


def test_a_persons_choice_is_kept(client):
    user = User.objects.create_user("a@example.org", "x", role="viewer")
    client.force_login(user)
    client.post("/language/", {"language": "de", "next": "/"})
    user.refresh_from_db()
    assert user.language == "de"


@pytest.mark.parametrize("wrong", ["fr", "", "de\x00", "x" * 5000])
def test_an_unknown_language_changes_nothing(client, wrong):
    user = User.objects.create_user("a@example.org", "x", role="viewer")
    client.force_login(user)
    assert client.post("/language/", {"language": wrong, "next": "https://evil.example/"})["Location"] == "/"
    user.refresh_from_db()
    assert user.language == "en"
