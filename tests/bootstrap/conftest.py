"""Real servers and processes in temporary directories; nothing is replaced by a stand-in."""

import os
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cs_bootstrap import virtualenv
from cs_bootstrap.places import var_directory
from cs_bootstrap.postgres import Cluster

SITE_PACKAGES = Path(sysconfig.get_path("purelib"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.bootstrap)
            if sys.platform != "linux":
                item.add_marker(pytest.mark.skip("these tests look into /proc"))


@pytest.fixture(autouse=True)
def _own_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtualenv, "PYTHON", Path(sys.executable))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return var_directory(tmp_path / "var") / "postgres"


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    """A cluster that is not made yet."""
    made = Cluster(place, SITE_PACKAGES, durable=False)
    yield made
    made.stop()


@pytest.fixture
def running(_server: Cluster) -> Cluster:
    """A running cluster, shared with the other tests of a module."""
    _server.ensure()
    return _server


@pytest.fixture(scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(var_directory(tmp_path_factory.mktemp("server") / "var") / "postgres", SITE_PACKAGES)
    yield made
    made.stop()


def eventually(holds: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and only not yet fetched by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processes_of(var: Path) -> list[str]:
    """Command lines of everything that runs on an instance, by the environment it was given."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if os.fsencode(var) in told and int(process.name) != os.getpid() and command:
            found.append(command)
    return found
