"""Every test that the list of promises names exists; every row names one, or says that it is open."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "promises.md"
NODE = re.compile(r"(tests/[\w/]+\.py)::([\w:]+)")
ROW = re.compile(r"^\| ([A-Z]\d\d|[a-z, ]+|API) \| (.*) \| (.*) \|$", re.M)


def rows() -> list[tuple[str, str, str]]:
    return [row for row in ROW.findall(PAGE.read_text(encoding="utf-8")) if row[0] not in ("id", "what")]


def names_in(path: Path) -> set[str]:
    """Names as pytest writes them, read without running anything."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + one.name for one in inner if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name for name in found if name.rpartition("::")[2].startswith("test_")}


def test_every_test_that_is_named_exists():
    named: dict[str, set[str]] = {}
    for path, name in NODE.findall(PAGE.read_text(encoding="utf-8")):
        named.setdefault(path, set()).add(name)
    files = {path: names_in(ROOT / path) for path in named if (ROOT / path).exists()}
    assert {path: missing for path in named if (missing := named[path] - files.get(path, set()))} == {}


def test_every_promise_names_a_test_or_is_open():
    unclear = [name for name, _promise, shown in rows() if not NODE.search(shown) and "open" not in shown]
    assert unclear == []


def test_no_promise_is_listed_twice():
    names = [name for name, _promise, _shown in rows()]
    assert len(names) > 80
    assert len(names) == len(set(names))
