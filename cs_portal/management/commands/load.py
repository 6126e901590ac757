"""``manage.py load DIR``: the files of a directory, in load order (metrics.md, section 16 rule 1)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.integrations.outcome import FileOutcome
from accounts.integrations.services import LoadError, load_directory


class Command(BaseCommand):
    help = "Read the files of a directory. Exit status: 0 nothing rejected, 1 something rejected, 2 wrong call."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path, help="where the files lie")
        parser.add_argument(
            "--mapping", default="", help="the files are another vendor's: a mapping's name or its path"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and report everything, store nothing")
        parser.add_argument("--strict", action="store_true", help="store nothing if anything is rejected or warned of")

    def handle(self, *args: Any, directory: Path, dry_run: bool, strict: bool, **options: Any) -> None:
        try:
            outcome = load_directory(
                directory, by=None, mapping=options["mapping"], dry_run=dry_run, strict=strict, told=self._tell
            )
        except LoadError as error:
            raise CommandError(str(error), returncode=error.status) from error
        for warning in outcome.warnings:
            self.stderr.write(str(warning))
        if not outcome.is_clean or (strict and outcome.has_warnings):
            raise SystemExit(1)

    def _tell(self, file: FileOutcome) -> None:
        self.stdout.write(file.counts)
        for finding in file.findings:
            self.stderr.write(str(finding))
        if file.left_out:
            self.stderr.write(f"{file.name}: {file.left_out} more are left out here")
