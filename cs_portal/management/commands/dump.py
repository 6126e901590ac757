"""``manage.py dump DIR``: the workspace's facts as the contract's files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.integrations.dumping import DumpError, dump_directory
from accounts.workspace import printed_settings
from kvi.health.queries import stored_health


class Command(BaseCommand):
    help = "Write the facts as files that `load` takes, and settings.json for `settings --file`. It is no backup."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path, help="a new or empty folder")

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        settings = {"settings": printed_settings(), **stored_health()}
        try:
            dump_directory(directory, settings, by=None, told=self._tell)
        except DumpError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            "This is no backup: signatures, comments, follow-ups, files and reports are not in it. Use `backup FILE`."
        )

    def _tell(self, name: str, rows: int) -> None:
        self.stdout.write(f"{name} rows={rows}")
