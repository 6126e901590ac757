"""Where mail goes without a mail server: one readable file per mail."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmlFiles(BaseEmailBackend):
    """Writes ``TIME-RECIPIENT.eml`` into EMAIL_FILE_PATH; the newest mail is the last by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Any) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        receiver = re.sub(r"[^a-z0-9@.]", "_", ",".join(message.to).lower())[:80]
        path = self.folder / f"{timezone.now():%Y%m%d-%H%M%S-%f}-{receiver}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(message.message().as_bytes())
        unfinished.rename(path)
