"""Files over the interface: by the same rules, once for one key."""

from pathlib import Path

import pytest

from accounts.attachments.models import Attachment
from tests.factories.files import make_picture, upload
from tests.factories.rest import World, bearer

pytestmark = pytest.mark.django_db
URL = "/api/v1/attachments/"


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return World()


def send(client, world, file, token="owner's token", **fields):
    headers = bearer(world.secrets[token]) | fields.pop("headers", {})
    return client.post(URL, {"kind": "goals", "record": world.by_name("goal"), "file": file, **fields}, headers=headers)


def test_added_downloaded_and_found_by_its_record(client, world):
    answer = send(client, world, upload("photo.png", make_picture()))
    told = answer.json()
    headers = bearer(world.secrets["owner's token"])
    content = client.get(answer["Location"] + "content/", headers=headers)
    assert (answer.status_code, told["media_type"], told["shared"]) == (201, "image/png", False)
    assert (len(content.getvalue()), content["Content-Type"]) == (told["size"], "application/octet-stream")
    assert content["Content-Disposition"] == 'attachment; filename="photo.png"'
    found = client.get(f"{URL}?kind=goals&record={world.by_name('goal')}", headers=headers).json()["results"]
    assert {row["name"] for row in found} == {"photo.png", "plan.txt"}
    Path(Attachment.objects.get(name="photo.png").file.path).unlink()
    assert client.get(answer["Location"] + "content/", headers=headers).status_code == 409


def test_a_contacts_is_shared_whatever_is_said_and_ours_only_when_it_is_said(client, world):
    assert send(client, world, upload(), "contact's token", shared="false").json()["shared"] is True
    [inside] = [send(client, world, upload("inside.txt")).json()]
    path = f"{URL}{inside['id']}/"
    assert client.get(path, headers=bearer(world.secrets["contact's token"])).status_code == 404


def test_one_key_means_one_file_and_another_content_is_another_request(client, world):
    key = {"headers": {"Idempotency-Key": "k1"}}
    answers = [send(client, world, upload("a.txt", content), **key) for content in (b"A", b"A", b"B")]
    assert [answer.status_code for answer in answers] == [201, 201, 422]
    assert (answers[0].json(), Attachment.objects.filter(name="a.txt").count()) == (answers[1].json(), 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"file": upload("a.html", b"<html>")}, "file"), ({"file": upload("a", b"")}, "file"),
     ({"file": "no file"}, "file"), ({"kind": "x"}, "kind"), ({"record": "x"}, "record"), ({"name": "x"}, "name"),
     ({"kind": "customers"}, "record"),
     ({"kind": "goals\x00"}, "kind")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(client, world, wrong, field):
    before = Attachment.objects.count()
    answer = send(client, world, **{"file": upload(), **wrong})
    assert (answer.status_code, {one["attr"] for one in answer.json()["errors"]}) == (400, {field})
    assert Attachment.objects.count() == before
