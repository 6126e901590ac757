"""A chart is a picture without JavaScript and comes alive with it: its values by keyboard, its series by the legend."""

from datetime import date, timedelta

import pytest

from accounts.models import Role
from tests.factories.accounts import make_user
from tests.factories.kvi import make_indicator, make_measurement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_chart_tells_its_values_and_prints_as_a_picture(client, person):
    from playwright.sync_api import expect

    indicator = make_indicator()
    for days, value in ((60, "10.5"), (30, "9")):
        make_measurement(indicator, date=date.today() - timedelta(days=days), value=value, status="confirmed")
    someone = person("de", "phone")
    page = someone.page
    someone.come_in(client, make_user(Role.LEAD, language="de"))
    someone.go(indicator.get_absolute_url())
    frame, picture = page.locator(".chart-scroll"), page.locator(".chart-scroll > svg")
    frame.scroll_into_view_if_needed()
    live = page.locator(".chart-live svg")
    expect(live).to_be_visible()
    expect(picture).to_be_hidden()
    frame.focus()
    said = page.locator(".chart [role=status]")
    page.keyboard.press("ArrowLeft")  # the newest first
    expect(said).to_contain_text("9 min, bestätigt")
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("10,5 min, bestätigt")
    marks = live.locator(".mark-symbol path")
    expect(marks).to_have_count(2)
    page.get_by_role("button", name="bestätigt").click()
    expect(marks).to_have_count(0)
    someone.check()
    page.emulate_media(media="print")
    expect(live).to_be_hidden()
    expect(picture).to_be_visible()
