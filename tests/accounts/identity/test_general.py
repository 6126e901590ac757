"""What the workspace says about itself, where it is read, and whether mail arrives."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.identity.services import describe_workspace
from accounts.models import Role
from accounts.outbox.models import OutboxMail
from accounts.outbox.rendering import render
from accounts.outbox.services import deliver
from accounts.services import workspace
from tests.factories.accounts import act_as_contact, make_portal_access, make_user

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Taktwerk", "sender_name": "Taktwerk Success", "default_language": "de", "strategy": "profitability",
    "holiday_region": "DE-BY", "clocks_rest": True,
    "imprint_url": "https://taktwerk.example/imprint", "privacy_url": "https://taktwerk.example/privacy",
}  # fmt: skip
GENERAL = "/settings/general/"


@pytest.fixture
def admin(client):
    person = make_user(Role.ADMIN)
    client.force_login(person)
    return person


def test_what_is_said_is_stored_and_audited_without_its_words(client, admin):
    assert client.post(GENERAL, SAID).url == GENERAL
    row = workspace()
    assert {name: getattr(row, name) for name in SAID} == SAID
    entry = AuditEntry.objects.get()
    assert (entry.verb, sorted(entry.details["changed"])) == ("workspace.described", sorted(SAID))


def test_name_imprint_and_privacy_stand_on_public_pages_in_the_portal_and_in_mails(client, admin):
    client.post(GENERAL, SAID)
    client.post(reverse("mail_test"))
    message = render(OutboxMail.objects.get())
    act_as_contact(client, make_portal_access())
    pages = [client.get(reverse("dashboards:portal_home")).content.decode()]
    client.logout()
    pages += [client.get(reverse("account_login")).content.decode(), message.body, message.alternatives[0].content]
    for page in pages:
        assert SAID["imprint_url"] in page
        assert SAID["privacy_url"] in page
    assert "Taktwerk" in pages[1]
    assert message.from_email.startswith("Taktwerk Success <")


@pytest.mark.parametrize("name", ["imprint_url", "privacy_url"])
@pytest.mark.parametrize(
    "url", ["http://x.example/", "javascript:alert(1)", "ftp://x.example", "//", "https://", "data:text/html,x"]
)
def test_a_link_that_is_not_https_is_refused_at_its_field(client, admin, name, url):
    answer = client.post(GENERAL, SAID | {name: url})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert workspace().name == ""


@pytest.mark.parametrize("sender", ["A\r\nBcc: x@y.example", "=?utf-8?q?x?=", "<x@y.example>", "x" * 101])
def test_a_sender_that_would_reach_into_a_mails_header_is_refused(client, admin, sender):
    answer = client.post(GENERAL, SAID | {"sender_name": sender})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["sender_name"])


def test_a_test_mail_goes_to_oneself_and_its_outcome_is_shown(client, admin, mailoutbox):
    client.post(reverse("mail_test"))
    assert "On its way" in client.get(GENERAL).content.decode()
    deliver(OutboxMail.objects.get().pk)
    assert [message.to for message in mailoutbox] == [[admin.email]]
    assert "The mail server took it" in client.get(GENERAL).content.decode()


def test_a_test_mail_that_failed_says_so(client, admin):
    client.post(reverse("mail_test"))
    OutboxMail.objects.update(state="parked", last_error="SMTPRecipientsRefused")
    assert "SMTPRecipientsRefused" in client.get(GENERAL).content.decode()


def test_the_demand_for_a_second_factor_is_set_here(client, admin):
    client.post(reverse("second_factor_roles"), {"roles": ["csm", "lead"]})
    assert workspace().mfa_roles == ["csm", "lead"]
    client.post(reverse("second_factor_roles"), {"roles": ["contact"]})
    assert workspace().mfa_roles == ["csm", "lead"]


def test_a_region_without_a_calendar_is_refused(client, admin):
    answer = client.post(GENERAL, SAID | {"holiday_region": "DE-XX"})
    assert (answer.status_code, workspace().holiday_region) == (422, "")
    with pytest.raises(ValidationError):
        describe_workspace({"holiday_region": "DE-XX"}, by=admin)
