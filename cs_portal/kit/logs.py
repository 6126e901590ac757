"""What must not stand in a log, the secret of a link or token, and what must: the request it is about."""

import logging
import re

from cs_portal.kit import tracing

SECRET = re.compile(r"(/(?:s|u/[0-9a-f-]{36}|unsubscribe/[0-9a-f-]{36}|invitation|reset/key)/|csp_)[^/\s?&\"']+")


class MaskSecrets(logging.Filter):
    """``/s/<secret>/`` becomes ``/s/…/``, ``csp_<secret>`` ``csp_…`` in the finished line and the trace below it."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if SECRET.search(line):
            record.msg, record.args = SECRET.sub(r"\1…", line), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = SECRET.sub(r"\1…", logging.Formatter().formatException(record.exc_info))
        return True


class RequestId(logging.Filter):
    """Ends the line with the id of the request or task that is being worked on."""

    def filter(self, record: logging.LogRecord) -> bool:
        request_id = tracing.current().request_id
        record.request_mark = f" [{request_id}]" if request_id else ""
        return True
