"""The palette: from any page by keyboard to a record, and back to where one was."""

import pytest

from accounts.models import Role
from tests.factories.accounts import make_customer, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_customer_is_reached_by_keyboard_alone(client, person):
    from playwright.sync_api import expect

    for name in ("Müller Werke", "Müller Mühlen"):
        make_customer(name=name)
    someone = person()
    page = someone.page
    someone.come_in(client, make_user(Role.LEAD))
    someone.go("/")
    door = page.locator(".side [data-palette-open]")
    door.focus()
    page.keyboard.press("Control+k")
    field, chosen = page.get_by_role("combobox"), page.locator("[role=option][aria-selected=true]")
    expect(page.get_by_role("option", name="Customers")).to_be_visible()
    page.keyboard.type("mueler w")
    expect(chosen).to_have_text("Müller Werke")
    expect(field).to_have_attribute("aria-activedescendant", "found-customers-1")
    someone.check()
    page.keyboard.press("Escape")
    expect(door).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("müller")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowUp")  # from the first to the last
    expect(field).to_have_attribute("aria-activedescendant", "found-customers-2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Müller")
