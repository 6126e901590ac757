"""What is made of a file before it is stored: its name is a name, its type is told, a picture is drawn anew."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from cs_portal.kit.filetypes import FileType, Refused, type_of
from cs_portal.kit.pictures import redrawn
from cs_portal.kit.uploads import largest

LONGEST_NAME, LONGEST_ENDING = 200, 20


@dataclass(frozen=True)
class Taken:
    name: str
    type: FileType
    content: bytes


def take(file: UploadedFile) -> Taken:
    """Raises Refused with the reason."""
    if (file.size or 0) > largest():
        raise Refused(_("The file is larger than %(most)s MB.") % {"most": largest() // 1_000_000})
    content, name = file.read(), plain_name(file.name or "")
    kind = type_of(content, name)
    return Taken(name, kind, redrawn(content, kind.code) if kind.is_picture else content)


def plain_name(name: str) -> str:
    """The last part of a path in visible characters; of a very long one the beginning and the ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if sign.isprintable()).strip(" .")
    stem, point, ending = seen.rpartition(".")
    if point and 0 < len(ending) <= LONGEST_ENDING:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return seen[:LONGEST_NAME] or _("file")
