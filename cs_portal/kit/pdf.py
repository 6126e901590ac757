"""PDF by typst: JSON data in, tagged pages out. The same input gives the same bytes; nothing is fetched or read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
import typst

FONTS = Path(__file__).parent / "fonts"
log = structlog.get_logger()


def compile_pdf(template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """The template reads ``data.json`` and ``files`` by name, and sets its own document date.

    PDF/UA-1 where every letter is in the shipped font; otherwise tagged all the same, with a box for what is not.
    """
    source = {
        "main": template.read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
        **(files or {}),
    }
    try:
        return _compile(source, ["ua-1"])
    except typst.TypstError as error:
        if "PDF/UA-1" not in str(error):
            raise
        log.info("letters outside the shipped font", template=template.name, error=str(error)[:200])
        return _compile(source, [])


def _compile(source: dict[str, bytes], standards: list[str]) -> bytes:
    pdf = typst.compile(
        source, format="pdf", font_paths=[str(FONTS)], ignore_system_fonts=True, pdf_standards=standards
    )
    return bytes(pdf)
