"""What is not documented fails."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import reference  # noqa: E402

INTERNAL = {"CS_POSTGRES_PROGRAMS", "CS_SERVER_PROCESS", "CS_STATIC_STORAGE", "CS_PYTHON_TRIED"}  # set by ./cs itself
SOURCES = ("cs_portal", "cs_bootstrap", "accounts", "surveys", "kvi", "reports")


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_is_that_of_the_code(name):
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name](), "write it anew: ./cs manage shell < docs/reference.py"


def test_every_variable_of_the_environment_stands_in_the_readme():
    sources = "".join(path.read_text(encoding="utf-8") for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))
    used = set(re.findall(r"[\"'](CS_[A-Z_]+)[\"']", sources))
    used |= {f"{name}_FILE" for name in re.findall(r"_secret\(\"(CS_[A-Z_]+)\"", sources)}
    told = set(re.findall(r"`(CS_[A-Z_]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert (used - INTERNAL - told, told - used - {"CS_RAVENSTACK_DIR"}) == (set(), set())


def test_rooms_that_the_architecture_names_exist():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = {path for path in re.findall(r"`([a-z_]+/[a-z_/.]*)`", text) if not path.startswith("emails")}
    assert {path for path in named if not (ROOT / path).exists()} == set()
