"""Every verb that is recorded has a sentence in words, every kind of record a name, and every export is recorded."""

import ast
from pathlib import Path

from django.apps import apps

from accounts.audit.words import RECORDS, SAYINGS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("accounts", "surveys", "kvi", "reports", "cs_portal")


def sources():
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def recorded():
    """The verbs of calls of record(...) and audit.record(...); of one put together its beginning."""
    for path, tree in sources():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and _name(call.func) == "record" and call.args:
                yield from ((path.relative_to(ROOT), verb) for verb in _verbs(call.args[0]))


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _verbs(node):
    if isinstance(node, ast.IfExp):
        return [*_verbs(node.body), *_verbs(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return [node.values[0].value + "*"]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def is_said(verb):
    if verb.endswith("*"):
        return any(known.startswith(verb[:-1]) for known in SAYINGS)
    return verb in SAYINGS


def test_every_recorded_verb_has_a_sentence():
    found = list(recorded())
    assert len(found) > 30
    assert [where for where in found if not is_said(where[1])] == [], "declare a sentence in the room's history.py"


def test_every_sentence_is_recorded_somewhere():
    verbs = {verb for _path, verb in recorded()}
    begun = tuple(verb[:-1] for verb in verbs if verb.endswith("*"))
    assert [verb for verb in SAYINGS if verb not in verbs and not (begun and verb.startswith(begun))] == []


def test_every_named_record_is_a_model():
    known = {model._meta.label_lower for model in apps.get_models()}
    assert sorted(set(RECORDS) - known) == []


def test_every_sentence_takes_the_person_and_nothing_else():
    for saying in SAYINGS.values():
        text = saying({}) if callable(saying) else saying
        assert str(text) % {"who": "Anna"}


def test_lists_leave_only_through_the_recorded_export():
    users = [
        str(path.relative_to(ROOT))
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "csv_response" for alias in node.names)
    ]
    assert users == ["accounts/exports.py"]
