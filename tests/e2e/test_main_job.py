"""The main job, by clicking: agree a KVI, measure it on both sides, ask for the NPS, issue the value report.

As CSM and as contact, in German and in English, on a desktop and on a phone; console and accessibility are watched
on every page, and the report's numbers are those of the page, the API and the command.
"""

import json
import re
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core import mail as mailbox
from django.core.cache import cache
from django.core.management import call_command
from pypdf import PdfReader

from accounts.jobs.services import sweep
from accounts.models import PortalAccess
from accounts.outbox.services import send_due
from cs_portal.metrics.periods import add_months
from kvi.models import Indicator, Measurement
from reports.models import ValueReport
from tests.factories.accounts import PASSWORD, make_contact, make_customer, make_portal_access, make_team, make_user
from tests.factories.kvi import make_goal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WALKS = (
    ("de", "desktop"),
    ("en", "phone"),
    pytest.param(("de", "phone"), marks=pytest.mark.deep),
    pytest.param(("en", "desktop"), marks=pytest.mark.deep),
)
TODAY = date.today()
QUARTER = add_months(TODAY.replace(month=(TODAY.month - 1) // 3 * 3 + 1, day=1), -3)
MEASURED = QUARTER + timedelta(days=70)


@pytest.fixture
def world(live_server, settings):
    cache.clear()  # login limits of the walk before
    settings.BASE_URL = live_server.url
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(params=WALKS, ids="-".join)
def walk(request, person, world):
    """A CSM and the sponsor of one of their customers, each in a browser of their own."""
    language, size = request.param
    csm = make_user("csm", teams=(make_team(),), password=PASSWORD, language=language, name="Carla Neumann")
    customer = make_customer(owner=csm, name="Öztürk & Söhne <Aufzüge>", language=language)
    sponsor = make_contact(customer, language=language, name="Ines Quast", email="ines@kunde.example")
    make_portal_access(sponsor, role=PortalAccess.PortalRole.SPONSOR)
    for number in range(5):
        make_contact(customer, language=language, name=f"Kim {number}", email=f"kim{number}@kunde.example")
    goal = make_goal(customer, state="draft", name="Schneller beim Kunden", start_date=QUARTER)
    return Walk(person(language, size), person(language, size), csm, customer, sponsor, goal, language)


class Walk:
    def __init__(self, staff, contact, csm, customer, sponsor, goal, language):
        self.staff, self.contact, self.csm, self.customer = staff, contact, csm, customer
        self.sponsor, self.goal, self.language = sponsor, goal, language

    def log_in(self):
        """The CSM with a password, the sponsor with the code that came by mail."""
        self.staff.go("/accounts/login/")
        form = self.staff.page.locator("form", has=self.staff.page.locator("input[type=password]"))
        form.locator("input[name=login]").fill(self.csm.email)
        form.locator("input[type=password]").fill(PASSWORD)
        self.staff.check()
        press(self.staff, form)
        assert self.staff.page.url.endswith("/")
        self.staff.check()
        self.contact.go("/accounts/login/")
        form = self.contact.page.locator("form[action$='/login/code/']")
        form.locator("input[name=email]").fill(self.sponsor.email)
        press(self.contact, form)
        self.contact.check()
        code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", newest_mail(self.sponsor.email).body)[0]
        form = self.contact.page.locator("form", has=self.contact.page.locator("input[name=code]"))
        form.locator("input[name=code]").fill(code)
        press(self.contact, form)
        assert self.contact.page.url.endswith("/portal/")
        self.contact.check()

    def propose(self):
        """From a template: what is measured, from where to where, what it is worth; then signed and proposed."""
        self.staff.go(f"/goals/{self.goal.public_id}/kvis/new/?template=time_per_case")
        page = self.staff.page
        assert page.locator("[name=levels], [name=range_low], [name=value_currency]").filter(visible=True).count() == 0
        page.locator("[name=value_kind]").select_option("rate_month")
        fill(page, baseline="46", target="34,5" if self.language == "de" else "34.5", value_currency="EUR")
        fill(page, baseline_date=str(QUARTER), due_date=str(add_months(QUARTER, 12)), valid_from=str(QUARTER))
        fill(page, value_factor_conservative="40", value_factor_expected="50")
        self.staff.check()
        press(self.staff, page.locator("main form"))
        self.staff.check()
        form = page.locator("form[action$='/propose/']")
        form.locator("[name=to]").select_option(label=self.sponsor.name)
        press(self.staff, form)
        self.staff.check()
        self.indicator = Indicator.objects.get(goal=self.goal)
        assert "/portal/kvis/" in newest_mail(self.sponsor.email).body

    def accept(self):
        self.contact.go(f"/portal/kvis/{self.indicator.public_id}/")
        self.contact.check()
        press(self.contact, self.contact.page.locator("form[action$='/accept/']"))
        self.contact.check()
        assert self.indicator.versions.get().state == "agreed"

    def measure(self):
        """The CSM a value that the sponsor confirms, then the sponsor one of their own."""
        self.staff.go(f"/kvis/{self.indicator.public_id}/")
        page = self.staff.page
        form = page.locator("form[action$='/measure/']")
        fill(form, day=str(QUARTER + timedelta(days=40)), value="41")
        form.locator("button").click()
        page.locator("#measurements tbody tr").first.wait_for()
        self.staff.check()
        self.contact.go(f"/portal/kvis/{self.indicator.public_id}/")
        press(self.contact, self.contact.page.locator("form[action$='/confirm/']"))
        form = self.contact.page.locator("form[action$='/measure/']")
        fill(form, day=str(MEASURED), value="38,5" if self.language == "de" else "38.5")
        press(self.contact, form)
        self.contact.check()
        rows = list(Measurement.objects.order_by("date").values_list("value", "status", "origin"))
        assert [(str(value.normalize()), *rest) for value, *rest in rows] == [
            ("41", "confirmed", "staff"), ("38.5", "confirmed", "customer"),
        ]  # fmt: skip

    def ask(self):
        """Everybody is asked; each answers behind their own link."""
        self.staff.go(f"/customers/{self.customer.public_id}/ask/")
        for box in self.staff.page.locator("input[name=contacts]").all():
            box.check()
        self.staff.check()
        press(self.staff, self.staff.page.locator("main form"))
        self.staff.check()
        send_due()
        links = [re.search(r"http\S+/s/[^\s?]+", mail.body) for mail in mailbox.outbox]
        scores = [10, 9, 9, 8, 7, 3]
        found = [link[0] for link in links if link]
        assert len(found) == len(scores)
        for link, score in zip(found, scores, strict=True):
            self.contact.go(link)
            self.contact.page.locator(f"input[name=score][value='{score}']").check(force=True)
            if score == 10:
                self.contact.check()
            press(self.contact, self.contact.page.locator("main form").first)
        self.contact.check()
        self.staff.go(f"/customers/{self.customer.public_id}/")
        self.staff.check()
        nps = self.staff.page.locator("[data-metric=nps]").inner_text()
        assert nps == {"de": "33,3", "en": "33.3"}[self.language]

    def report(self):
        """A draft for the last quarter, our words, both releases, the PDF."""
        self.staff.go(f"/customers/{self.customer.public_id}/reports/new/")
        self.staff.page.locator("select[name=language]").select_option(self.language)
        press(self.staff, self.staff.page.locator("main form"))
        report = ValueReport.objects.get()
        self.staff.page.locator("textarea[name=comment]").fill("Gut vorangekommen. <b>Weiter so!</b> 🎉")
        press(self.staff, self.staff.page.locator("form[action$='/comment/']"))
        self.staff.check()
        press(self.staff, self.staff.page.locator("form[action$='/do/submit/']"))
        sweep()
        self.staff.go(f"/reports/{report.public_id}/")
        self.staff.check()
        press(self.staff, self.staff.page.locator("form[action$='/do/release/']"))
        self.contact.go(f"/portal/reports/{report.public_id}/")
        self.contact.check()
        press(self.contact, self.contact.page.locator("form[action$='/release/']"))
        sweep()
        report.refresh_from_db()
        assert report.state == "issued"
        self.contact.go(f"/portal/reports/{report.public_id}/")
        self.contact.check()
        page = self.contact.page.locator("main").inner_text()
        first, second = (self.contact.page.request.get(self.file_url(report)).body() for _twice in range(2))
        assert first == second
        return page, "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(first)).pages)

    def file_url(self, report):
        return f"{self.contact.base_url}/portal/reports/{report.public_id}/file/"

    def api(self, code, subject, level):
        query = f"code={code}&period={QUARTER}..{add_months(QUARTER, 3)}&level={level}&subject={subject}"
        return self.staff.page.request.get(f"{self.staff.base_url}/api/v1/metrics/?{query}").json()["results"][0]


def fill(where, **fields):
    for name, value in fields.items():
        where.locator(f"[name={name}]").fill(value)


def press(someone, form):
    """Send a form and wait for the page that follows."""
    with someone.page.expect_navigation():
        form.locator("button[type=submit]:visible").first.click()


def newest_mail(address):
    send_due()
    return [mail for mail in mailbox.outbox if mail.to == [address]][-1]


def command(code, subject, level):
    out = StringIO()
    period = f"{QUARTER}..{add_months(QUARTER, 3)}"
    call_command("metrics", code, period=period, level=level, subject=subject, format="json", stdout=out)
    return json.loads(out.getvalue())["results"][0]


def test_from_the_proposal_to_the_issued_report(walk):
    walk.log_in()
    walk.propose()
    walk.accept()
    walk.measure()
    walk.ask()
    page, pdf = walk.report()
    same = [walk.api("kvi_attainment", walk.indicator.external_id, "kvi")]
    same.append(command("kvi_attainment", walk.indicator.external_id, "kvi"))
    assert same[0] == same[1]
    assert same[0]["value"] == "0.652173913"  # (38.5 − 46) ÷ (34.5 − 46)
    shown = {"de": "65,2", "en": "65.2"}[walk.language]
    assert shown in page
    assert shown in pdf
    worth = walk.api("kvi_value", walk.customer.external_id, "customer")
    assert worth == command("kvi_value", walk.customer.external_id, "customer")
    amount = f"{float(worth['value']):,.2f}"
    if walk.language == "de":
        amount = amount.translate(str.maketrans(",.", ".,"))
    assert amount in page
    assert amount in pdf
    assert "<b>Weiter so!</b>" in pdf.replace("\n", " ")
