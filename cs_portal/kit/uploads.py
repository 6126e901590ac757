"""How much of an upload is read at all: nothing of a stranger's file, and little more than a form may accept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_AT_ONCE = 10


def largest() -> int:
    """Bytes that one file may have."""
    return int(settings.UPLOAD_MB) * 1_000_000


class Bounded(FileUploadHandler):
    """Stands before Django's own handlers, which know no limit.

    A file that is too large arrives cut, but still too large; one too many arrives empty. The form says both.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.files = self.received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not getattr(getattr(self.request, "user", None), "is_authenticated", False):
            raise SkipFile
        self.files, self.received = self.files + 1, 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.files > MOST_AT_ONCE or self.received > largest():
            return None
        self.received += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
