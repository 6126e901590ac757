"""Giving and taking away access to the portal."""

import pytest
from django.core.exceptions import ValidationError

from accounts.access import customers_for, live_accesses
from accounts.audit.models import AuditEntry
from accounts.models import PortalAccess, Role, User
from accounts.outbox.models import OutboxMail
from accounts.portal_services import invite_contact, revoke_access
from tests.factories.accounts import make_contact, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.LEAD)


def test_an_invited_contact_gets_a_login_without_password_and_a_mail_in_their_language(lead):
    contact = make_contact(email="Anna.Berg@Customer.example", language="de")

    access = invite_contact(contact, role="sponsor", by=lead)

    user = access.user
    assert (user.email, user.role, user.language, user.has_usable_password()) == (
        "anna.berg@customer.example",
        Role.CONTACT,
        "de",
        False,
    )
    mail = OutboxMail.objects.get()
    assert (mail.template, mail.user, mail.language, mail.context) == (
        "portal-invitation",
        user,
        "de",
        {"access": access.pk},
    )
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.target_id) == ("portal.invited", lead, str(access.pk))
    assert list(customers_for(user)) == [contact.customer]


def test_inviting_again_keeps_the_access_and_changes_the_role(lead):
    contact = make_contact()
    first = invite_contact(contact, role="user", by=lead)
    second = invite_contact(contact, role="champion", by=lead)
    assert (second.pk, PortalAccess.objects.get().role) == (first.pk, "champion")


def test_one_address_at_two_companies_is_one_login_with_two_accesses(lead):
    contacts = [make_contact(email="both@customer.example"), make_contact(email="BOTH@customer.example")]
    users = {invite_contact(contact, role="sponsor", by=lead).user for contact in contacts}
    assert len(users) == 1
    assert set(customers_for(users.pop())) == {contact.customer for contact in contacts}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"email": ""}, "no_address"),
        ({"email": "not an address"}, "no_address"),
        ({"is_active": False}, "inactive"),
        ({"email": "colleague@vendor.example"}, "staff_address"),
    ],
)
def test_who_cannot_be_invited(lead, fields, code):
    make_user(Role.VIEWER, email="colleague@vendor.example")
    contact = make_contact(**fields)
    with pytest.raises(ValidationError) as caught:
        invite_contact(contact, role="sponsor", by=lead)
    assert caught.value.code == code
    assert not PortalAccess.objects.exists()
    assert not OutboxMail.objects.exists()


def test_an_unknown_portal_role_is_refused(lead):
    with pytest.raises(ValidationError):
        invite_contact(make_contact(), role="admin", by=lead)


def test_revoking_closes_the_door_and_inviting_opens_a_new_one(lead):
    contact = make_contact()
    access = invite_contact(contact, role="sponsor", by=lead)

    revoke_access(access, by=lead)
    revoke_access(access, by=lead)

    assert not live_accesses(access.user).exists()
    assert not customers_for(access.user).exists()
    assert AuditEntry.objects.filter(verb="portal.revoked").count() == 1
    again = invite_contact(contact, role="sponsor", by=lead)
    assert (again.pk != access.pk, list(live_accesses(access.user))) == (True, [again])


@pytest.mark.parametrize("change", [{"email": "new@customer.example"}, {"is_active": False}])
def test_access_ends_when_the_contact_changes_address_or_leaves(lead, change):
    contact = make_contact()
    access = invite_contact(contact, role="sponsor", by=lead)
    assert live_accesses(access.user).exists()

    type(contact).objects.filter(pk=contact.pk).update(**change)

    assert not live_accesses(access.user).exists()
    assert not customers_for(access.user).exists()


def test_after_a_change_of_address_the_new_address_is_invited_anew(lead):
    contact = make_contact(email="old@customer.example")
    old = invite_contact(contact, role="sponsor", by=lead)
    type(contact).objects.filter(pk=contact.pk).update(email="new@customer.example")

    new = invite_contact(contact, role="sponsor", by=lead)

    old.refresh_from_db()
    assert old.revoked_at is not None
    assert new.user == User.objects.get(email="new@customer.example")
