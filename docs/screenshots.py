"""The guide's pictures, taken from a running demo by hand:

    ./cs demo --port 8160                                      # in one terminal
    CS_SHOT_URL=http://localhost:8160 ./cs manage shell < docs/screenshots.py

Needs Chromium and the development environment. Writes docs/guide/img/<language>-<name>.webp. The demo's people read in
both languages one after the other and then in their own again; nothing else is changed.
CS_SHOT_ONLY names those to take.
"""

import io
import os
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import quote

from django.test import Client
from PIL import Image
from playwright.sync_api import sync_playwright

from accounts.models import PortalAccess, User
from kvi.models import Indicator
from reports.models import ValueReport
from surveys.models import Invitation
from surveys.queries.links import link_path

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
URL = os.environ["CS_SHOT_URL"].rstrip("/")
PLACE = Path("docs/guide/img")
WIDE, PHONE = {"width": 1200, "height": 800}, {"width": 390, "height": 760}

report = ValueReport.objects.filter(state="released_by_csm", customer__owner__isnull=False).first()
report = report or ValueReport.objects.filter(customer__owner__isnull=False).first()
customer, csm = report.customer, report.customer.owner
agreed = Indicator.objects.filter(versions__state="agreed", measurements__isnull=False, goal__state="agreed").distinct()
indicator = agreed.filter(goal__customer=customer).first()
access = PortalAccess.objects.filter(contact__customer=customer, role="sponsor", revoked_at=None).first()
invitation = Invitation.objects.filter(
    responses=None, wave__isnull=False, wave__withdrawn_at=None, wave__closes_at__date__gt=date.today()
).first()
lead, admin = User.objects.get(role="lead"), User.objects.get(role="admin")
portal = f"/portal/kvis/{indicator.public_id}/"
name = customer.name.split()[0]
mistyped = quote(name[:-2] + name[-1])
where = '["and",["segment","is","Enterprise"],["or",["phase","is","retention"],["country","is","DE"]]]'
PICTURES = [
    ("today", csm, "/", WIDE),
    ("customer", csm, customer.get_absolute_url(), WIDE),
    ("indicator", csm, indicator.get_absolute_url(), WIDE),
    ("follow-ups", csm, "/follow-ups/", WIDE),
    ("report", csm, report.get_absolute_url(), WIDE),
    ("customers", lead, "/customers/", WIDE),
    ("search", csm, f"/search/?q={mistyped}", WIDE),
    ("conditions", lead, f"/lists/customers/conditions/?where={quote(where)}", WIDE),
    ("goals", lead, "/goals/", WIDE),
    ("people", admin, "/settings/people/", WIDE),
    ("audit", admin, "/settings/audit/", WIDE),
    ("portal", access.user, "/portal/", WIDE),
    ("portal-indicator", access.user, portal, PHONE),
    ("survey", None, link_path(invitation), PHONE),
]


def session_of(user):
    """A login of the test client, as a cookie for the browser."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["portal_access"] = access.pk
    session.save()
    return [{"name": name, "value": client.cookies[name].value, "url": URL} for name in client.cookies]


def take(browser, language, name, user, path, size):
    cookies = session_of(user) if user else []
    context = browser.new_context(viewport=size, locale=language, color_scheme="light", reduced_motion="reduce")
    context.add_cookies(cookies)
    page = context.new_page()
    answer = page.goto(f"{URL}{path}{'' if user else f'?language={language}'}", wait_until="networkidle")
    assert answer.status == 200, (path, answer.status)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").save(PLACE / f"{language}-{name}.webp", quality=80, method=6)
    context.close()


ONLY = os.environ.get("CS_SHOT_ONLY", "").split()
PICTURES = [picture for picture in PICTURES if not ONLY or picture[0] in ONLY]
people = {user for _name, user, _path, _size in PICTURES if user}
own = {user.pk: user.language for user in people}
PLACE.mkdir(parents=True, exist_ok=True)
with sync_playwright() as playwright:
    chromium = shutil.which("chromium")
    browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-dev-shm-usage"])
    try:
        for language in ("en", "de"):
            User.objects.filter(pk__in=own).update(language=language)
            for name, user, path, size in PICTURES:
                take(browser, language, name, user, path, size)
    finally:
        for pk, language in own.items():
            User.objects.filter(pk=pk).update(language=language)
        browser.close()
for path in sorted(PLACE.glob("*.webp")):
    print(f"{path.name:32} {path.stat().st_size // 1000:4} kB")  # noqa: T201
