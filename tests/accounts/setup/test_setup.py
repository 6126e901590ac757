"""From an empty installation to the first customer."""

from io import StringIO

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import Customer, Role, StaffInvitation, User
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import deliver
from accounts.services import workspace
from accounts.setup.queries import setup_code
from accounts.setup.services import create_first_admin
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SETUP = "/setup/"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


def form(**fields):
    return {
        "code": setup_code(), "name": "Ada", "email": "Ada@vendor.example", "language": "de",
        "password1": PASSWORD, "password2": PASSWORD, **fields,
    }  # fmt: skip


def step(name):
    return reverse("setup_step", args=[name])


WORKSPACE = {
    "name": "Taktwerk", "default_language": "de", "reporting_currency": "CHF", "time_zone": "Europe/Zurich",
    "fiscal_year_start_month": "7", "strategy": "stability",
}  # fmt: skip


def test_the_first_page_of_an_empty_installation_leads_to_its_setup(client):
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == SETUP
    assert "Set up this installation" in page.content.decode()


def test_the_server_prints_address_and_code(settings):
    out = StringIO()
    call_command("setup_code", stdout=out)
    assert out.getvalue() == f"{settings.BASE_URL}{SETUP}   setup code: {setup_code()}\n"
    make_user(Role.ADMIN)
    with pytest.raises(CommandError):
        call_command("setup_code")


def test_the_first_administrator_goes_from_step_to_step_to_the_first_customer(client):
    assert client.post(SETUP, form(code=setup_code().lower().replace("-", " "))).url == step("workspace")
    assert client.post(step("workspace"), WORKSPACE).url == step("mail")
    assert client.post(step("mail")).url == step("mail")
    deliver(OutboxMail.objects.get().pk)
    assert "Gesendet" in client.get(step("mail")).content.decode()
    assert client.post(step("mail"), {"next": "1"}).url == step("colleagues")
    colleague = {"name": "Bo", "email": "bo@vendor.example", "role": "csm", "language": "en"}
    assert client.post(step("colleagues"), colleague).url == step("colleagues")
    assert client.post(step("colleagues"), {"next": "1"}).url == step("customer")
    assert client.post(step("customer"), {"name": "Alpha"}).url == reverse("dashboards:today")

    ada, row = User.objects.get(email="ada@vendor.example"), workspace()
    assert (ada.role, ada.name, ada.language) == (Role.ADMIN, "Ada", "de")
    assert {name: str(getattr(row, name)) for name in WORKSPACE} == WORKSPACE
    assert StaffInvitation.objects.get().user.name == "Bo"
    assert (Customer.objects.get().name, Customer.objects.get().owner) == ("Alpha", ada)
    assert AuditEntry.objects.filter(actor=ada).count() == 10


def test_it_can_be_left_and_taken_up_again_and_nothing_has_to_be_filled_in(client):
    client.post(SETUP, form())
    client.post(step("workspace"), WORKSPACE)
    client.post(reverse("account_logout"))
    answer = client.post(reverse("account_login"), {"login": "ada@vendor.example", "password": PASSWORD})
    assert answer.url == step("mail")
    assert client.get(step("customer")).url == step("mail")
    for name in ("mail", "colleagues", "customer"):
        client.post(step(name), {"next": "1"})
    assert client.get(step("workspace")).status_code == 404


def test_a_step_that_is_done_can_be_corrected_without_going_back(client):
    client.post(SETUP, form())
    client.post(step("workspace"), WORKSPACE)
    client.post(step("mail"), {"next": "1"})
    client.post(step("workspace"), WORKSPACE | {"name": "Other"})
    assert (workspace().name, workspace().setup_step) == ("Other", "colleagues")


@pytest.mark.parametrize("code", ["", "WRONG-CODE", "0", "\U0001f600", "x" * 41])
def test_without_the_code_nobody_claims_the_installation(client, code):
    assert client.post(SETUP, form(code=code)).status_code == 422
    assert not User.objects.exists()


def test_after_ten_guesses_even_the_right_code_waits(client):
    for _number in range(10):
        client.post(SETUP, form(code="WRONG-CODE"))
    assert client.post(SETUP, form(), headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 422
    assert not User.objects.exists()


def test_with_an_administrator_there_is_no_setup_any_more(client):
    data = form()
    make_user(Role.ADMIN, is_active=False)
    assert (client.get(SETUP).status_code, client.post(SETUP, data).status_code) == (404, 404)
    with pytest.raises(ValidationError):
        create_first_admin(code=setup_code(), name="", email="b@vendor.example", password=PASSWORD, language="en")
    assert client.get(reverse("account_login")).status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"reporting_currency": "XYZ"}, {"time_zone": "Moon/Base"}, {"fiscal_year_start_month": "13"},
     {"strategy": "growth"}, {"default_language": "fr"}, {"name": ""}],
)  # fmt: skip
def test_a_workspace_that_cannot_be_is_said_at_the_field(client, change):
    client.post(SETUP, form())
    answer = client.post(step("workspace"), WORKSPACE | change)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(change))
    assert workspace().setup_step == "workspace"


def test_pages_before_login_speak_the_workspaces_language_when_the_browser_names_none(client):
    make_user(Role.ADMIN)
    row = workspace()
    row.default_language = "de"
    row.save()
    assert "Anmelden" in client.get(reverse("account_login")).content.decode()
    english = client.get(reverse("account_login"), headers={"Accept-Language": "en"})
    assert "Log in" in english.content.decode()
