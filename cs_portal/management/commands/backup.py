"""``manage.py backup FILE``: database, files and keys in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cs_portal.backup.archive import BackupError
from cs_portal.backup.services import back_up


class Command(BaseCommand):
    help = "Write database, files and keys into one new file; may run while the product is used."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a new file, e.g. cs_portal-2026-11-26.tar")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = back_up(file.absolute())
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: {len(manifest.parts)} parts. Keep it safe: it holds personal data and the keys.")
