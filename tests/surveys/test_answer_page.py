"""The page behind a secret link: reading stores nothing, one answer is stored, all else is refused kindly."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Contact, Customer, Role
from accounts.services import workspace
from cs_portal.kit.logs import MaskSecrets
from surveys.models import Invitation, Response, Wave
from surveys.queries.asking import open_invitations
from surveys.services import renew_link, withdraw_wave
from tests.factories.accounts import make_contact, make_customer, make_user
from tests.factories.surveys import link, make_asked, make_wave, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    workspace()
    owner = make_user(Role.CSM, name="Ada Berg")
    customer = make_customer(owner=owner)
    return make_asked(customer=customer, contacts=[make_contact(customer, language="de", name="Kim")])


def stored():
    return list(Response.objects.values_list("score", "comment", "language"))


def test_a_contact_answers_in_their_language_and_is_thanked(client, asked):
    page = client.get(link(asked))
    assert page.status_code == 200
    text = page.content.decode()
    assert '<html lang="de">' in text
    assert "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?" in text
    assert "Ada Berg" in text

    sent = client.post(link(asked), {"score": "9", "comment": "  <b>Gut</b> \u202e "})
    assert (sent.status_code, sent.url) == (302, f"{link(asked)}thanks/?language=de")
    assert "Ihre Antwort ist angekommen" in client.get(sent.url).content.decode()
    response = Response.objects.get()
    assert (response.score, response.comment, response.language, response.kind) == (9, "<b>Gut</b> \u202e", "de", "nps")
    assert (response.invitation, response.contact, response.customer) == (asked, asked.contact, asked.customer)
    assert (response.survey, response.anonymous, response.is_test) == (asked.survey, False, False)


def test_the_language_can_be_switched_and_is_kept_for_the_answer(client, asked):
    page = client.get(link(asked), {"language": "en"})
    assert "How likely are you to recommend us?" in page.content.decode()
    assert page.headers["Content-Language"] == "en"
    sent = client.post(f"{link(asked)}?language=en", {"score": "0"})
    assert "Your answer has arrived" in client.get(sent.url).content.decode()
    assert stored() == [(0, "", "en")]


def test_the_vendor_is_named_once_it_has_a_name(client):
    row = workspace()
    row.name = "Nordwind <GmbH>"
    row.save()
    text = client.get(link(make_asked())).content.decode()
    assert "recommend Nordwind &lt;GmbH&gt;?" in text
    assert "Your answer reaches Nordwind &lt;GmbH&gt; with your name" in text


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("query", ["", "?score=9", "?score=99", "?score=%D9%A3&language=xx"])
def test_who_only_looks_stores_nothing_and_spends_nothing(client, asked, method, query):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        seen = getattr(client, method)(link(asked) + query)
    assert seen.status_code == 200
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert client.cookies == {}
    assert stored() == []
    assert client.post(link(asked), {"score": "9"}).status_code == 302


def test_a_score_in_the_link_is_only_preselected(client, asked):
    text = client.get(f"{link(asked)}?score=9").content.decode()
    assert re.findall(r'value="(\d+)" checked', text) == ["9"]
    assert stored() == []


def test_without_cookies_or_csrf_token_from_an_in_app_browser(asked):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link(asked), {"score": "10"}, headers={"origin": "null"}).status_code == 302
    assert stored() == [(10, "", "de")]


@pytest.mark.parametrize("path", ["", "thanks/"])
def test_headers_keep_the_link_out_of_referrers_caches_and_indexes(client, asked, path):
    client.post(link(asked), {"score": "9"})
    page = client.get(link(asked) + path)
    assert {name: page.headers[name] for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")} == {
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.content.decode())


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"score": ""},
        {"score": "11"},
        {"score": "-1"},
        {"score": "9.0"},
        {"score": "٣"},
        {"score": "９"},
        {"score": ["9", "9"]},
        {"score": ["2", "9"]},
        {"score": "1e1"},
        {"score": "9", "comment": "a\x00b"},
        {"score": "9", "comment": "x" * 10_001},
    ],
)
def test_a_bad_answer_is_said_at_the_field_and_not_stored(client, asked, data):
    page = client.post(link(asked), data)
    assert (page.status_code, stored()) == (400, [])
    assert 'role="alert"' in page.content.decode()


def test_ten_megabytes_of_comment_are_refused_kindly(client, asked):
    body = b"score=9&comment=" + b"x" * 10_000_000
    page = client.post(link(asked), body, content_type="application/x-www-form-urlencoded")
    assert (page.status_code, page.headers["Cache-Control"], stored()) == (400, "no-store", [])


def test_the_second_answer_is_told_kindly_and_stores_nothing(client, asked):
    client.post(link(asked), {"score": "9"})
    again = client.post(link(asked), {"score": "1"})
    look = client.get(link(asked))
    assert (again.status_code, look.status_code, stored()) == (409, 200, [(9, "", "de")])
    assert "Ada Berg" in again.content.decode()


def close(invitation):
    Wave.objects.filter(pk=invitation.wave_id).update(closes_at=timezone.now())


def expire(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())


def withdraw(invitation):
    withdraw_wave(invitation.wave, by=invitation.wave.created_by)


@pytest.mark.parametrize("end", [close, expire, withdraw])
def test_what_is_over_says_so_and_stores_nothing(client, asked, end):
    end(asked)
    look, answer = client.get(link(asked)), client.post(link(asked), {"score": "9"})
    assert (look.status_code, answer.status_code, stored()) == (410, 410, [])
    assert "Ada Berg" in look.content.decode()


def test_who_answered_before_it_was_over_is_still_thanked(client, asked):
    client.post(link(asked), {"score": "9"})
    close(asked)
    assert client.get(f"{link(asked)}thanks/").status_code == 200
    assert client.get(link(asked)).status_code == 200


def test_nobody_is_thanked_for_nothing(client, asked):
    page = client.get(f"{link(asked)}thanks/")
    assert (page.status_code, page.url) == (302, link(asked))


def test_an_altered_link_is_like_any_unknown_one(client, asked):
    token = token_of(asked)
    other = token_of(make_asked())
    altered = [
        token[:-1], token[:13], token + "A", token.swapcase(), token[::-1], token[:13] + other[13:], "x" * 27, "ü",
        "%00", f"{token} ",
    ]  # fmt: skip
    pages = [client.get(f"/s/{text}/") for text in altered] + [client.post(f"/s/{altered[0]}/", {"score": "9"})]
    pages += [client.get(f"/s/{altered[0]}/thanks/")]
    assert {page.status_code for page in pages} == {404}
    assert {page.content for page in pages} == {pages[0].content}
    assert "newer mail" in pages[0].content.decode()
    assert pages[0].headers["Referrer-Policy"] == "no-referrer"
    assert stored() == []


def test_who_guesses_links_is_slowed_down_but_a_real_link_still_opens(client, asked, monkeypatch):
    monkeypatch.setattr("surveys.views.public.GUESSES", 3)
    assert [client.get(f"/s/{number}/").status_code for number in range(5)] == [404, 404, 404, 429, 429]
    assert client.get("/s/1/", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get(link(asked)).status_code == 200


def test_a_new_link_replaces_the_old_one(client, asked):
    old = link(asked)
    new = renew_link(asked, by=asked.wave.created_by)
    assert link(new) != old
    assert client.post(old, {"score": "9"}).status_code == 404
    assert client.post(link(new), {"score": "9"}).status_code == 302


def test_links_of_two_waves_and_two_people_open_only_their_own(client):
    customer = make_customer(owner=make_user(Role.CSM))
    people = [make_contact(customer), make_contact(customer)]
    waves = [make_wave(customer, contacts=people) for _number in range(2)]
    invitations = [one for wave in waves for one in wave.invitations.select_related("contact", "wave")]
    assert len({link(one) for one in invitations}) == 4
    for number, one in enumerate(invitations):
        client.post(link(one), {"score": str(number)})
    assert {row.invitation_id: row.score for row in Response.objects.all()} == {
        one.pk: number for number, one in enumerate(invitations)
    }


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_verbs_are_not_known(client, asked, method):
    assert getattr(client, method)(link(asked)).status_code == 405
    assert stored() == []


def test_the_link_is_in_no_log_line(client, asked, caplog):
    client.post(link(asked), {"score": "9"})
    client.post(link(asked), {"score": "9"})
    client.put(link(asked))
    close(asked)
    client.get(link(asked)[:-2] + "/")
    mask = MaskSecrets()
    lines = [record.getMessage() for record in caplog.records if mask.filter(record)]
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["mask_secrets", "request_id"]
    assert len([line for line in lines if "/s/…/" in line]) >= 3
    assert not [line for line in lines if token_of(asked)[:8] in line]


@pytest.mark.parametrize("why", ["left", "archived", "company archived"])
def test_who_left_or_is_archived_answers_nothing_any_more(client, asked, why):
    contact = Contact.objects.filter(pk=asked.contact_id)
    if why == "left":
        contact.update(is_active=False)
    elif why == "archived":
        contact.update(archived_at=timezone.now())
    else:
        Customer.objects.filter(pk=asked.customer_id).update(archived_at=timezone.now())
    with pytest.raises(ValidationError, match="no longer"):
        renew_link(asked, by=asked.wave.created_by)
    page, sent = client.get(link(asked)), client.post(link(asked), {"score": "9"})
    assert (page.status_code, sent.status_code, stored()) == (410, 410, [])
    assert "zurückgezogen" in page.content.decode()
    assert not open_invitations().exists()


@pytest.mark.parametrize(
    ("method", "host", "status"), [("put", "testserver", 405), ("delete", "testserver", 405), ("get", "other", 400)]
)
def test_refusals_keep_the_link_secret_too(client, asked, method, host, status):
    for path in (link(asked), f"{link(asked)}thanks/"):
        page = getattr(client, method)(path, headers={"host": host})
        assert page.status_code == status
        assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
