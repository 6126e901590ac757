"""What a file is, told by its content. Its name says what somebody calls it, and decides only between texts."""

import codecs
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_ENTRIES, MOST_DIRECTORY = 5_000, 1_000_000  # of a ZIP file: its parts, and the bytes of their list
MOST_UNFOLDED = 100  # times the file's own size
ALLOWANCE = 10_000_000  # bytes, since a small document may be mostly repetition
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
END_OF_ZIP = b"PK\x05\x06"


class Refused(ValueError):
    """The sentence says why, for whoever sent the file."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class FileType:
    """``endings``: what a name may end with; the first is added to one that ends otherwise."""

    code: str
    media_type: str
    endings: tuple[str, ...]
    is_picture: bool = False

    def fitting(self, name: str) -> str:
        """The name under which it is given out: what opens it by its ending meets what it is."""
        return name if name.lower().endswith(self.endings) else name + self.endings[0]


OPEN_XML = "application/vnd.openxmlformats-officedocument."
TYPES = {
    one.code: one
    for one in (
        FileType("png", "image/png", (".png",), True),
        FileType("jpeg", "image/jpeg", (".jpg", ".jpeg"), True),
        FileType("gif", "image/gif", (".gif",), True),
        FileType("webp", "image/webp", (".webp",), True),
        FileType("pdf", "application/pdf", (".pdf",)),
        FileType("docx", OPEN_XML + "wordprocessingml.document", (".docx",)),
        FileType("xlsx", OPEN_XML + "spreadsheetml.sheet", (".xlsx",)),
        FileType("pptx", OPEN_XML + "presentationml.presentation", (".pptx",)),
        FileType("csv", "text/csv", (".csv",)),
        FileType("txt", "text/plain", (".txt", ".md", ".log")),
    )
}
ENDINGS = tuple(ending for one in TYPES.values() for ending in one.endings)
BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif", b"%PDF-": "pdf",
}  # fmt: skip
MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}

EMPTY = _("The file is empty.")
UNKNOWN = _("Only PNG, JPEG, GIF, WebP, PDF, Word, Excel, PowerPoint, CSV and text files can be taken.")
MARKUP = _("Web pages, SVG and XML files are not taken, since they can carry programs.")
BROKEN = _("The file is damaged or is not what it seems to be.")
MACROS = _("Documents with macros are not taken.")
BOMB = _("The document unfolds to far more than its size.")


def type_of(content: bytes, name: str) -> FileType:
    """Raises Refused for what is not on the list, is damaged, or is two things at once."""
    if not content:
        raise Refused(EMPTY)
    code = next((code for start, code in BEGINNINGS.items() if content.startswith(start)), "")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        code = "webp"
    elif code == "pdf" and b"%%EOF" not in content[-2048:]:
        raise Refused(BROKEN)
    elif content.startswith(b"PK"):
        code = _document(content)
    elif not code:
        code = _text(content, name)
    return TYPES[code]


def _document(content: bytes) -> str:
    """Of Office: what its main part says. Nothing is unfolded for that."""
    _check_end(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused(BROKEN) from None
    _check_parts(parts, len(content))
    names = {part.filename for part in parts}
    code = next((code for main, code in MAIN_PARTS.items() if main in names), "")
    if not code or "[Content_Types].xml" not in names:
        raise Refused(UNKNOWN)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(MACROS)
    return code


def _check_end(content: bytes) -> None:
    """The list of parts is short, and nothing stands before the first part or behind the list."""
    end = content[-22:]
    if not content.startswith(b"PK\x03\x04") or not end.startswith(END_OF_ZIP) or end[-2:] != b"\0\0":
        raise Refused(BROKEN)
    entries, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if entries > MOST_ENTRIES or directory > MOST_DIRECTORY:
        raise Refused(BOMB)


def _check_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    folded, unfolded = (sum(getattr(part, name) for part in parts) for name in ("compress_size", "file_size"))
    if unfolded > MOST_UNFOLDED * size + ALLOWANCE:
        raise Refused(BOMB)
    overlapping, locked = folded > size, any(part.flag_bits & 1 for part in parts)
    if overlapping or locked or any(_leads_outside(part.filename) for part in parts):
        raise Refused(BROKEN)


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts


def _text(content: bytes, name: str) -> str:
    text = _decoded(content)
    if text is None or CONTROL.search(text):
        raise Refused(UNKNOWN)
    if b"%PDF-" in content[:1024]:  # where readers of PDF look for it
        raise Refused(BROKEN)
    if text.lstrip("\ufeff \t\r\n\f").startswith("<"):
        raise Refused(MARKUP)
    return "csv" if name.lower().endswith(".csv") else "txt"


def _decoded(content: bytes) -> str | None:
    """As UTF-16 with its mark, as UTF-8, or as spreadsheets of old write it."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
