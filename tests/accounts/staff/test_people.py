"""Inviting colleagues, roles, teams, and closing the door."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Role, StaffInvitation, User
from accounts.outbox.models import OutboxMail
from accounts.outbox.rendering import render
from accounts.staff import services
from tests.factories.accounts import PASSWORD, make_contact, make_portal_access, make_team, make_user

pytestmark = pytest.mark.django_db
CHOSEN = "eleven quiet herons"
SECRETS = re.compile(rb'(name="csrfmiddlewaretoken" value="|x-csrftoken": ")[^"]*')


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


@pytest.fixture
def admin():
    return make_user(Role.ADMIN, password=PASSWORD)


def invite(admin, email="new@vendor.example", **fields):
    return services.invite_colleague(**{"email": email, "name": "New", "role": "csm", "by": admin, **fields})


def link(invitation):
    return reverse("invitation", args=[invitation.token])


def choose(client, invitation, password=CHOSEN, again=None):
    return client.post(link(invitation), {"password1": password, "password2": again or password})


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


# --- inviting -----------------------------------------------------------------------------------


def test_an_invited_colleague_chooses_a_password_and_comes_in_with_role_and_team(client, admin):
    team = make_team()
    client.force_login(admin)
    form = {"name": "Ada", "email": "Ada@vendor.example", "role": "csm", "language": "de", "teams": [team.public_id]}
    assert client.post(reverse("person_invite"), form).url == reverse("people")
    invitation = StaffInvitation.objects.get()
    client.logout()

    page = client.get(link(invitation))
    assert (page.status_code, page["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert "Passwort wählen" in page.content.decode()
    assert choose(client, invitation).url == reverse("dashboards:today")

    ada = User.objects.get(email="ada@vendor.example")
    assert (ada.name, ada.role, ada.language, list(ada.teams.all())) == ("Ada", "csm", "de", [team])
    assert ada.check_password(CHOSEN)
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert [verb for verb in verbs() if verb.startswith("person")] == ["person.invited", "person.invitation_accepted"]


def test_the_mail_names_the_inviter_and_carries_the_link_that_no_row_holds(admin):
    invitation = invite(admin, language="de")
    mail = OutboxMail.objects.get()
    message = render(mail)
    assert invitation.token in message.body
    assert str(admin) in message.subject
    assert message.reply_to == [admin.email]
    stored = str(vars(mail)) + str(StaffInvitation.objects.values().get()) + str(AuditEntry.objects.values().get())
    assert invitation.token not in stored


def test_reading_the_link_does_not_spend_it_and_posting_does(client, admin):
    invitation = invite(admin)
    for method in (client.get, client.head, client.get):
        assert method(link(invitation)).status_code == 200
    choose(client, invitation)
    client.logout()
    assert choose(client, invitation, "another good one 1").status_code == 404
    assert User.objects.get(pk=invitation.user_id).check_password(CHOSEN)


def test_a_link_ends_after_a_week_when_sent_anew_when_withdrawn_and_when_the_person_is_deactivated(client, admin):
    late, resent, withdrawn, gone = (invite(admin, f"{name}@vendor.example") for name in "abcd")
    newer = services.resend_invitation(resent.user, by=admin)
    services.withdraw_invitation(withdrawn.user, by=admin)
    services.deactivate(gone.user, by=admin)
    for invitation in (resent, withdrawn, gone):
        assert (client.get(link(invitation)).status_code, choose(client, invitation).status_code) == (404, 404)
    assert client.get(link(newer)).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert choose(client, late).status_code == 404


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t.swapcase(), lambda t: t + "A", lambda t: "x" * 27])
def test_a_changed_link_opens_nothing(client, admin, change):
    invitation = invite(admin)
    pages = set()
    for token in (change(invitation.token), "unknown"):
        answer = client.get(reverse("invitation", args=[token]))
        shown = SECRETS.sub(b"", answer.content.replace(token.encode(), b"TOKEN"))
        pages.add((answer.status_code, shown))
    assert len(pages) == 1


def test_somebody_who_is_logged_in_does_not_take_anothers_invitation(client, admin):
    invitation = invite(admin)
    client.force_login(admin)
    assert choose(client, invitation).status_code == 409
    assert not User.objects.get(pk=invitation.user_id).has_usable_password()


@pytest.mark.parametrize(
    ("first", "second"), [("short", "short"), ("password", "password"), (CHOSEN, "other"), ("", "")]
)
def test_a_bad_password_is_said_at_the_field_and_stores_nothing(client, admin, first, second):
    invitation = invite(admin)
    answer = client.post(link(invitation), {"password1": first, "password2": second})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert StaffInvitation.objects.get().accepted_at is None


def test_who_was_invited_cannot_log_in_or_reset_a_password_before_accepting(client, admin):
    person = invite(admin).user
    OutboxMail.objects.all().delete()
    client.post(reverse("account_login"), {"login": person.email, "password": ""})
    client.post(reverse("account_reset_password"), {"email": person.email})
    assert ("_auth_user_id" in client.session, OutboxMail.objects.exists()) == (False, False)


def test_an_address_that_is_in_use_is_not_invited(admin):
    contact = make_portal_access(make_contact(email="contact@customer.example")).user
    gone = make_user(Role.CSM, password=PASSWORD, is_active=False)
    here = make_user(Role.CSM)
    codes = []
    for email in (contact.email, gone.email, here.email, "no address"):
        with pytest.raises(ValidationError) as refused:
            invite(admin, email)
        codes.append(refused.value.code)
    assert codes == ["contact", "deactivated", "known", "invalid"]
    assert not StaffInvitation.objects.exists()


def test_an_invitation_that_was_withdrawn_can_be_made_again_with_another_role(client, admin):
    first = invite(admin)
    services.withdraw_invitation(first.user, by=admin)
    second = invite(admin, role="lead")
    assert second.user_id == first.user_id
    choose(client, second)
    assert User.objects.get(pk=first.user_id).role == Role.LEAD


@pytest.mark.parametrize("role", ["contact", "owner", ""])
def test_nobody_is_invited_with_a_role_that_is_none_of_a_colleague(client, admin, role):
    client.force_login(admin)
    form = {"name": "Ada", "email": "ada@vendor.example", "role": role, "language": "de"}
    assert client.post(reverse("person_invite"), form).status_code == 422
    assert not StaffInvitation.objects.exists()


# --- roles and the last administrator -------------------------------------------------------------


def test_a_change_of_role_ends_the_sessions_of_that_person_at_once(client, admin):
    person = make_user(Role.LEAD)
    other = type(client)()
    for browser in (client, other):
        browser.force_login(person)
        assert browser.get(reverse("dashboards:today")).status_code == 200
    services.change_role(person, role="viewer", by=admin)
    for browser in (client, other):
        assert browser.get(reverse("dashboards:today")).status_code == 302
        assert browser.get(reverse("api-customer-list")).status_code == 401


def test_saving_the_same_role_changes_nothing(client, admin):
    person = make_user(Role.LEAD)
    client.force_login(person)
    services.change_role(person, role="lead", by=admin)
    assert client.get(reverse("dashboards:today")).status_code == 200
    assert verbs() == []


@pytest.mark.parametrize("role", [Role.LEAD, Role.CSM, Role.ANALYST, Role.VIEWER])
def test_only_an_administrator_changes_people_and_nobody_raises_themselves(role):
    person, other = make_user(role), make_user(Role.VIEWER)
    writes = [
        lambda: services.change_role(other, role="viewer", by=person),
        lambda: services.deactivate(other, by=person),
        lambda: services.reactivate(other, by=person),
        lambda: services.change_teams(other, teams=[], by=person),
        lambda: invite(person),
        lambda: services.create_team(name="x", by=person),
    ]
    for write in writes:
        with pytest.raises(PermissionDenied):
            write()
    with pytest.raises(ValidationError):
        services.change_role(person, role="admin", by=person)
    person.refresh_from_db()
    assert person.role == role


def test_the_last_active_administrator_keeps_role_and_access(admin):
    invite(admin, role="admin")  # somebody who has not come in yet cannot take over
    make_user(Role.ADMIN, is_active=False)
    for write in (
        lambda: services.change_role(admin, role="lead", by=admin),
        lambda: services.deactivate(admin, by=admin),
    ):
        with pytest.raises(ValidationError) as refused:
            write()
        assert refused.value.code == "last_admin"
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)


def test_an_administrator_steps_down_when_another_one_stays(admin):
    make_user(Role.ADMIN)
    assert services.change_role(admin, role="lead", by=admin).role == Role.LEAD


# --- closing and opening the door -----------------------------------------------------------------


def test_deactivation_ends_all_sessions_and_reactivation_does_not_bring_them_back(client, admin):
    person = make_user(Role.CSM, password=PASSWORD)
    client.force_login(person)
    services.deactivate(person, by=admin)
    assert client.get(reverse("dashboards:today")).status_code == 302
    services.reactivate(person, by=admin)
    assert client.get(reverse("dashboards:today")).status_code == 302
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.get(reverse("dashboards:today")).status_code == 200
    assert verbs() == ["person.deactivated", "person.reactivated", "login.succeeded"]


def test_nobody_deactivates_themselves(admin):
    make_user(Role.ADMIN)
    with pytest.raises(ValidationError) as refused:
        services.deactivate(admin, by=admin)
    assert refused.value.code == "oneself"


def test_taking_portal_access_away_ends_the_contacts_sessions(client, admin):
    from accounts.portal_services import revoke_access

    access = make_portal_access()
    client.force_login(access.user)
    assert client.get(reverse("dashboards:profile")).status_code == 200
    revoke_access(access, by=admin)
    assert client.get(reverse("dashboards:profile")).status_code == 302


# --- pages ----------------------------------------------------------------------------------------


def test_the_list_tells_role_teams_last_login_and_state(client, admin):
    make_user(Role.CSM, name="Ada", teams=(make_team(name="North"),))
    make_user(Role.VIEWER, name="Gone", is_active=False)
    invite(admin)
    make_portal_access(invited_by=admin)
    client.force_login(admin)
    rows = [row.record.row for row in client.get(reverse("people")).context["table"].paginated_rows]
    shown = {
        row.person.name: (row.person.role, row.state, [str(team) for team in row.person.teams.all()]) for row in rows
    }
    assert shown == {
        admin.name: ("admin", "active", []),
        "Ada": ("csm", "active", ["North"]),
        "Gone": ("viewer", "deactivated", []),
        "New": ("csm", "invited", []),
    }


def test_a_search_finds_by_name_and_by_address(client, admin):
    make_user(Role.CSM, name="Ada", email="lovelace@vendor.example")
    client.force_login(admin)
    for text in ("ada", "LOVELACE"):
        rows = client.get(reverse("people"), {"q": text}).context["table"].paginated_rows
        assert [row.record.name for row in rows] == ["Ada"]
    assert client.get(reverse("people"), {"q": "nobody\x00"}).status_code == 200


@pytest.mark.parametrize("number", [1, 30])
def test_the_lists_ask_a_constant_number_of_queries(client, admin, django_assert_max_num_queries, number):
    for _number in range(number):
        make_user(Role.CSM, teams=(make_team(), make_team()))
    client.force_login(admin)
    for page in ("people", "teams"):
        with django_assert_max_num_queries(15):
            client.get(reverse(page))


def test_a_contact_is_not_a_person_to_administer(client, admin):
    contact = make_portal_access().user
    client.force_login(admin)
    assert client.get(reverse("person", args=[contact.public_id])).status_code == 404
    assert client.post(reverse("person_role", args=[contact.public_id]), {"role": "admin"}).status_code == 404
    contact.refresh_from_db()
    assert contact.role == Role.CONTACT


def test_the_page_says_why_the_last_administrator_stays(client, admin):
    client.force_login(admin)
    page = client.post(reverse("person_act", args=[admin.public_id, "deactivate"]), follow=True)
    assert b"last active administrator" in page.content


@pytest.mark.parametrize("data", [{"role": "contact"}, {"role": "king"}, {}])
def test_a_strange_role_is_refused(client, admin, data):
    person = make_user(Role.CSM)
    client.force_login(admin)
    client.post(reverse("person_role", args=[person.public_id]), data)
    person.refresh_from_db()
    assert person.role == Role.CSM


# --- teams ----------------------------------------------------------------------------------------


def test_a_team_is_made_filled_renamed_and_removed(client, admin):
    ada = make_user(Role.CSM)
    client.force_login(admin)
    page = client.post(reverse("team_new"), {"name": " North  West "})
    client.post(page.url, {"name": "North", "members": [ada.public_id]})
    assert [(str(team), team.active_members) for team in client.get(reverse("teams")).context["teams"]] == [
        ("North", 1)
    ]
    client.post(page.url + "remove/")
    assert (list(ada.teams.all()), verbs()) == ([], ["team.created", "team.changed", "team.removed"])


def test_two_teams_do_not_have_one_name(client, admin):
    make_team(name="North")
    client.force_login(admin)
    for name in ("north", "  ", "x" * 256):
        assert client.post(reverse("team_new"), {"name": name}).status_code == 422


def test_a_contact_is_no_member_of_a_team(client, admin):
    team, contact = make_team(), make_portal_access().user
    client.force_login(admin)
    answer = client.post(reverse("team", args=[team.public_id]), {"name": "N", "members": [contact.public_id]})
    assert (answer.status_code, team.members.exists()) == (422, False)
