"""./cs as people and scripts call it."""

import os
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from cs_bootstrap import virtualenv
from cs_bootstrap.places import ROOT
from tests.bootstrap.conftest import eventually, processes_of

current = pytest.mark.skipif(
    not virtualenv.is_current("base"), reason=".venv does not hold the locked packages: ./cs test brings them"
)


def call(*arguments: str, var: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "cs", *arguments], env=surroundings(var, **more), capture_output=True, text=True)


def surroundings(var: Path, **more: str) -> dict[str, str]:
    """A person's environment: nothing of the test run's own."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("CS_", "DJANGO", "DATABASE", "PYTEST"))
    }
    return {**kept, "CS_VAR_DIR": str(var), **more}


@pytest.mark.parametrize("name", ["demo", "serve", "test", "load", "metrics", "backup", "restore", "manage"])
def test_every_command_explains_itself_and_writes_nothing(name, tmp_path):
    answer = call(name, "--help", var=tmp_path / "var")
    assert answer.returncode == 0
    assert answer.stdout.startswith(f"usage: ./cs {name} ")
    assert answer.stderr == ""
    assert not (tmp_path / "var").exists()
    assert f"  {name} " in call("--help", var=tmp_path).stdout


def test_an_unknown_command_is_refused_with_the_list(tmp_path):
    answer = call("dmeo", var=tmp_path / "var")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "no command dmeo" in answer.stderr


@current
def test_manage_hands_through_arguments_output_and_exit_status(tmp_path):
    var = tmp_path / "var"
    answer = call("manage", "showmigrations", "audit", var=var)
    assert answer.returncode == 0
    assert not [line for line in answer.stderr.splitlines() if not line.startswith("· ")]
    assert answer.stdout.startswith("audit\n [ ] 0001_initial\n")
    answer = call("manage", "check", "--nonsense", var=var)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "--nonsense" in answer.stderr
    assert processes_of(var) == []


@current
def test_database_url_is_used_instead_of_a_server_of_our_own(tmp_path):
    url = "postgres://nobody@127.0.0.1:1/none"
    code = "from django.conf import settings; print(settings.DATABASES['default']['PORT'])"
    answer = call("manage", "shell", "-v", "0", "-c", code, var=tmp_path / "var", DATABASE_URL=url)
    assert (answer.returncode, answer.stdout) == (0, "1\n")
    assert not (tmp_path / "var" / "postgres").exists()


@current
def test_serve_answers_survives_kill_9_and_ends_clean(tmp_path):
    var = tmp_path / "var"
    first, url = serve(var)
    with first:
        assert urllib.request.urlopen(f"{url}healthz").status == 200
        assert f"serving {url}" in call("serve", var=var).stderr
        assert eventually(lambda: any(" beat " in command for command in processes_of(var)))
        assert len(processes_of(var)) >= 8, "./cs, postgres, keeper, web with two workers, worker, beat"
        first.kill()
    assert eventually(lambda: not processes_of(var)), processes_of(var)
    second, url = serve(var)
    with second:
        assert urllib.request.urlopen(f"{url}healthz").status == 200
        second.send_signal(signal.SIGINT)
        assert second.wait(30) == 0
    assert processes_of(var) == []


def serve(var: Path) -> tuple[subprocess.Popen[str], str]:
    """A ./cs serve that says it is up, and where."""
    environment = surroundings(var, CS_STATIC_STORAGE="django.contrib.staticfiles.storage.StaticFilesStorage")
    server = subprocess.Popen([ROOT / "cs", "serve"], env=environment, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    for line in server.stderr:
        if "cs_portal is at" in line:
            return server, line.split()[3]
    raise AssertionError(f"./cs serve ended with {server.wait()}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "--port", "99999"], "99999 is no port: give a number from 1 to 65535"),
        (["demo", "--port", "0"], "0 is no port"),
        (["demo", "--anchor", "2025-02-29"], "2025-02-29 is no day: write it as 2026-03-31"),
    ],
)
def test_a_wrong_call_is_told_before_anything_is_made(tmp_path, arguments, said):
    answer = call(*arguments, var=tmp_path / "var")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert said in answer.stderr
    assert not (tmp_path / "var").exists()


@current
def test_a_place_that_cannot_be_written_is_named_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    answer = call("manage", "check", var=tmp_path / "file")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == (
        f"cs: CS_VAR_DIR ({tmp_path}/file) must be a directory that this account can write into;"
        f" {tmp_path}/file/broker: Not a directory.\n"
    )
