"""What must not stand in a log, the secret of a link, and what must: the request it is about."""

import logging
import re

from cs_portal.kit import tracing

SECRET_PATH = re.compile(r"(/(?:s|invitation)/)[^/\s?\"']+")


class MaskSecrets(logging.Filter):
    """``/s/<secret>/`` becomes ``/s/…/`` in the finished line, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if SECRET_PATH.search(line):
            record.msg, record.args = SECRET_PATH.sub(r"\1…", line), ()
        return True


class RequestId(logging.Filter):
    """Ends the line with the id of the request or task that is being worked on."""

    def filter(self, record: logging.LogRecord) -> bool:
        request_id = tracing.current().request_id
        record.request_mark = f" [{request_id}]" if request_id else ""
        return True
