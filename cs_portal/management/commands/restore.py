"""``manage.py restore FILE``: this installation becomes what the backup holds."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cs_portal.backup.archive import BackupError
from cs_portal.backup.services import restore_backup


class Command(BaseCommand):
    help = "Replace this installation by a backup. Mail that was not sent yet is parked; everybody logs in again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="what `backup` has written")
        parser.add_argument("--force", action="store_true", help="also over an installation that holds data")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        try:
            manifest = restore_backup(file.absolute(), force=force)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored the state of {manifest.made_at}. Unsent mail is parked, sessions have ended.")
