"""The form of a definition in a real browser: only what its kind has, everything without script."""

import pytest
from playwright.sync_api import expect

from kvi.models import Indicator
from tests.factories.accounts import PASSWORD, make_customer, make_user
from tests.factories.kvi import make_goal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OF_LEVELS, OF_RANGE, OF_STEPS, OF_MONEY = "levels", "range_low", "path_points", "value_currency"
KINDS = {
    ("quantitative", "increase", "linear", ""): [],
    ("quantitative", "increase", "stepped", "one_off"): [OF_STEPS, OF_MONEY],
    ("quantitative", "maintain", "stepped", "one_off"): [OF_RANGE],
    ("qualitative", "maintain", "linear", "one_off"): [OF_LEVELS],
}  # fmt: skip


def log_in(somebody, user):
    somebody.go("/accounts/login/")
    form = somebody.page.locator("form", has=somebody.page.locator("input[type=password]"))
    form.locator("input[name=login]").fill(user.email)
    form.locator("input[type=password]").fill(PASSWORD)
    with somebody.page.expect_navigation():
        form.locator("button[type=submit]").click()


@pytest.fixture
def goal():
    make_user("admin")  # without one the setup comes first
    return make_goal(make_customer(owner=make_user("csm", password=PASSWORD, language="en")))


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_only_the_fields_of_the_kind_are_shown_and_sent(person, goal, size):
    carla = person("en", size)
    log_in(carla, goal.customer.owner)
    carla.go(f"/goals/{goal.public_id}/kvis/new/?template=easier_work")
    page = carla.page
    for (kind, direction, path, worth), shown in KINDS.items():
        number = [("kind", "quantitative"), ("direction", "increase"), ("path", path), ("value_kind", worth)]
        for name, choice in [*number, ("direction", direction), ("kind", kind)]:
            page.locator(f"[name={name}]").select_option(choice)
        found = [
            name for name in (OF_LEVELS, OF_RANGE, OF_STEPS, OF_MONEY) if page.locator(f"[name={name}]").is_visible()
        ]
        assert (kind, direction, found) == (kind, direction, shown)
        carla.check()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    version = Indicator.objects.get().versions.get()
    assert (version.kind, version.direction, version.value_kind, len(version.levels)) == ("qualitative", "", "", 5)


def test_without_script_every_field_is_there(person, goal):
    carla = person("en", "desktop", javascript=False)
    log_in(carla, goal.customer.owner)
    carla.go(f"/goals/{goal.public_id}/kvis/new/")
    for name in (OF_LEVELS, OF_RANGE, OF_STEPS, OF_MONEY):
        expect(carla.page.locator(f"[name={name}]")).to_be_visible()
