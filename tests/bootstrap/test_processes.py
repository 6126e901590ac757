"""Supervised processes: started again when they die, gone when we are."""

import os
import signal
import subprocess
import sys
import time

import pytest

from cs_bootstrap import processes
from cs_bootstrap.places import ROOT
from cs_bootstrap.processes import Service, Stop, Supervisor, foreground, stoppable
from tests.bootstrap.conftest import alive, eventually

PARENT = """
import os, sys
from pathlib import Path
from cs_bootstrap import virtualenv
from cs_bootstrap.processes import Service, Supervisor
virtualenv.PYTHON = Path(sys.executable)
supervisor = Supervisor(os.environ, lambda: None)
for name in ("one", "two"):
    supervisor.add(Service(name, ["-m", "tests.bootstrap.sleeper"], Path(sys.argv[1], name + ".log")))
print(*(service.process.pid for service in supervisor.services), flush=True)
supervisor.forever()
"""


@pytest.fixture
def supervisor():
    made = Supervisor(os.environ, lambda: None)
    yield made
    made.end()


@pytest.fixture
def sleeper(tmp_path):
    return Service("sleeper", ["-m", "tests.bootstrap.sleeper"], tmp_path / "sleeper.log")


def ready(service: Service) -> bool:
    return eventually(lambda: service.log.exists() and service.log.read_text().endswith("ready\n"))


def test_kill_9_of_the_parent_takes_every_child_along(tmp_path):
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        children = [int(pid) for pid in parent.stdout.readline().split()]
        assert eventually(lambda: all((tmp_path / f"{name}.log").read_text() for name in ("one", "two")))
        assert [alive(child) for child in children] == [True, True]
        parent.kill()
    assert eventually(lambda: not any(alive(child) for child in children), seconds=3)


def test_a_killed_service_starts_again_and_later_each_time(supervisor, sleeper, capfd):
    supervisor.add(sleeper)
    for restart in (1, 2):
        os.kill(sleeper.process.pid, signal.SIGKILL)
        while sleeper.failures < restart or sleeper.process is None:
            supervisor.tend()
            time.sleep(0.05)
    assert alive(sleeper.process.pid)
    told = capfd.readouterr()
    assert [line.split("; see")[0] for line in told.err.splitlines()] == [
        "sleeper ended with -9, next start in 0.2 s",
        "sleeper ended with -9, next start in 2 s",
    ]
    assert told.out == ""


def test_a_service_that_may_wait_starts_while_the_others_are_tended(supervisor, sleeper):
    supervisor.add(sleeper, after=0.3)
    supervisor.tend()
    assert sleeper.process is None
    assert eventually(lambda: supervisor.tend() or sleeper.process)
    supervisor.end()


def test_services_that_end_when_asked_are_not_killed(supervisor, sleeper):
    supervisor.add(sleeper)
    assert ready(sleeper)
    process = sleeper.process
    supervisor.end()
    assert process.returncode == 0
    assert "asked to end" in sleeper.log.read_text()


def test_a_service_that_does_not_listen_is_killed_after_its_grace(supervisor, sleeper, monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 0.3)
    sleeper.arguments.append("deaf")
    supervisor.add(sleeper)
    assert ready(sleeper)
    process, began = sleeper.process, time.monotonic()
    supervisor.end()
    assert process.returncode == -signal.SIGKILL
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(("end", "status"), [("sys.exit(7)", 7), ("os.kill(os.getpid(), 15)", 143), ("", 0)])
def test_the_exit_status_of_a_command_is_ours(tmp_path, end, status):
    script = tmp_path / "script.py"
    script.write_text(f"import os, sys\n{end}\n")
    assert foreground([str(script)], os.environ) == status


def test_while_a_command_runs_the_services_are_tended(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import time; time.sleep(0.8)")
    tended: list[float] = []
    assert foreground([str(script)], os.environ, lambda: tended.append(time.monotonic())) == 0
    assert tended


NOHUP = """
import os, signal
from cs_bootstrap.processes import Stop, stoppable
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with stoppable():
    os.kill(os.getpid(), signal.SIGHUP)
print("still here")
"""


def test_started_by_nohup_it_outlives_the_terminal():
    told = subprocess.run([sys.executable, "-c", NOHUP], cwd=ROOT, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (0, "still here\n")


def test_the_second_signal_does_not_disturb_the_end():
    ended = []

    def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            ended.append("in order")

    with pytest.raises(Stop) as stop, stoppable():
        work()
    assert (stop.value.status, ended) == (143, ["in order"])
