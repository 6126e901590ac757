"""Files of records: for whoever sees the record, shared only where that was wanted, given out to be saved."""

import io
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from accounts.attachments import services
from accounts.attachments.intake import plain_name
from accounts.attachments.models import Attachment
from accounts.attachments.services import add_attachments
from accounts.audit.models import AuditEntry
from accounts.comments.queries import thread_of
from accounts.comments.services import add_comment
from accounts.models import Role
from accounts.notifications.models import Notification
from accounts.records.merging import merge
from cs_portal.kit.filetypes import BROKEN, EMPTY, MARKUP
from reports.models import ValueReport
from tests.factories.accounts import (
    act_as_contact,
    make_contact,
    make_customer,
    make_portal_access,
    make_team,
    make_user,
)
from tests.factories.files import PDF, make_picture, upload
from tests.factories.kvi import LONG_AGO, make_goal, make_indicator, make_measurement
from tests.factories.playbooks import make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people():
    team = make_team()
    return {
        "owner": make_user(Role.CSM, teams=(team,), name="Ada Berg"),
        "colleague": make_user(Role.CSM, teams=(team,)),
        "stranger": make_user(Role.CSM, teams=(make_team(),)),
        **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
    }


@pytest.fixture
def customer(people):
    return make_customer(owner=people["owner"], name="Nordwind")


@pytest.fixture
def goal(customer):
    return make_indicator(make_goal(customer)).goal


@pytest.fixture
def access(customer):
    return make_portal_access(make_contact(customer, name="Kim Canary"), role="champion")


def address(name, *args, portal=False):
    return reverse(f"attachments:{'portal_' if portal else ''}{name}", args=args)


def add(record, by, *files, access=None, **options):
    thread = thread_of(record, by, access)
    return add_attachments(thread, files or [upload()], key=uuid4(), by=by, **options)


def send(client, record, *files, portal=False, kind="goals", headers=None, **fields):
    url = address("files", kind, record.public_id, portal=portal)
    return client.post(url, {"key": uuid4(), "files": files or [upload()], **fields}, headers=headers)


def text(response):
    return response.content.decode()


def download(client, file, portal=False):
    """The status, after reading to the end."""
    answer = client.get(address("download", file.public_id, portal=portal))
    answer.getvalue()
    return answer.status_code


def on_disk():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("who", "reads", "writes", "downloads"),
    [("owner", 200, 302, 200), ("colleague", 200, 302, 200), ("admin", 200, 302, 200), ("analyst", 200, 403, 200),
     ("viewer", 200, 403, 200), ("stranger", 404, 404, 404), ("anonymous", 302, 302, 302)],
)  # fmt: skip
def test_who_reads_adds_and_downloads(client, people, goal, who, reads, writes, downloads):
    [file] = add(goal, people["owner"])
    if who in people:
        client.force_login(people[who])
    page = client.get(address("files", "goals", goal.public_id))
    found = (
        page.status_code,
        send(client, goal).status_code,
        download(client, file),
    )
    assert found == (reads, writes, downloads)
    assert ("plan.txt" in text(page)) == (reads == 200)
    assert Attachment.objects.count() == 1 + (writes == 302 and who != "anonymous")


def test_every_record_that_is_talked_about_has_files_on_its_page(client, people, customer, goal):
    indicator = make_indicator(goal)
    report = {"period_start": LONG_AGO, "period_end": LONG_AGO.replace(year=LONG_AGO.year + 1), "language": "en"}
    records = {
        "customers": customer, "goals": goal, "indicators": indicator, "measurements": make_measurement(indicator),
        "follow-ups": make_follow_up(customer),
        "reports": ValueReport.objects.create(customer=customer, created_by=people["owner"], state="issued", **report),
    }  # fmt: skip
    client.force_login(people["owner"])
    for kind, record in records.items():
        answer = send(client, record, upload(f"{kind}.txt"), kind=kind)
        pages = answer.url, reverse("comments:thread", args=[kind, record.public_id])
        shown = [f"{kind}.txt" in text(client.get(page)) for page in pages]
        assert shown == [kind != "measurements", True], kind  # a measurement is a row on its indicator's page


