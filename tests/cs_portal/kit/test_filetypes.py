"""A file is what its content says; what is two things, broken, a bomb or a program is refused with a sentence."""

import io
import struct
import zlib

import pytest
from PIL import Image

from cs_portal.kit import pictures
from cs_portal.kit.filetypes import BOMB, BROKEN, EMPTY, MACROS, MARKUP, TYPES, UNKNOWN, Refused, type_of
from cs_portal.kit.pictures import TOO_MANY_PIXELS, redrawn
from tests.factories.files import PDF, make_document, make_moving, make_picture

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (make_picture("png"), "photo.jpg", "png"), (make_picture("jpeg"), "x", "jpeg"),
        (make_picture("gif"), "x", "gif"), (make_picture("webp"), "x", "webp"), (PDF, "evil.html", "pdf"),
        (make_document("docx"), "x.zip", "docx"),
        (make_document("xlsx"), "x", "xlsx"), (make_document("pptx"), "x", "pptx"), (b"a;b\n1;2\n", "x.CSV", "csv"),
        (b"a;b\n1;2\n", "x.html", "txt"), ("Gr\u00fc\u00dfe".encode(), "x", "txt"),
        ("Gr\u00fc\u00dfe".encode("cp1252"), "x", "txt"), ("Gr\u00fc\u00dfe".encode("utf-16"), "x", "txt"),
    ],
)  # fmt: skip
def test_the_type_is_told_by_the_content(content, name, code):
    assert type_of(content, name) == TYPES[code]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", EMPTY), (SVG, MARKUP), (b"\xef\xbb\xbf \n<!DOCTYPE html><script>", MARKUP),
        ("\ufeff<html>".encode("utf-16"), MARKUP), (b"MZ\x90\x00\x03", UNKNOWN), (b"\x7fELF", UNKNOWN),
        (b"a\x00b", UNKNOWN), (b"\x81\x8d\x8f", UNKNOWN), (b"RIFF\0\0\0\0WAVEfmt ", UNKNOWN),
        (b"%PDF-1.7 and nothing that ends it", BROKEN), (b"GIF" + PDF, BROKEN),
        (make_document()[:-30], BROKEN), (make_document() + b"<script>", BROKEN), (b"MZ" + make_document(), UNKNOWN),
        (b"PK\x03\x04", BROKEN), (b"PK", BROKEN), (make_document(**{"../../evil": b"x"}), BROKEN),
        (make_document(**{"word/vbaProject.bin": b"x"}), MACROS), (make_document(**{"bomb": bytes(30_000_000)}), BOMB),
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_or_two_things_at_once_is_refused(content, sentence):
    with pytest.raises(Refused) as refused:
        type_of(content, "photo.png")
    assert refused.value.sentence == sentence


def test_a_zip_of_twenty_thousand_parts_is_refused_unread():
    with pytest.raises(Refused) as refused:
        type_of(make_document(**{f"p{number}": b"" for number in range(6_000)}), "x.docx")
    assert refused.value.sentence == BOMB


@pytest.mark.parametrize("name", ["page.html", "page", "x.txt.exe"])
def test_a_name_that_says_something_else_gets_a_fitting_ending(name):
    assert (TYPES["txt"].fitting(name), TYPES["txt"].fitting("x.TXT")) == (f"{name}.txt", "x.TXT")


@pytest.mark.parametrize("code", ["png", "jpeg", "webp", "gif"])
def test_a_picture_is_drawn_anew_without_what_cannot_be_seen(code):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "Canary", 6
    told = {"comment": b"Canary"} if code in ("gif", "jpeg") else {}
    content = make_picture(code, **told, **({} if code == "gif" else {"exif": exif})) + b"<script>Canary</script>"
    drawn = redrawn(content, code)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert (picture.format, picture.size) == (code.upper(), (8, 6))
        assert dict(picture.getexif()) == ({} if code == "gif" else {0x0112: 6})
    assert (b"Canary" in content, b"Canary" in drawn) == (True, False)
    assert redrawn(content, code) == drawn


@pytest.mark.parametrize("code", ["gif", "webp"])
def test_what_moves_goes_on_moving(code):
    with Image.open(io.BytesIO(redrawn(make_moving(code), code))) as picture:
        assert (picture.n_frames, picture.info["loop"]) == (3, 0)


def huge_png() -> bytes:
    """A few bytes that say they are 60,000 by 60,000 pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


HUGE_WEBP = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\x3f\0" * 2


@pytest.mark.parametrize(("content", "code"), [(huge_png(), "png"), (HUGE_WEBP, "webp")])
def test_a_picture_that_would_unfold_to_too_many_pixels_is_not_unfolded(content, code):
    with pytest.raises(Refused) as refused:
        redrawn(content, code)
    assert refused.value.sentence == TOO_MANY_PIXELS


@pytest.mark.parametrize(("limit", "value"), [("MOST_FRAMES", 2), ("MOST_PIXELS", 100)])
def test_frames_count_together(monkeypatch, limit, value):
    monkeypatch.setattr(pictures, limit, value)
    with pytest.raises(Refused) as refused:
        redrawn(make_moving("gif"), "gif")
    assert refused.value.sentence == TOO_MANY_PIXELS


@pytest.mark.parametrize("code", ["png", "jpeg", "webp", "gif"])
def test_a_broken_picture_is_refused(code):
    whole = make_picture(code, (64, 64))
    for content in (whole[: len(whole) // 2], whole[:12] + SVG):
        with pytest.raises(Refused) as refused:
            redrawn(content, code)
        assert refused.value.sentence == BROKEN
