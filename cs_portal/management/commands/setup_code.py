"""``manage.py setup_code``: what an empty installation asks its first administrator for."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.setup.queries import setup_code, setup_is_open


class Command(BaseCommand):
    help = "Print the address and the code for setting up an empty installation."

    def handle(self, *args: Any, **options: Any) -> None:
        if not setup_is_open():
            raise CommandError("This installation has an administrator; there is nothing to set up.")
        self.stdout.write(f"{settings.BASE_URL}{reverse('setup')}   setup code: {setup_code()}")
