"""What must not stand in a log: the secret of a link or of a token."""

import logging
import re

SECRET = re.compile(r"(/s/|csp_)[^/\s?&\"']+")


class MaskSecrets(logging.Filter):
    """``/s/<secret>/`` becomes ``/s/…/``, ``csp_<secret>`` ``csp_…`` in the finished line, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if "/s/" in line or "csp_" in line:
            record.msg, record.args = SECRET.sub(r"\1…", line), ()
        return True
