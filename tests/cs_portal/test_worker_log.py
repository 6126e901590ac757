"""The worker's log hides what the web server's hides."""

import io
import logging

import pytest
from celery.signals import after_setup_logger, after_setup_task_logger

import cs_portal.celery  # noqa: F401 - connects the handlers


@pytest.mark.parametrize("signal", [after_setup_logger, after_setup_task_logger])
def test_celerys_own_handlers_mask_links_and_tokens(signal):
    written = io.StringIO()
    logger = logging.Logger("a worker's")
    logger.addHandler(logging.StreamHandler(written))
    signal.send(sender=None, logger=logger, loglevel=logging.INFO, logfile=None, format="", colorize=False)
    try:
        raise OSError("csp_abcdef0123456789 was refused")
    except OSError:
        logger.exception("GET /s/%s/", "secret-of-a-link")
    text = written.getvalue()
    assert "GET /s/…/" in text
    assert "csp_… was refused" in text
    assert "secret-of-a-link" not in text
    assert "csp_abcdef" not in text
