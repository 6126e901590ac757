"""The steps that bring an instance up, each skipped while what it depends on is unchanged."""

import hashlib
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from cs_bootstrap import virtualenv
from cs_bootstrap.instance import Instance
from cs_bootstrap.places import REQUESTS, ROOT, directory, write
from cs_bootstrap.processes import Service, Supervisor, command
from cs_bootstrap.progress import Failure, step

BEAT_AFTER = 4.0  # seconds: what waits for it has waited longer, and who has just started ./cs wants to see something


def migrate(instance: Instance) -> None:
    files = (path for package in ROOT.glob("*/__init__.py") for path in package.parent.rglob("migrations/*.py"))
    fingerprint = _fingerprint((*files, virtualenv.LOCKS["base"]))
    if instance.use is None or _differs(instance, "migrations", fingerprint):
        with step("Bringing the database's tables up to date"):
            _manage(instance, "migrate", "--noinput", "-v", "0")
        write(instance.stamp("migrations"), fingerprint)


def collect_static(instance: Instance) -> None:
    """Without the assets of pages we switched off, which would take longest to compress."""
    settings = ROOT / "cs_portal" / "settings.py"  # names the applications that bring files of their own
    fingerprint = _fingerprint((*ROOT.glob("static/**/*"), settings, virtualenv.LOCKS["base"]))
    if _differs(instance, "static", fingerprint):
        with step("Collecting static files"):
            _manage(instance, "collectstatic", "--noinput", "--clear", "-v", "0", "-i", "redoc", "-i", "rest_framework")
        write(instance.stamp("static"), fingerprint)


def start_jobs(instance: Instance, supervisor: Supervisor) -> None:
    """The worker and the one beat beside it."""
    log, celery = instance.var / "log", ["-m", "celery", "-A", "cs_portal"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO"]
    supervisor.add(Service("worker", [*celery, "worker", "-P", "threads", "-c", "4", *quiet], log / "worker.log"))
    beat = Service("beat", [*celery, "beat", "--pidfile=", "-l", "INFO"], log / "beat.log")
    supervisor.add(beat, after=BEAT_AFTER)


def start_web(instance: Instance, supervisor: Supervisor, port: int) -> None:
    shutil.rmtree(instance.var / REQUESTS, ignore_errors=True)  # an earlier server's counts
    directory(instance.var / REQUESTS)
    serve = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--respawn-failed-workers"]
    address = ["--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    arguments = ["-m", "granian", *serve, *address, "cs_bootstrap.web:application"]
    supervisor.add(Service("web", arguments, instance.var / "log" / "web.log"))


def await_web(instance: Instance, supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        supervisor.tend()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise Failure(f"The web server does not answer; its log is {instance.var / 'log' / 'web.log'}")


def setup_code(instance: Instance) -> str:
    """Where and with which code an empty installation is set up; nothing once it has an administrator."""
    asked = command(ROOT / "manage.py", "setup_code")
    done = subprocess.run(asked, env=instance.environment, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def _manage(instance: Instance, *arguments: str) -> None:
    done = subprocess.run(
        command(ROOT / "manage.py", *arguments),
        env=instance.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise Failure(f"manage.py {' '.join(arguments)} failed:\n{done.stdout.strip()}")


def _differs(instance: Instance, name: str, fingerprint: str) -> bool:
    stamp = instance.stamp(name)
    return not stamp.exists() or stamp.read_text() != fingerprint


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()
