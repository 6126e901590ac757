"""Pictures drawn anew: what is stored is made by us of what could be seen, and carries nothing else along."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageSequence

from cs_portal.kit.filetypes import BROKEN, Refused

MOST_PIXELS = 40_000_000  # of all frames together; unfolded, a pixel takes four bytes
MOST_FRAMES = 500
SEEN = ("transparency", "duration", "loop", "background")
ORIENTATION = 0x0112
TOO_MANY_PIXELS = _("The picture has more than 40 million pixels.")
Image.MAX_IMAGE_PIXELS = None  # we look ourselves, before anything unfolds, and with a sentence


def redrawn(content: bytes, code: str) -> bytes:
    """The same picture in the same format without metadata, comments and bytes behind it; it may still be turned.

    Raises Refused for what is no such picture and for more pixels than we unfold.
    """
    if code == "webp" and _webp_pixels(content) > MOST_PIXELS:
        raise Refused(TOO_MANY_PIXELS)
    try:
        with Image.open(BytesIO(content), formats=[code.upper()]) as picture:
            return _drawn(picture, code)
    except Refused:
        raise
    except Exception as error:  # decoders meet hostile bytes with whatever comes to them
        raise Refused(BROKEN) from error


def _webp_pixels(content: bytes) -> int:
    """Of the canvas, by its header: the decoder makes room for it at once."""
    kind, number = content[12:16], int.from_bytes
    if kind == b"VP8X":
        return (number(content[24:27], "little") + 1) * (number(content[27:30], "little") + 1)
    if kind == b"VP8L":
        bits = number(content[21:25], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        return (number(content[26:28], "little") & 0x3FFF) * (number(content[28:30], "little") & 0x3FFF)
    return 0  # which the decoder does not know either


def _drawn(picture: Any, code: str) -> bytes:
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(TOO_MANY_PIXELS)
    turned = _orientation(picture)
    moves = code in ("gif", "webp") and getattr(picture, "is_animated", False)
    first, *more = _frames(picture) if moves else [_bare(picture)]
    options: dict[str, Any] = {"exif": turned} if turned and code != "gif" else {}
    if code == "jpeg":
        options["quality"] = "keep" if picture.format == "JPEG" else 90
    elif code == "webp":
        options["quality"] = 90
    if more:
        options |= {"save_all": True, "append_images": more} | _timing([first, *more])
    out = BytesIO()
    first.save(out, format=code.upper(), **options)
    return out.getvalue()


def _orientation(picture: Any) -> Any:
    """The one thing of its metadata that is seen: which side is up."""
    try:
        turned = picture.getexif().get(ORIENTATION)
    except Exception:  # a broken block of metadata is no broken picture
        turned = None
    if turned not in range(2, 9):
        return None
    kept = Image.Exif()
    kept[ORIENTATION] = turned
    return kept


def _frames(picture: Any) -> list[Any]:
    """Counted while they are drawn: how many there are, a file only says when it was read to its end."""
    frames: list[Any] = []
    for frame in ImageSequence.Iterator(picture):
        if len(frames) >= MOST_FRAMES or (len(frames) + 1) * picture.width * picture.height > MOST_PIXELS:
            raise Refused(TOO_MANY_PIXELS)
        frames.append(_bare(frame.copy()))
    return frames


def _bare(picture: Any) -> Any:
    picture.load()
    picture.info = {name: value for name, value in picture.info.items() if name in SEEN}
    return picture


def _timing(frames: list[Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"duration": [frame.info.get("duration", 100) for frame in frames]}
    return told | ({"loop": frames[0].info["loop"]} if "loop" in frames[0].info else {})
