"""A backup comes back equal, and nothing goes out a second time."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.attachments.services import add_attachments
from accounts.comments.queries import thread_of
from accounts.jobs.services import sweep
from accounts.models import Customer, Role
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import send_due
from cs_portal.backup import services
from cs_portal.backup.archive import MANIFEST, BackupError
from reports.models import Rendering, ValueReport
from tests.factories.accounts import make_user
from tests.factories.files import upload
from tests.factories.reports import issue, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var" / "files"
    (tmp_path / "var" / "keys").mkdir(parents=True)
    (tmp_path / "var" / "keys" / "secret-key").write_text("old key")
    return tmp_path / "var"


@pytest.fixture
def told(var):
    told = tell()
    issue(told)
    assert sweep() == 2
    return told


@pytest.fixture
def backup(told, tmp_path):
    file = tmp_path / "backup.tar"
    services.back_up(file)
    return file


def figures():
    out = io.StringIO()
    for level in ("portfolio", "customer", "kvi", "goal"):
        call_command("metrics", "--period", "2026-Q1", "--as-of", "2026-05-01", "--level", level, stdout=out)
    return out.getvalue()


def state():
    """Everything that must be the same: every number, the report's content, its files byte by byte, the mails."""
    files = [
        (row.file.name, row.file_hash, Path(row.file.path).read_bytes()) for row in Rendering.objects.order_by("pk")
    ]
    reports = list(ValueReport.objects.values_list("state", "content_hash", "content"))
    return figures(), reports, files, sorted(OutboxMail.objects.values_list("key", "message_id"))


def test_metrics_reports_and_hashes_are_equal_and_no_mail_goes_out_again(told, var, tmp_path):
    assert send_due() > 0
    OutboxMail.objects.filter(key__startswith="report").update(state="waiting")
    by = make_user(Role.ADMIN)
    [added] = add_attachments(thread_of(Customer.objects.first(), by), [upload()], key=uuid4(), by=by)
    before, sent = state(), len(mail.outbox)
    services.back_up(tmp_path / "backup.tar")
    Customer.objects.update(name="Somebody else")
    Path(Rendering.objects.first().file.path).unlink()
    Path(added.file.path).unlink()
    (var / "files" / "later.txt").write_text("came after the backup")
    (var / "keys" / "secret-key").write_text("new key")
    services.restore_backup(tmp_path / "backup.tar", force=True)
    assert state() == before
    assert hashlib.sha256(Path(added.file.path).read_bytes()).hexdigest() == added.digest
    assert (var / "keys" / "secret-key").read_text() == "old key"
    assert not (var / "files" / "later.txt").exists()
    assert set(OutboxMail.objects.values_list("state", flat=True)) <= {"sent", "parked"}
    assert (send_due(), len(mail.outbox)) == (0, sent)


def test_live_data_are_not_replaced_without_force(backup):
    Customer.objects.update(name="Still here")
    with pytest.raises(CommandError, match="holds 1 customers"):
        call_command("restore", str(backup))
    assert Customer.objects.get().name == "Still here"


def test_a_newer_backup_is_refused_and_changes_nothing(backup, tmp_path):
    newer = rewritten(backup, tmp_path, migrations=[["kvi", "9999_from_the_future"]])
    Customer.objects.update(name="Still here")
    with pytest.raises(BackupError, match=r"kvi\.9999_from_the_future"):
        services.restore_backup(newer, force=True)
    with pytest.raises(BackupError, match="newer version"):
        services.restore_backup(rewritten(backup, tmp_path, format=2), force=True)
    assert Customer.objects.get().name == "Still here"


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "evil", "text"])
def test_what_is_not_whole_is_refused_and_changes_nothing(backup, tmp_path, harm):
    raw, bad = backup.read_bytes(), tmp_path / "bad.tar"
    bad.write_bytes({
        "cut": raw[: len(raw) // 2], "changed": raw.replace(b"Nordwind", b"Nordwing"), "empty": b"",
        "evil": archive_of("files/../../evil"), "text": b"no tar at all",
    }[harm])  # fmt: skip
    Customer.objects.update(name="Still here")
    with pytest.raises(BackupError):
        services.restore_backup(bad, force=True)
    assert Customer.objects.get().name == "Still here"
    assert not (tmp_path / "evil").exists()


def test_a_dump_that_the_database_refuses_leaves_it_as_it_was(told, var, tmp_path, monkeypatch):
    real = services.dump

    def broken(target):
        real(target)
        target.write_bytes(target.read_bytes() + b"\nSELECT no_such_thing;\n")

    monkeypatch.setattr(services, "dump", broken)
    services.back_up(tmp_path / "broken.tar")
    Customer.objects.update(name="Still here")
    with pytest.raises(BackupError, match="no_such_thing"):
        services.restore_backup(tmp_path / "broken.tar", force=True)
    assert Customer.objects.get().name == "Still here"


def test_a_backup_is_never_overwritten_and_is_private(backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(backup))
    with pytest.raises(CommandError, match="no directory"):
        call_command("backup", str(backup.parent / "nowhere" / "b.tar"))
    assert backup.read_bytes() == before


def archive_of(name: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    return out.getvalue()


def rewritten(source: Path, folder: Path, **changes: object) -> Path:
    """The same backup with another manifest."""
    target = folder / f"{'-'.join(changes)}.tar"
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == MANIFEST:
                content = json.dumps(json.loads(content) | changes).encode()
                entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return target
