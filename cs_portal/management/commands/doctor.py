"""``./cs doctor``: is everything as it should be, and what to do where it is not."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.system.doctor import FAILED, Line, examine


class Command(BaseCommand):
    help = "Examine this installation; exit status 1 when something has failed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = examine()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(line) for line in lines], indent=2))
        else:
            self.stdout.write("\n".join(map(printed, lines)))
        if any(line.state == FAILED for line in lines):
            raise SystemExit(1)


def printed(line: Line) -> str:
    text = f"{line.state:<8} {line.name:<12} {line.found}"
    return f"{text}\n{'':<22}{line.todo}" if line.todo else text