def test_it_is_given_out_to_be_saved_and_nothing_else(client, people, goal):
    [file] = add(goal, people["owner"], upload("L\u00e4nder <b>.html", b"One & two"))
    client.force_login(people["viewer"])
    answer = client.get(address("download", file.public_id))
    names = "Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control"
    assert {name: answer.headers[name] for name in names} == {
        "Content-Type": "text/plain",
        "Content-Disposition": "attachment; filename*=utf-8''L%C3%A4nder%20%3Cb%3E.html.txt",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    assert answer.getvalue() == b"One & two"
    assert "L\u00e4nder &lt;b&gt;.html" in text(client.get(address("files", "goals", goal.public_id)))
    verbs = list(AuditEntry.objects.filter(target_type="attachments.attachment").values_list("verb", "actor"))
    assert verbs == [("attachment.downloaded", people["viewer"].pk), ("attachment.added", people["owner"].pk)]
    assert "nder" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_it_lies_on_disk_under_a_name_by_chance_for_the_server_only(people, goal):
    [file] = add(goal, people["owner"], upload("../../etc/passwd"))
    [path] = on_disk()
    assert (file.name, path.name in file.file.name, "passwd" in str(path)) == ("passwd", True, False)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("C:\\x\\plan.txt", "plan.txt"), ("a/../b.txt", "b.txt"), ("a\x00b\r\n\u202etxt.exe", "abtxt.exe"), ("..", "file"),
     ("", "file"), ("x" * 300 + ".docx", "x" * 195 + ".docx"), ("x" * 300, "x" * 200), ("Zalgo\u0301.txt",) * 2],
)  # fmt: skip
def test_a_name_is_a_name(given, kept):
    assert plain_name(given) == kept


def test_contacts_find_what_is_shared_and_nothing_else(client, people, customer, goal, access):
    [inside] = add(goal, people["owner"], upload("canary-inside.txt"))
    [shared] = add(goal, people["owner"], upload("for-you.txt"), shared=True)
    [internal] = add(customer, people["owner"])
    act_as_contact(client, access)
    for page in (
        reverse("kvi:portal_goal", args=[goal.public_id]),
        address("files", "goals", goal.public_id, portal=True),
    ):
        shown = text(client.get(page))
        assert ("canary" in shown, "for-you" in shown, "Visible to the customer" in shown) == (False, True, False)
    found = [download(client, file, portal=True) for file in (inside, shared, internal)]
    assert found == [404, 200, 404]
    assert download(client, shared) == 404
    assert client.get(address("files", "customers", customer.public_id, portal=True)).status_code == 404
    assert client.post(address("archive", shared.public_id, portal=True)).status_code == 403
    act_as_contact(client, make_portal_access(make_contact(make_customer())))
    assert download(client, shared, portal=True) == 404
    assert send(client, goal, portal=True).status_code == 404


def test_what_a_contact_adds_is_shared_and_the_owner_hears_of_it(client, people, goal, access):
    act_as_contact(client, access)
    assert send(client, goal, upload("ours.pdf", PDF), portal=True).status_code == 302
    file = Attachment.objects.get()
    assert (file.is_shared, file.access, file.type) == (True, access, "pdf")
    assert Notification.objects.get(kind="customer_file").user == people["owner"]
    assert client.post(address("archive", file.public_id, portal=True)).status_code == 302
    assert client.post(address("restore", file.public_id, portal=True)).status_code == 302
    client.force_login(people["owner"])
    [row] = client.get("/notifications/").context["rows"]
    assert row.shown.text == f"{access.user} of Nordwind adds a file: Goal, ours.pdf"
    assert "ours.pdf" in text(client.get(row.shown.url))
    act_as_contact(client, make_portal_access(make_contact(goal.customer), role="user"))
    assert send(client, goal, portal=True).status_code == 403


@pytest.mark.parametrize("who", ["viewer", "colleague", "stranger"])
def test_only_whoever_added_it_or_writes_for_the_customer_archives(client, people, goal, who):
    [file] = add(goal, people["owner"])
    client.force_login(people[who])
    found = [client.post(address(verb, file.public_id)).status_code for verb in ("archive", "restore")]
    assert found == [404 if who == "stranger" else 403] * 2
    file.refresh_from_db()
    assert file.archived_at is None


