"""Files as people send them, good ones and bad ones."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def make_picture(code: str = "png", size: tuple[int, int] = (8, 6), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, code.upper(), **options)
    return out.getvalue()


def make_moving(code: str, frames: int = 3) -> bytes:
    out, pictures = io.BytesIO(), [Image.new("RGB", (8, 6), (number * 60, 0, 0)) for number in range(frames)]
    pictures[0].save(out, code.upper(), save_all=True, append_images=pictures[1:], duration=80, loop=0)
    return out.getvalue()


def make_document(code: str = "docx", **more: bytes) -> bytes:
    """With further parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", MAIN[code]: b"<x/>", **more}.items():
            archive.writestr(name, content)
    return out.getvalue()


def upload(name: str = "plan.txt", content: bytes = b"One, two, three.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
