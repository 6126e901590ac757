"""The German catalogue: which texts the sources use, and the .mo made of locale/de/LC_MESSAGES/django.po.

    python locale/catalogue.py            compile, and say what is missing or no longer used

No gettext tools are needed; the compiled file is committed.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract_python

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
TEMPLATES = ROOT / "templates"
PACKAGES = ("cs_portal", "accounts", "surveys", "kvi", "reports")
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
Message = tuple[str, str]  # msgid and plural, empty without one


def used() -> set[Message]:
    """Every text marked for translation in Python and in templates."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - asks for settings when imported

    found: set[Message] = set()
    for path in sources("*.py"):
        found |= set(_python(path.read_bytes()))
    for path in TEMPLATES.rglob("*.*"):
        if path.suffix in (".html", ".txt", ".mjml"):
            found |= set(_python(_calls_only(templatize(path.read_text(encoding="utf-8"))).encode()))
    return found


def sources(pattern: str) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob(pattern) if "migrations" not in path.parts)


TEXT = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"(?:\bn?p?gettext|\b_)\((?:{TEXT}\s*,?\s*)+(?:,?\s*count)?\)")


def _calls_only(text: str) -> str:
    """Django's templatize leaves the page's other words as X-es between the calls; keep the calls."""
    return "\n".join(call.replace("gettext(u", "gettext(") for call in CALL.findall(text))


def _python(source: bytes) -> Iterator[Message]:
    for _line, function, messages, _comments in extract_python(BytesIO(source), KEYWORDS, [], {"encoding": "utf-8"}):
        texts = messages if isinstance(messages, tuple) else (messages,)
        if function.startswith("ng") and len(texts) > 1 and texts[0]:
            yield (texts[0], texts[1])
        elif texts and texts[0]:
            yield (texts[0], "")


def catalogue() -> polib.POFile:
    return polib.pofile(str(PO))


def known() -> set[Message]:
    return {(entry.msgid, entry.msgid_plural or "") for entry in catalogue() if not entry.obsolete}


def untranslated() -> set[str]:
    return {entry.msgid for entry in catalogue() if not entry.translated() or entry.fuzzy}


def compile_() -> None:
    catalogue().save_as_mofile(str(PO.with_suffix(".mo")))


if __name__ == "__main__":
    compile_()
    missing, stale = used() - known(), known() - used()
    for name, messages in (("missing", missing), ("no longer used", stale)):
        for message in sorted(messages):
            print(f"{name}: {message[0]!r}")  # noqa: T201
    sys.exit(bool(missing or stale or untranslated()))
