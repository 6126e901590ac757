"""``manage.py ravenstack SOURCE TARGET``: that vendor's tables as files that ``load`` takes."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.integrations.ravenstack import SourceError, convert


class Command(BaseCommand):
    help = "Turn RavenStack's accounts.csv and subscriptions.csv into contract files for 'load'."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="the folder with RavenStack's tables")
        parser.add_argument("target", type=Path, help="the folder to write customers.csv and subscriptions.csv into")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = convert(options["source"], options["target"])
        except SourceError as error:
            raise CommandError(str(error), returncode=2) from error
        for name, rows in written.items():
            self.stdout.write(f"{name} rows={rows}")
