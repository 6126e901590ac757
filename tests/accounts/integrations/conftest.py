"""Loads through the command, as the command line does it, compared as a whole."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command

HEAD = re.compile(r'(.*?: ".*?") \S')


class Loaded(NamedTuple):
    """Standard output, standard error without the messages' wording, exit status."""

    out: list[str]
    err: list[str]
    status: int


Loader = Callable[..., Loaded]


def run_load(directory: Path, *flags: str) -> Loaded:
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("load", str(directory), *flags, stdout=out, stderr=err)
    except SystemExit as end:
        status = int(end.code or 0)
    except CommandError as error:
        status = error.returncode
        err.write(f"{error}\n")
    heads = [match[1] if (match := HEAD.match(line)) else line for line in err.getvalue().splitlines()]
    return Loaded(out.getvalue().splitlines(), heads, status)


@pytest.fixture
def load(tmp_path: Path, db: None) -> Loader:
    """``load("--strict", customers="external_id,name\\n...")``: the files named, and no others, in one directory."""

    def load(*flags: str, **files: str | bytes) -> Loaded:
        for path in tmp_path.glob("*.csv"):
            path.unlink()
        for stem, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / f"{stem}.csv").write_bytes(data)
        return run_load(tmp_path, *flags)

    return load


@pytest.fixture
def judge(load: Loader) -> Callable[..., None]:
    """``judge("goals", header, [(row, problem or ""), ...], **before)``: the rows as one file, loaded twice.

    A problem is written as ``column:code: "value"``.
    """

    def judge(file: str, header: str, cases: list[tuple[str, str]], **before: str) -> None:
        assert load(**before).err == []
        text = "".join(f"{line}\n" for line in (header, *(row for row, _problem in cases)))
        problems = [f"{file}.csv:{line}:{case[1]}" for line, case in enumerate(cases, 2) if case[1]]
        good, bad = len(cases) - len(problems), len(problems)
        first, again = load(**{file: text}), load(**{file: text})
        assert first.err == problems
        assert first.out == [f"{file}.csv created={good} updated=0 unchanged=0 rejected={bad}"]
        assert again == ([f"{file}.csv created=0 updated=0 unchanged={good} rejected={bad}"], first.err, first.status)
        assert first.status == (1 if bad else 0)

    return judge
