"""German is complete: every text in use is translated, no translation is left over, no page has a text of its own."""

import re
import sys
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "locale"))
import catalogue  # noqa: E402

PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if path.name != "500.html")
SKIPPED = re.compile(
    r"\{%\s*(blocktranslate|blocktrans|comment).*?\{%\s*end\1\s*%\}|<(script|style|code)\b.*?</\2>|\{[%{#].*?[}%#]\}",
    re.DOTALL,
)
# Words that are the same in both languages, or are meant in one.
SAME = {"Deutsch English", "NPS", "KVI", "CSV", "PDF", "Deutsch", "English", "n", "h", "cs_portal", "·", "SHA-256"}


def test_every_text_is_translated_and_none_is_left_over():
    used, known = catalogue.used(), catalogue.known()
    assert (sorted(used - known), sorted(known - used), sorted(catalogue.untranslated())) == ([], [], [])


def test_the_compiled_catalogue_is_that_of_the_source():
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(catalogue.PO.with_suffix(".mo")))}
    assert compiled == {entry.msgid: entry.msgstr for entry in catalogue.catalogue()}
    with override("de"):
        assert gettext("Value report") == "Wertbericht"


def test_placeholders_are_the_same_in_both_languages():
    names = re.compile(r"%\((\w+)\)s")
    wrong = [
        entry.msgid
        for entry in catalogue.catalogue()
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if text and set(names.findall(text)) != set(names.findall(entry.msgid))
    ]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_page_has_no_text_outside_translation(page):
    text = SKIPPED.sub(" ", page.read_text(encoding="utf-8"))
    bare = re.sub(r"<[^>]*>", "\n", text)
    words = {word for line in bare.splitlines() if (word := line.strip(" \t·–—:/()…→›.,+%0123456789=±\xa0"))}
    found = {word for word in words if re.search(r"[^\W\d_]{2,}", re.sub(r"&\w+;", "", word))}
    assert found - SAME == set()


def test_an_untranslated_text_would_be_found(tmp_path, monkeypatch):
    (tmp_path / "page.html").write_text("{% load i18n %}{% translate 'Nobody has translated me' %}", encoding="utf-8")
    monkeypatch.setattr(catalogue, "TEMPLATES", tmp_path)
    assert ("Nobody has translated me", "") in catalogue.used() - catalogue.known()
