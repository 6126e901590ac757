"""The commands of ./cs."""

import argparse
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from cs_bootstrap import ports, serving, steps, virtualenv
from cs_bootstrap.instance import Instance
from cs_bootstrap.places import ROOT
from cs_bootstrap.processes import Stop, foreground, stoppable
from cs_bootstrap.progress import Failure, say

ABOUT = """usage: ./cs COMMAND [ARGS ...]

  demo      a demo company with measured goals, a value report as PDF and logins, served on localhost
  serve     web server, worker and beat on your own data
  load      read a directory of CSV files             (short for: ./cs manage load)
  metrics   print measured metrics                    (short for: ./cs manage metrics)
  backup    write database, files and keys into one file, also while the product is used
  restore   replace this installation by a backup
  doctor    examine this installation: versions, database, mail, worker, disk, settings
  manage    any other command of manage.py, with the database started if need be
  test      all tests, browser tests included

Each command explains itself with --help. Everything written lives in CS_VAR_DIR (default: var/ beside ./cs);
DATABASE_URL names a PostgreSQL server of your own instead of the private one."""

PASSED_ON = {
    "load": """usage: ./cs load DIR [--mapping NAME_OR_PATH] [--dry-run] [--strict]

Read the CSV files of a directory in load order; with --mapping another system's export. Standard output: one line
per file with its counts; standard error: one line per rejection or warning. Exit status: 0 nothing rejected, 1
something rejected, 2 wrong call.""",
    "metrics": """usage: ./cs metrics [CODE ...] --period P [--level L] [--subject EXTERNAL_ID] [--variant V]
                    [--as-of DATE] --format json|csv|table

Print metrics, by default every one that is defined for the portfolio, in its default variant, as of today.""",
    "backup": """usage: ./cs backup FILE

Write database, files and keys into one new file, readable by you only; may run while the product is used.""",
    "restore": """usage: ./cs restore FILE [--force]

Replace this installation by what ./cs backup has written. Everything is read and compared first; over an installation
that holds data only with --force. Mail that was not sent yet is parked, and everybody logs in again.""",
    "doctor": """usage: ./cs doctor [--json]

Examine this installation, one line for each thing with what to do about it. Exit status: 0 nothing failed, 1 something
failed.""",
    "manage": """usage: ./cs manage ARGS ...

Run manage.py ARGS in this instance's environment, with its database started if need be. Standard output and
exit status are those of manage.py. `./cs manage help` lists its commands.""",
}
WITHOUT_TABLES = {
    "migrate",
    "makemigrations",
    "showmigrations",
    "sqlmigrate",
    "check",
    "doctor",
    "dbshell",
    "help",
    "spectacular",
}


PORT = "port on localhost (default: the first free one from 8000 on)"


def main(arguments: list[str]) -> int:
    name, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    try:
        with stoppable():
            return run(name, rest)
    except Failure as problem:
        say(f"cs: {problem}")
        return 1
    except OSError as problem:
        say(f"cs: {problem.filename or 'input or output'}: {problem.strerror or problem}")
        return 1
    except Stop as stop:
        return stop.status


def run(name: str, rest: list[str]) -> int:
    if name in ("-h", "--help", "help"):
        print(ABOUT)
        return 0
    if name in PASSED_ON:
        return passed_on(name, rest)
    if name in OWN:
        return OWN[name](rest)
    say(f"cs: there is no command {name}\n\n{ABOUT}")
    return 2


def passed_on(name: str, rest: list[str]) -> int:
    """manage.py with its standard output untouched; what ./cs itself has to say goes to standard error."""
    if rest[:1] in (["-h"], ["--help"]):
        print(PASSED_ON[name])
        return 0
    virtualenv.prepare("base")
    instance = Instance()
    arguments = rest if name == "manage" else [name, *rest]
    with instance.database():
        if arguments and arguments[0] not in WITHOUT_TABLES and instance.use:
            steps.migrate(instance)
        if arguments[:1] == ["migrate"]:
            instance.stamp("migrations").unlink(missing_ok=True)
        return foreground([str(ROOT / "manage.py"), *arguments], instance.environment)


def serve(rest: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./cs serve", description="Web server, worker and beat on your own data.")
    parser.add_argument("--port", type=ports.number, help=PORT)
    options = parser.parse_args(rest)
    virtualenv.prepare("base")
    with serving.started(Instance(), web=True, port=options.port) as server:
        if code := steps.setup_code(server.instance):
            say(f"\nNobody administers this installation yet. Set it up at\n{code}")
        server.until_stopped()
    return 0


def day(text: str) -> date:
    """For argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day: write it as 2026-03-31") from None


def demo(rest: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./cs demo", description="A demo company, ready to look at.")
    parser.add_argument("--no-serve", action="store_true", help="end after the value report is written")
    parser.add_argument("--reset", action="store_true", help="make the demo company anew; touches nothing else")
    parser.add_argument("--anchor", metavar="DATE", type=day, help="the day the demo takes for today (default: today)")
    parser.add_argument("--port", type=ports.number, help=PORT)
    options = parser.parse_args(rest)
    virtualenv.prepare("base")
    arguments = [str(ROOT / "manage.py"), "demo", *(["--reset"] if options.reset else [])]
    arguments += ["--anchor", str(options.anchor)] if options.anchor else []
    with serving.started(Instance(), web=not options.no_serve, port=options.port) as server:
        say("· Starting worker and beat, and the demo with them")
        status = foreground(arguments, server.instance.environment, server.supervisor.tend)
        if status == 0 and not options.no_serve:
            server.until_stopped()
    return status


def test(rest: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./cs test", description="All tests, or those that the arguments for pytest name.", allow_abbrev=False
    )
    parser.add_argument("--deep", action="store_true", help="the long runs too")
    options, arguments = parser.parse_known_args(rest)
    virtualenv.prepare("dev")
    instance = Instance("test", durable=False)
    spread = (
        [] if any(part.startswith(("-n", "--pdb", "--collect-only", "--co")) for part in arguments) else ["-n", "auto"]
    )
    deep = ["-m", ""] if options.deep else []
    # pytest reads the settings before a conftest of ours could say this
    instance.environment.setdefault("CS_STATIC_STORAGE", "django.contrib.staticfiles.storage.StaticFilesStorage")
    if ROOT not in (Path.cwd(), *Path.cwd().parents):
        os.chdir(ROOT)
    instance.environment.setdefault("CS_STATIC_STORAGE", "django.contrib.staticfiles.storage.StaticFilesStorage")
    with instance.database():
        return foreground(["-m", "pytest", *spread, *deep, *arguments], instance.environment)


OWN: dict[str, Callable[[list[str]], int]] = {"demo": demo, "serve": serve, "test": test}
