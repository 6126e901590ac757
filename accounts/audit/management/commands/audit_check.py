"""``manage.py audit_check``: whether nobody has changed the audit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit.chain import check_chain


class Command(BaseCommand):
    help = "Check the audit's hash chain: exit status 0 when every entry holds, 1 with the first one that does not."

    def handle(self, *args: Any, **options: Any) -> None:
        found = check_chain()
        if found.broken is not None:
            raise CommandError(
                f"Entry {found.broken} does not hold: it was changed, or the entry before it is missing. "
                f"The {found.entries} entries before it hold."
            )
        self.stdout.write(f"{found.entries} entries hold; the last one's hash is {found.last_hash or '-'}")
