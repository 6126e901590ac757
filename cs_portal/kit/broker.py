"""Kombu's file transport, made whole: files appear in one move, folders make themselves.

The original creates a file and fills it afterwards. A reader in between, or a kill, leaves it with an empty
message or an empty exchange table, over which it stumbles for ever.
"""

import fcntl
import os
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

LOOK_UP = 0.3  # seconds


class Channel(filesystem.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def usable(self) -> bool:
        """Whether a message could be left here now."""
        try:
            with tempfile.TemporaryFile(dir=self.data_folder_out) as file:
                file.write(b"x")
        except OSError:
            return False
        return True

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        _write(Path(self.data_folder_out, f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"), dumps(payload))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file = self._exchange_file(exchange)
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            if bound not in table:
                _write(file, dumps([bound, *table]))


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Look up more often than the worker asks for, so that it soon hears that it should end."""
        super().drain_events(connection, min(timeout or LOOK_UP, LOOK_UP))


def _write(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="new-")
    with os.fdopen(handle, "w") as file:
        file.write(text)
    os.replace(name, path)
