"""A real browser against a live server; the console and accessibility are watched on every page."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_CHROMIUM = "Chromium is missing: apt-get install --no-install-recommends chromium fonts-dejavu-core"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_CHROMIUM)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


# What reaches beyond the screen, when the page can be scrolled sideways.
TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [...document.querySelectorAll("body *")]
        .filter((part) => part.getBoundingClientRect().right > window.innerWidth + 1)
        .map((part) => part.outerHTML.slice(0, 120)).slice(0, 8)"""


@dataclass
class Person:
    """One browser context: somebody with their own cookies, language and screen."""

    page: object
    base_url: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.base_url + path)

    def come_in(self, client: object, user: object) -> None:
        """With a session of their own, where logging in is not what is looked at."""
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.base_url}])

    def check(self) -> None:
        """Nothing in the console, nothing serious for axe, nothing wider than the screen."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in found
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
        assert (self.page.url, self.complaints, serious, self.page.evaluate(TOO_WIDE)) == (self.page.url, [], [], [])


@pytest.fixture
def person(browser, live_server) -> Iterator[Callable[..., Person]]:
    """Open a browser of one's own: ``person("de", "phone")``."""
    contexts = []

    def make(language: str = "en", size: str = "desktop", *, javascript: bool = True, **options: object) -> Person:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale={"de": "de-DE", "en": "en-GB"}[language],
            java_script_enabled=javascript,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        someone = Person(page, live_server.url)
        page.on("console", lambda message: message.type == "error" and someone.complaints.append(message.text))
        page.on("pageerror", lambda error: someone.complaints.append(str(error)))
        return someone

    yield make
    for context in contexts:
        context.close()
