"""The guide names buttons and pages as the screen does, with the same steps and pictures in both languages."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
CATALOGUE = polib.pofile(str(ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"))
LARGEST, MOST = 120_000, 14


def text(language: str, pattern: str) -> list[tuple[str, str]]:
    pages = sorted((GUIDE / language).glob("*.md"))
    return [(page.name, found) for page in pages for found in re.findall(pattern, page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_bold_stands_on_the_screen(language):
    words = {entry.msgid if language == "en" else entry.msgstr for entry in CATALOGUE}
    bold = [(page, " ".join(label.split())) for page, label in text(language, r"(?s)\*\*(.+?)\*\*")]
    assert len(bold) > 40
    assert [label for label in bold if label[1] not in words] == []


def test_both_languages_have_the_same_pages_sections_and_pictures():
    german, english = ([(page, kind) for page, kind in text(language, r"(?m)^(#+|!)")] for language in ("de", "en"))
    pictures = [
        [name.partition("-")[2] for _page, name in text(language, r"\.\./img/(\S+?)\)")] for language in ("de", "en")
    ]
    assert german == english
    assert pictures[0] == pictures[1]


def test_pictures_are_small_and_all_are_shown():
    shown = {name for language in ("en", "de") for _page, name in text(language, r"\.\./img/(\S+?)\)")}
    files = {path.name: path.stat().st_size for path in (GUIDE / "img").iterdir()}
    assert set(files) == shown
    assert {name: size for name, size in files.items() if size > LARGEST} == {}
    assert len(files) <= 2 * MOST
