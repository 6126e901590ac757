"""One line per person and news, in the application and by mail as they chose, and never past the gate."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as sent
from django.urls import reverse

from accounts.jobs.models import Job
from accounts.models import Role
from accounts.notifications import services
from accounts.notifications.models import Notification
from accounts.notifications.queries import unread
from accounts.notifications.services import notify
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import deliver, send_due
from kvi.playbooks.models import FollowUp
from kvi.playbooks.services import assign_follow_up
from tests.factories.accounts import make_customer, make_team, make_user
from tests.factories.playbooks import make_follow_up

pytestmark = pytest.mark.django_db
PAGE = "/notifications/"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def csm():
    return make_user(Role.CSM, name="Ada Berg", teams=(make_team(),), time_zone="Europe/Berlin")


@pytest.fixture
def customer(csm):
    return make_customer(owner=csm, name="Nordwind")


@pytest.fixture
def told(customer, csm):
    """One notification about a follow-up, by the channel."""

    def tell(channel="app", **fields):
        choose(csm, channel)
        row = make_follow_up(customer, **fields)
        return Notification.objects.get(user=csm, target=row.pk)

    return tell


def choose(user, channel, **hours):
    chosen = {"digest_hour": 8, "quiet_from": None, "quiet_until": None, **hours}
    services.choose(user, channels={"follow_up": channel, "job": channel}, **chosen)


def text(response):
    return response.content.decode()


def test_news_come_once_and_never_of_ones_own_doing(customer, csm):
    row = make_follow_up(customer, owner=None)
    news = {"key": "k", "customer": customer, "target": row.pk}
    assert notify(csm, "follow_up", by=None, **news) == notify(csm, "follow_up", by=None, **news)
    assert notify(csm, "follow_up", by=csm, **news | {"key": "own"}) is None
    assert Notification.objects.count() == 1
    make_follow_up(customer, by=csm)
    assert Notification.objects.count() == 1


@pytest.mark.parametrize("who", [Role.VIEWER, Role.ANALYST, Role.CONTACT, "inactive", None])
def test_whose_role_hears_nothing_of_it_is_not_told(customer, who):
    user = make_user(Role.CSM, is_active=False) if who == "inactive" else who and make_user(who)
    assert notify(user, "follow_up", key="k", by=None, customer=customer, target=1) is None


def test_assigning_tells_whoever_is_new(customer, csm):
    mate, lead = make_user(Role.CSM, teams=tuple(csm.teams.all())), make_user(Role.LEAD)
    row = make_follow_up(customer)
    assign_follow_up(row, owner=mate, deputy=csm, by=lead)
    assert list(Notification.objects.order_by("pk").values_list("user", flat=True)) == [csm.pk, mate.pk]


@pytest.mark.parametrize(
    ("channel", "lines", "mails"), [("app", 1, 0), ("mail", 1, 1), ("digest", 1, 0), ("off", 0, 0)]
)
def test_it_comes_as_the_person_chose(client, csm, told, channel, lines, mails):
    told(channel)
    client.force_login(csm)
    page = client.get(PAGE)
    assert (len(page.context["rows"]), OutboxMail.objects.count()) == (lines, mails)
    assert ("bell-count" in text(page)) == bool(lines)


def test_the_mail_says_it_in_the_persons_language_and_zone(csm, told):
    csm.language = "de"
    csm.save()
    told("mail", due_at=datetime(2027, 3, 1, 9, tzinfo=BERLIN), reason="<b>Call & ask</b>")
    send_due()
    [mail] = sent.outbox
    assert mail.subject == "Nordwind: Ein Nachfassen liegt bei Ihnen, fällig am 01.03.2027 09:00: <b>Call & ask</b>"
    assert (mail.to, FollowUp.objects.get().get_absolute_url() in mail.body) == ([csm.email], True)
    assert "&lt;b&gt;Call &amp; ask&lt;/b&gt;" in mail.alternatives[0].content


@pytest.mark.parametrize("change", ["deactivated", "viewer", "contact", "customer lost"])
@pytest.mark.parametrize("channel", ["mail", "digest"])
def test_who_may_not_know_it_any_more_hears_nothing(csm, customer, told, channel, change, time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 7, 50, tzinfo=BERLIN), tick=False)
    told(channel)
    if change == "customer lost":
        customer.owner = make_user(Role.CSM)
        customer.save()
    else:
        csm.is_active, csm.role = (False, csm.role) if change == "deactivated" else (True, change)
        csm.save()
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=BERLIN), tick=False)
    services.send_digests()
    send_due()
    assert (len(sent.outbox), unread(csm).count()) == (0, 0)


def test_quiet_hours_put_a_mail_off(csm, customer, time_machine):
    choose(csm, "mail", quiet_from=20, quiet_until=7)
    found = []
    for hour in (19, 21, 3):
        time_machine.move_to(datetime(2026, 11, 20, hour, 30, tzinfo=BERLIN), tick=False)
        make_follow_up(customer)
        found.append(OutboxMail.objects.latest("pk").due_at.astimezone(BERLIN))
    assert [f"{due:%d %H:%M}" for due in found] == ["20 19:30", "21 07:00", "20 07:00"]
    assert [deliver(mail.pk) for mail in OutboxMail.objects.order_by("-due_at")[:1]] == [False]


@pytest.mark.parametrize(("day", "hour"), [("2026-03-29", 2), ("2026-10-25", 2), ("2026-11-20", 8), ("2026-12-31", 23)])
def test_a_digest_comes_once_a_local_day_also_when_clocks_change(csm, customer, time_machine, day, hour):
    """promises.md R26: in March 02:00 does not exist, in October it comes twice."""
    midnight = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=BERLIN).timestamp()
    time_machine.move_to(midnight, tick=False)
    choose(csm, "digest", digest_hour=hour)
    for _two in range(2):
        make_follow_up(customer)
    mailed = []
    for half_hours in range(50):
        time_machine.move_to(midnight + half_hours * 1800, tick=False)
        if services.send_digests():
            mailed.append(datetime.now(BERLIN))
    assert [f"{at:%Y-%m-%d}" for at in mailed] == [day]
    assert mailed[0].hour == (3 if day == "2026-03-29" else hour)
    send_due()
    assert sent.outbox[0].body.count("/follow-ups/") == 2


def test_a_clock_that_jumps_sends_nothing_twice_skips_nothing_and_ends_no_session(client, csm, customer, time_machine):
    """promises.md R27: an hour back, a day ahead, and back again."""
    start = datetime(2026, 11, 20, 8, 30, tzinfo=BERLIN)
    time_machine.move_to(start - timedelta(hours=3), tick=False)
    client.force_login(csm)
    choose(csm, "digest", digest_hour=8)
    make_follow_up(customer)
    found = []
    for jump in (timedelta(), timedelta(hours=-1), timedelta(), timedelta(days=1), timedelta(), timedelta(days=1)):
        time_machine.move_to(start + jump, tick=False)
        found.append((services.send_digests(), send_due(), client.get("/notifications/").status_code))
        if jump == timedelta(hours=-1):
            make_follow_up(customer)  # what came meanwhile waits for the next digest
    assert found == [(1, 1, 200), (0, 0, 200), (0, 0, 200), (1, 1, 200), (0, 0, 200), (0, 0, 200)]
    assert [message.body.count("/follow-ups/") for message in sent.outbox] == [1, 1]


def test_what_is_read_is_not_in_the_digest(csm, told, time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 6, tzinfo=BERLIN), tick=False)
    told("digest")
    services.mark_all_read(csm)
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=BERLIN), tick=False)
    services.send_digests()
    send_due()
    assert sent.outbox == []


def test_opening_one_marks_it_read_and_leads_there(client, csm, told):
    row = told()
    client.force_login(csm)
    answer = client.post(reverse("notifications:open", args=[row.public_id]))
    assert answer.url == FollowUp.objects.get().get_absolute_url()
    told()
    assert len(client.get(PAGE + "?state=unread").context["rows"]) == 1
    client.post(reverse("notifications:read", args=[Notification.objects.latest("pk").public_id]))
    assert (client.get(PAGE + "?state=unread").context["rows"], len(client.get(PAGE).context["rows"])) == ([], 2)


def test_a_strangers_notification_does_not_exist(client, told):
    row = told()
    client.force_login(make_user(Role.ADMIN))
    for name in ("open", "read"):
        assert client.post(reverse(f"notifications:{name}", args=[row.public_id])).status_code == 404
    client.post(reverse("notifications:all_read"))
    row.refresh_from_db()
    assert row.read_at is None


@pytest.mark.parametrize("state", ["done", "failed"])
def test_whoever_started_a_job_hears_once_that_it_ended(client, csm, state):
    choose(csm, "app")
    now = datetime.now(BERLIN)
    for starter in (csm, None, make_user(Role.CONTACT)):
        Job.objects.create(kind="audit_check", started_by=starter, state=state, due_at=now, finished_at=now)
    assert [services.announce_jobs(), services.announce_jobs()] == [1, 0]
    client.force_login(csm)
    [row] = client.get(PAGE).context["rows"]
    assert ("has failed" in row.shown.text, row.shown.url) == (state == "failed", "/settings/jobs/")


def test_preferences_are_chosen_on_a_page(client, csm):
    client.force_login(csm)
    url = reverse("notifications:preferences")
    asked = client.get(url).context["form"].fields
    form = {name: "digest" for name in asked if name.startswith("channel")}
    hours = {"digest_hour": "17", "quiet_from": "20", "quiet_until": "7"}
    assert client.post(url, form | hours).status_code == 302
    chosen = csm.notification_preferences
    assert (chosen.channels["follow_up"], chosen.digest_hour, chosen.quiet_from) == ("digest", 17, 20)
    for wrong in ({"quiet_until": ""}, {"digest_hour": "24"}, {"digest_hour": ""}, {"channel_job": "x"}):
        answer = client.post(url, form | hours | wrong)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(wrong))


def test_what_is_half_a_year_old_is_gone(told, time_machine):
    row = told()
    Notification.objects.filter(pk=row.pk).update(created_at="2020-01-01T00:00Z")
    told()
    assert (services.forget_old(), Notification.objects.count()) == (1, 1)


@pytest.mark.parametrize("number", [1, 25])
def test_the_page_asks_a_constant_number_of_queries(client, csm, told, number, django_assert_max_num_queries):
    for _each in range(number):
        told()
    client.force_login(csm)
    with django_assert_max_num_queries(13):
        assert len(client.get(PAGE).context["rows"]) == number
