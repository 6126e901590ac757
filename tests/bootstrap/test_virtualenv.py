"""When .venv is filled again, and what is said where it cannot be made."""

import os
import signal
import subprocess
import sys

import pytest

from cs_bootstrap import virtualenv
from cs_bootstrap.places import ROOT
from cs_bootstrap.progress import Failure
from tests.bootstrap.conftest import eventually, processes_of


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An environment with a stamp, beside two lock files."""
    locks = {kind: tmp_path / f"{kind}.txt" for kind in ("base", "dev")}
    for kind, lock in locks.items():
        lock.write_text(f"{kind}==1 \\\n    --hash=sha256:00\n")
    for name, path in (("PYTHON", tmp_path / "python"), ("STAMP", tmp_path / "stamp"), ("LOCKS", locks)):
        monkeypatch.setattr(virtualenv, name, path)
    (tmp_path / "python").touch()
    return tmp_path


def stamp(checkout, kind):
    (checkout / "stamp").write_text(f"{kind} {virtualenv._fingerprint(kind)} {virtualenv.PYTHON.resolve()}\n")


@pytest.mark.parametrize(
    ("have", "want", "is_current"),
    [("base", "base", True), ("base", "dev", False), ("dev", "dev", True), ("dev", "base", True)],
)
def test_the_environment_for_tests_holds_the_one_for_running(checkout, have, want, is_current):
    stamp(checkout, have)
    assert virtualenv.is_current(want) is is_current


@pytest.mark.parametrize("changed", ["base", "dev"])
def test_a_changed_lock_means_installing_again(checkout, changed):
    stamp(checkout, "dev")
    (checkout / f"{changed}.txt").write_text("other==2\n")
    assert not virtualenv.is_current("dev")


def test_a_removed_interpreter_means_making_it_again(checkout):
    stamp(checkout, "base")
    (checkout / "python").unlink()
    assert not virtualenv.is_current("base")


def test_another_interpreter_behind_the_link_means_making_it_again(checkout):
    stamp(checkout, "base")
    (checkout / "python").rename(checkout / "python3.11")
    (checkout / "python3.12").touch()
    (checkout / "python").symlink_to("python3.12")
    assert not virtualenv.is_current("base")


def test_an_environment_whose_installation_was_stopped_is_made_from_scratch(checkout, monkeypatch):
    done = []

    def stopped(lock):
        done.append("install")
        raise KeyboardInterrupt

    monkeypatch.setattr(virtualenv, "_make", lambda: done.append("make"))
    monkeypatch.setattr(virtualenv, "_install", stopped)
    stamp(checkout, "base")
    for _attempt in range(2):
        with pytest.raises(KeyboardInterrupt):
            virtualenv.prepare("dev")
    assert done == ["install", "make", "install"]
    monkeypatch.setattr(virtualenv, "_install", done.append)
    virtualenv.prepare("dev")
    assert done[3:] == ["make", virtualenv.LOCKS["dev"]]
    assert virtualenv.is_current("dev")


def test_without_pip_and_ensurepip_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Failure) as told:
        virtualenv._make()
    assert "apt-get install python3-venv" in str(told.value)
    assert "\n" not in str(told.value)


def test_with_pip_alone_the_environment_is_made_without_one_of_its_own(monkeypatch):
    calls = []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    monkeypatch.setattr(virtualenv, "_call", lambda *command: calls.append(command))
    virtualenv._make()
    assert [command[-2:] for command in calls] == [("--without-pip", virtualenv.PLACE)]


INSTALLING = """
import sys
from cs_bootstrap import virtualenv
from cs_bootstrap.processes import Stop, stoppable
grandchild = "import sys, time; print(sys.argv); time.sleep(60)"
child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}, sys.argv[1]])"
try:
    with stoppable():
        virtualenv._call(sys.executable, "-c", child, sys.argv[1])
except Stop as stop:
    sys.exit(stop.status)
"""


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGKILL, -9), (signal.SIGTERM, 143), (signal.SIGINT, 130)],
    ids=["kill", "term", "int"],
)
def test_an_installation_that_is_stopped_leaves_none_of_its_processes(tmp_path, number, status):
    """The programs that install start others, which would go on and clash with the next attempt."""
    with subprocess.Popen([sys.executable, "-c", INSTALLING, str(tmp_path)], cwd=ROOT) as installing:
        assert eventually(lambda: len(processes_of(tmp_path)) >= 4), processes_of(tmp_path)
        os.kill(installing.pid, number)
    assert installing.returncode == status
    assert eventually(lambda: not processes_of(tmp_path)), processes_of(tmp_path)


def test_what_a_failed_installation_said_is_shown():
    with pytest.raises(Failure, match=r"(?s)failed:.*no such package"):
        virtualenv._call(sys.executable, "-c", "import sys; print('no such package'); sys.exit(3)")