def test_archived_means_gone_until_it_is_brought_back(client, people, goal):
    [file] = add(goal, people["colleague"], upload("old.txt"), shared=True)
    client.force_login(people["owner"])
    answer = client.post(address("archive", file.public_id), follow=True)
    assert ("old.txt is archived." in text(answer), "1 archived file" in text(answer)) == (True, True)
    assert download(client, file) == 404
    client.force_login(people["viewer"])
    assert "old.txt" not in text(client.get(address("files", "goals", goal.public_id)))
    client.force_login(people["owner"])
    for _twice in range(2):
        client.post(address("restore", file.public_id))
    assert download(client, file) == 200
    verbs = (
        AuditEntry.objects.filter(target_type="attachments.attachment").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == [f"attachment.{verb}" for verb in ("added", "archived", "restored", "downloaded")]


BAD = {
    "nothing": ([], "Please choose a file."),
    "empty": ([upload("a.txt", b"")], EMPTY),
    "html as png": ([upload("a.png", b"<html><script>")], MARKUP),
    "svg": ([upload("a.svg", b"<svg onload='alert(1)'/>")], MARKUP),
    "cut picture": ([upload("a.png", make_picture()[:40])], BROKEN),
    "too large": ([upload("a.txt", b"x" * 1_200_000)], "The file is larger than 1 MB."),
    "eleven": ([upload(f"{number}.txt") for number in range(11)], "Please add at most 10 files at once."),
    "one bad of two": ([upload("good.txt"), upload("bad.svg", b"<svg/>")], f"bad.svg: {MARKUP}"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_upload_is_said_at_the_field_and_nothing_is_stored(client, people, goal, settings, case):
    settings.UPLOAD_MB = 1
    client.force_login(people["owner"])
    files, sentence = BAD[case]
    url = address("files", "goals", goal.public_id)
    for file in files:
        file.seek(0)
    answer = client.post(url, {"key": uuid4(), "files": files})
    assert (answer.status_code, Attachment.objects.count(), on_disk()) == (422, 0, [])
    assert answer.context["file_form"].errors == {"files": [sentence]}
    assert "invalid-feedback" in text(answer)


def test_a_wrong_key_and_an_archived_customer_are_refused(client, people, goal):
    client.force_login(people["owner"])
    assert send(client, goal, key="x").status_code == 422
    goal.customer.archived_at = goal.created_at
    goal.customer.save()
    assert send(client, goal).status_code == 422
    assert Attachment.objects.count() == 0


def test_the_same_form_twice_adds_once(client, people, goal):
    client.force_login(people["owner"])
    for _twice in range(2):
        send(client, goal, upload("a.txt", b"A"), upload("b.txt", b"B"), key="3f0e8f5c-5d0b-4c58-9a53-0d6c54f7a0de")
    assert ([file.name for file in Attachment.objects.all()], len(on_disk())) == (["a.txt", "b.txt"], 2)


def test_what_fails_half_way_leaves_no_file_behind(people, goal, monkeypatch):
    def full(*_args, **_options):
        raise OSError("No space left on device")

    monkeypatch.setattr(services, "_tell", full)
    with pytest.raises(OSError, match="No space"):
        add(goal, people["owner"], upload("a.txt", b"A"), upload("b.txt", b"B"))
    assert (Attachment.objects.count(), on_disk()) == (0, [])


def test_a_picture_is_stored_without_where_it_was_taken(client, people, goal):
    exif = Image.Exif()
    exif[0x010E] = "Canary at home"
    client.force_login(people["owner"])
    send(client, goal, upload("photo.jpg", make_picture("jpeg", exif=exif)))
    content = client.get(address("download", Attachment.objects.get().public_id)).getvalue()
    assert Image.open(io.BytesIO(content)).format == "JPEG"
    assert b"Canary" not in content


def test_a_file_that_is_gone_is_said_and_not_audited_as_given_out(client, people, goal):
    [file] = add(goal, people["owner"])
    default_storage.delete(file.file.name)
    client.force_login(people["owner"])
    answer = client.get(address("download", file.public_id))
    assert (answer.status_code, "restore it from a backup" in text(answer)) == (404, True)
    assert not AuditEntry.objects.filter(verb="attachment.downloaded").exists()


def test_a_strangers_file_is_not_even_read(client, goal):
    with_file = client.post(reverse("account_login"), {"login": "x", "files": upload()})
    assert (with_file.status_code, with_file.wsgi_request.FILES) == (200, {})


def test_htmx_gets_the_fragment(client, people, goal):
    client.force_login(people["owner"])
    for content, status, shown in ((b"Fine", 200, "fine.txt"), (b"", 422, str(EMPTY))):
        answer = send(client, goal, upload("fine.txt", content), headers={"HX-Request": "true"})
        assert (answer.status_code, shown in text(answer), "<html" in text(answer)) == (status, True, False)


def test_a_customers_files_and_comments_follow_when_it_is_merged(client, people, customer):
    other = make_customer(owner=people["owner"])
    add(customer, people["owner"], upload("of-the-twin.txt"))
    add_comment(thread_of(customer, people["owner"]), key=uuid4(), text="Said of the twin", by=people["owner"])
    merge(other, customer, by=people["admin"])
    client.force_login(people["owner"])
    page = text(client.get(other.get_absolute_url()))
    assert ("of-the-twin.txt" in page, "Said of the twin" in page) == (True, True)


@pytest.mark.parametrize("number", [1, 30])
def test_a_list_asks_a_constant_number_of_queries(client, people, goal, number, django_assert_max_num_queries):
    for _each in range(number):
        add(goal, people["lead"])
    client.force_login(people["colleague"])
    with django_assert_max_num_queries(12):
        assert len(client.get(address("files", "goals", goal.public_id)).context["files"]) == number
