"""Several ./cs on one database: the last one out stops it, however it goes."""

import os
import signal
import subprocess
import sys

import pytest

from cs_bootstrap.places import ROOT
from cs_bootstrap.postgres import Cluster
from cs_bootstrap.shared import Use
from tests.bootstrap.conftest import SITE_PACKAGES, alive, eventually, processes_of

HOLD = """
import sys, time
from pathlib import Path
from cs_bootstrap.postgres import Cluster
from cs_bootstrap.shared import Use
with Use(Cluster(Path(sys.argv[1]), Path(sys.argv[2]), durable=False)):
    print("up", flush=True)
    time.sleep(60)
"""


def hold(cluster: Cluster) -> subprocess.Popen[str]:
    """Another process that uses the cluster."""
    arguments = [sys.executable, "-c", HOLD, str(cluster.place), str(SITE_PACKAGES)]
    user = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    return user


def test_the_last_user_stops_the_server_and_killed_users_count_as_gone(cluster):
    with Use(cluster):
        server = cluster.server
        with hold(cluster) as other:
            assert cluster.server == server
            with Use(Cluster(cluster.place, SITE_PACKAGES, durable=False)):
                pass
            assert alive(server), "others still use it"
            other.kill()
        assert cluster.answers()
    assert not alive(server)
    assert processes_of(cluster.place) == []


def test_the_server_ends_when_its_only_user_is_killed(cluster):
    with hold(cluster) as user:
        server = cluster.server
        user.kill()
    assert eventually(lambda: not alive(server))
    assert eventually(lambda: not processes_of(cluster.place))


def test_killed_server_and_keeper_are_replaced_and_the_end_is_still_clean(cluster):
    with Use(cluster) as use:
        first = cluster.server
        os.kill(first, signal.SIGKILL)
        use._keeper.kill()
        use._keeper.wait()
        assert eventually(lambda: not alive(first))
        use.repair()
        assert cluster.answers()
        assert cluster.server != first
    assert processes_of(cluster.place) == []


INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from cs_bootstrap import processes, postgres
from cs_bootstrap.postgres import Cluster
from cs_bootstrap.shared import Use
cluster = Cluster(Path(sys.argv[1]), Path(sys.argv[2]), durable=False)
number, moment = int(sys.argv[3]), sys.argv[4]

def strike(*_):
    os.kill(os.getpid(), number)

if moment == "before the server has its pid file":
    # pg_ctl is let go on its own, as it does when ./cs is killed while it waits for it
    import subprocess
    as_it_is = subprocess.run
    def run(command, **options):
        if "pg_ctl" not in str(command[0]):
            return as_it_is(command, **options)
        del options["input"]
        subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, **options)
        strike()
    postgres.subprocess.run = run
else:
    ensure = cluster.ensure
    cluster.ensure = lambda: (ensure(), strike())
with processes.stoppable(), Use(cluster):
    raise AssertionError("not reached")
"""
MOMENTS = ["before the server has its pid file", "just after the server answered"]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_user_that_ends_while_the_server_starts_leaves_nothing_running(cluster, number, moment):
    with Use(cluster):
        pass  # the cluster is made
    script = [sys.executable, "-c", INTERRUPTED, str(cluster.place), str(SITE_PACKAGES), str(int(number)), moment]
    ended = subprocess.run(script, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert ended.returncode != 0
    assert eventually(lambda: not processes_of(cluster.place)), processes_of(cluster.place)
    with Use(cluster):
        assert cluster.answers()
