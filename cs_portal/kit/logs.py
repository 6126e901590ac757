"""What must not stand in a log: the secret of a link."""

import logging
import re

SECRET_PATH = re.compile(r"(/s/|/reset/key/)[^/\s?\"']+")


class MaskSecrets(logging.Filter):
    """``/s/<secret>/`` becomes ``/s/…/`` in the finished line, whoever wrote it; so does a new password's link."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if SECRET_PATH.search(line):
            record.msg, record.args = SECRET_PATH.sub(r"\1…", line), ()
        return True
