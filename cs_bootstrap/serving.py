"""A served instance: database, worker, beat and, if wanted, the web server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cs_bootstrap import steps
from cs_bootstrap.instance import Instance
from cs_bootstrap.locks import FileLock
from cs_bootstrap.places import directory, write
from cs_bootstrap.ports import free_port
from cs_bootstrap.processes import Stop, Supervisor
from cs_bootstrap.progress import Failure, brief, say, step


@dataclass
class Server:
    instance: Instance
    supervisor: Supervisor
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/"

    def until_stopped(self) -> None:
        """Serve until a signal comes, which is the normal end."""
        try:
            with step("Starting the web server"):
                steps.await_web(self.instance, self.supervisor, self.port)
            say(f"\ncs_portal is at {self.url}   (Ctrl-C ends it)")
            self.supervisor.forever()
        except Stop:
            say("\nEnding …")


@contextmanager
def started(instance: Instance, *, web: bool, port: int | None) -> Iterator[Server]:
    """Everything up on the way in, everything down on the way out."""
    with _alone(instance), free_port(port) as number, instance.database():
        steps.migrate(instance)
        if web:
            steps.collect_static(instance)
        instance.environment.setdefault("CS_BASE_URL", f"http://localhost:{number}")
        supervisor = Supervisor(instance.environment, instance.use.repair if instance.use else lambda: None)
        server = Server(instance, supervisor, number)
        write(instance.var / "tmp" / "url", server.url if web else "")
        try:
            if web:
                steps.start_web(instance, supervisor, number)
            steps.start_jobs(instance, supervisor)
            yield server
        finally:
            with brief("Ending"):
                supervisor.end()


@contextmanager
def _alone(instance: Instance) -> Iterator[None]:
    """One server per instance. What an earlier one left in the broker is only news; the rows know what is due."""
    lock = FileLock(instance.var / "serve.lock")
    try:
        if not lock.try_take():
            at = (instance.var / "tmp" / "url").read_text() if (instance.var / "tmp" / "url").exists() else ""
            raise Failure(
                f"A ./cs already runs on {instance.var}{f', serving {at}' if at else ''}."
                " End it first, or set CS_VAR_DIR to another directory for a second instance."
            )
        shutil.rmtree(instance.var / "broker", ignore_errors=True)
        directory(instance.var / "broker")
        yield
    finally:
        lock.close()
