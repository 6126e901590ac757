"""Lines for the person waiting."""

import re
import time

from cs_bootstrap.progress import brief, step


def test_a_brief_step_is_told_of_only_when_it_takes_its_time(capfd):
    with brief("Making tea", patience=10):
        pass
    assert capfd.readouterr() == ("", "")
    with brief("Making tea", patience=0.01):
        time.sleep(0.1)
    told = capfd.readouterr()
    assert told.out == ""
    assert re.fullmatch(r"· Making tea … \d+\.\d s\n", told.err)


def test_a_step_is_named_when_it_begins(capfd):
    with step("Making tea"):
        assert capfd.readouterr().err == "· Making tea … "
