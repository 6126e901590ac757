"""The private PostgreSQL: who runs it, who gets in, and what it survives."""

import os
import signal
import stat
from pathlib import Path

import psycopg
import pytest

from cs_bootstrap.postgres import Cluster
from cs_bootstrap.progress import Failure
from tests.bootstrap.conftest import SITE_PACKAGES, alive, eventually


def ask(cluster: Cluster, query: str) -> tuple[object, ...] | None:
    with psycopg.connect(cluster.url()) as connection:
        return connection.execute(query).fetchone()


def test_our_role_owns_its_database_and_is_no_superuser(running):
    assert ask(
        running,
        "SELECT rolsuper, rolcreatedb, rolcreaterole, pg_get_userbyid(datdba) = rolname, datlocprovider, datlocale"
        " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()",
    ) == (False, True, False, True, "b", "C.UTF-8")


def test_nobody_gets_in_without_the_password_and_there_is_no_port(running):
    for role in ("postgres", "cs_portal"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host=str(running.socket_directory), user=role, dbname="cs_portal", password="wrong")
    assert ask(running, "SELECT current_setting('listen_addresses')") == ("",)


def test_data_socket_and_passwords_are_closed_to_others(running):
    private = (running.data, running.socket_directory, *running.place.glob("*-password"))
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in private} == {0}
    assert len(private) == 4


def test_what_people_write_is_not_in_the_servers_log(running):
    with psycopg.connect(running.url()) as connection:
        connection.execute("CREATE TEMP TABLE said (word text PRIMARY KEY)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO said VALUES ('canary'), ('canary')")
    log = (running.place / "log" / "server.log").read_text()
    assert "duplicate key" in log
    assert "canary" not in log


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_for_root_the_server_runs_as_an_account_that_owns_nothing_else(running):
    owner = running.data.stat().st_uid
    assert owner != 0
    assert running.server is not None
    assert Path(f"/proc/{running.server}").stat().st_uid == owner


def test_nothing_above_the_instance_changes_its_mode(cluster, tmp_path):
    above = (tmp_path, *tmp_path.parents)
    before = [path.stat().st_mode for path in above]
    cluster.ensure()
    assert [path.stat().st_mode for path in above] == before


def test_data_outlive_kill_9_of_the_server(running):
    with psycopg.connect(running.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS answer")
    killed = running.server
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: not alive(killed))
    running.ensure()
    assert ask(running, "SELECT answer FROM kept") == (7,)


def test_a_left_over_pid_file_naming_somebody_else_is_no_obstacle(running):
    running.stop()
    (running.data / "postmaster.pid").write_text(f"{os.getpid()}\n{running.data}\n")
    running.ensure()
    assert running.answers()


def test_a_second_start_finds_the_running_server(running):
    running.ensure()
    first = running.server
    Cluster(running.place, SITE_PACKAGES).ensure()
    assert running.server == first


def test_stop_leaves_no_process_and_no_socket(running):
    running.ensure()
    server, sockets = running.server, running.socket_directory
    running.stop()
    assert running.server is None
    assert not alive(server)
    assert not list(sockets.glob(".s.*"))


def test_a_start_cut_short_leaves_nothing_that_hinders_the_next(cluster):
    (cluster.place / "data.new" / "base").mkdir(parents=True)
    cluster.ensure()
    assert cluster.answers()
    assert not (cluster.place / "data.new").exists()


def test_a_long_path_puts_the_socket_into_a_temporary_directory_of_its_own(tmp_path):
    place = tmp_path / ("deep-" * 20) / "postgres"
    place.parent.mkdir()
    cluster = Cluster(place, SITE_PACKAGES, durable=False)
    try:
        cluster.ensure()
        outside = cluster.socket_directory.parent
        assert place not in cluster.socket_directory.parents
        assert stat.S_IMODE(cluster.socket_directory.stat().st_mode) == 0o700
        assert (place / "data" / "base").is_dir()
        assert cluster.answers()
    finally:
        cluster.stop()
    assert not outside.exists()


def test_data_of_another_version_are_refused_with_the_way_to_take_them_over(cluster):
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(Failure) as refused:
        cluster.ensure()
    for part in ("PostgreSQL 17", "pg_dump", "dbshell", str(cluster.data)):
        assert part in str(refused.value)
