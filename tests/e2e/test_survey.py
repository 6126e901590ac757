"""A contact answers a survey in a real browser: on a phone and a desk, in both languages, with and without script."""

import pytest
from playwright.sync_api import expect

from surveys.models import Response
from tests.factories.accounts import make_contact, make_customer, make_user
from tests.factories.surveys import link, make_asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXTS = {
    "de": ("Wie wahrscheinlich ist es", "Ihre Antwort ist angekommen"),
    "en": ("How likely are you", "Your answer has arrived"),
}


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_one_tap_one_sentence_and_thanks(person, language, size):
    question, thanks = TEXTS[language]
    customer = make_customer(owner=make_user())
    invitation = make_asked(customer=customer, contacts=[make_contact(customer, language=language)])
    somebody = person("en", size)
    somebody.go(f"{link(invitation)}?score=7")
    expect(somebody.page.get_by_role("group", name=question)).to_be_visible()
    expect(somebody.page.get_by_role("radio", name="7", exact=True)).to_be_checked()
    somebody.check()
    somebody.page.get_by_role("radio", name="10", exact=True).check()
    somebody.page.locator("#comment").fill("Läuft.")
    somebody.page.locator("button[type=submit]").click()
    expect(somebody.page.get_by_text(thanks)).to_be_visible()
    somebody.check()
    assert Response.objects.values_list("score", "comment", "language").get() == (10, "Läuft.", language)
    assert somebody.page.context.cookies() == []


def test_without_javascript(person):
    invitation = make_asked()
    somebody = person("en", "phone", javascript=False)
    somebody.go(link(invitation))
    somebody.page.locator("button[type=submit]").click()
    expect(somebody.page.get_by_role("alert")).to_be_visible()
    somebody.page.get_by_role("radio", name="0", exact=True).check()
    somebody.page.locator("button[type=submit]").click()
    expect(somebody.page.get_by_text("Your answer has arrived")).to_be_visible()
    assert Response.objects.get().score == 0
