"""One cell of a file: from the contract's text to the text that COPY takes, or the code of its rejection."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from cs_portal.kit.currencies import ISO_4217
from cs_portal.kit.filespec import NOT_AN_OBJECT, Column

Converter = Callable[[str], str]

FIRST_YEAR, LAST_YEAR = 1970, 2199
LONGEST = {"id": 100, "str": 255, "text": 10_000}
INT = re.compile(r"-?[0-9]+")
DEC = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?:(Z)|([+-])([0-9]{2})(?::?([0-9]{2}))?)?)?"
)
# What the database reads as the contract means it, on a day that every month has; most times are written like this.
PLAIN_TIME = re.compile(
    r"(?:19[7-9][0-9]|2[01][0-9]{2})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r":[0-5][0-9](?:\.[0-9]{1,6})?(Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
)
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Unfit(Exception):
    """The cell cannot be stored; ``code`` is one of the contract's."""

    def __init__(self, code: str) -> None:
        self.code = code


def converter(column: Column, zone: ZoneInfo) -> Converter:
    """What turns a trimmed, non-empty cell of the column into COPY's text form; it raises Unfit."""
    if column.type == "word":
        return partial(_word, frozenset(column.words))
    if column.type in LONGEST:
        return partial(_text, LONGEST[column.type])
    if column.type in ("int", "dec"):
        return partial(_int if column.type == "int" else _dec, column.signed)
    if column.type == "ts":
        return partial(_timestamp, zone)
    return {"bool": _bool, "date": _date, "cur": _currency, "list": _list, "shares": _shares, "path": _path,
            "object": _object}[column.type]  # fmt: skip


def escaped(text: str) -> str:
    if text.isprintable() and "\\" not in text:
        return text
    if "\0" in text:
        raise Unfit("bad_value")
    return text.translate(ESCAPES)


def _text(longest: int, text: str) -> str:
    if len(text) > longest:
        raise Unfit("too_long")
    return escaped(text)


def _word(words: frozenset[str], text: str) -> str:
    if text not in words:
        raise Unfit("bad_value")
    return text


def _int(signed: bool, text: str) -> str:
    if not INT.fullmatch(text):
        raise Unfit("bad_value")
    if len(text) > 4000 or not (-(2**31) if signed else 0) <= int(text) < 2**31:
        raise Unfit("out_of_range")
    return text


def _dec(signed: bool, text: str) -> str:
    match = DEC.fullmatch(text)
    if match is None:
        raise Unfit("bad_value")
    whole, places = match.groups()
    if len(whole) > 18 or len(places or "") > 10:
        raise Unfit("out_of_range")
    if text[0] == "-" and not signed and float(text) != 0:
        raise Unfit("out_of_range")
    return text


def _bool(text: str) -> str:
    try:
        return {"true": "t", "1": "t", "false": "f", "0": "f"}[text.lower()]
    except KeyError:
        raise Unfit("bad_value") from None


@lru_cache(100_000)
def _date(text: str) -> str:
    match = DATE.fullmatch(text)
    if match is None:
        raise Unfit("bad_value")
    year, month, day = (int(part) for part in match.groups())
    try:
        date(year or FIRST_YEAR, month, day)
    except ValueError:
        raise Unfit("bad_value") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unfit("out_of_range")
    return text


def _timestamp(zone: ZoneInfo, text: str) -> str:
    plain = PLAIN_TIME.fullmatch(text)
    if plain and (offset_text := plain[1] or _offset_all_day(zone, text[:10])):
        return text if plain[1] else text + offset_text
    match = TIME.fullmatch(text)
    if match is None:
        raise Unfit("bad_value")
    day, hour, minute, second, fraction, utc, sign, offset_hours, offset_minutes = match.groups()
    _date(day)
    if hour is None:
        hour = minute = "00"
    hours, sixties = (hour, offset_hours), (minute, second, offset_minutes)
    if any((part or "00") > "23" for part in hours) or any((part or "00") > "59" for part in sixties):
        raise Unfit("bad_value")
    if utc:
        offset = timedelta()
    elif sign:
        offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes or 0)) * (1 if sign == "+" else -1)
    else:
        offset = _local_offset(zone, day, hour, minute)
    moment = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second or '00'}") - offset
    return f"{moment.isoformat(sep=' ')}.{(fraction or '0')[:6]}+00"


@lru_cache(100_000)
def _offset_all_day(zone: ZoneInfo, day: str) -> str:
    """The offset that every time of the day has, in whole minutes; empty when there is none."""
    first = datetime.fromisoformat(day)
    around = (first + timedelta(days=days) for days in (-1, 0, 1, 2))
    offsets = {moment.replace(tzinfo=zone).utcoffset() or timedelta() for moment in around}
    seconds = int(offsets.pop().total_seconds())
    if offsets or seconds % 60:
        return ""
    return f"{'-' if seconds < 0 else '+'}{abs(seconds) // 3600:02}:{abs(seconds) // 60 % 60:02}"


@lru_cache(100_000)
def _local_offset(zone: ZoneInfo, day: str, hour: str, minute: str) -> timedelta:
    """Of an ambiguous time the earlier instant; a time that the clocks skip does not exist."""
    local = datetime.fromisoformat(f"{day}T{hour}:{minute}").replace(tzinfo=zone)
    offset = local.utcoffset() or timedelta()
    back = local.replace(tzinfo=timezone(offset)).astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Unfit("nonexistent_time")
    return offset


def _currency(text: str) -> str:
    if text not in ISO_4217:
        raise Unfit("bad_value")
    return text


def _parts(text: str) -> list[str]:
    if len(text) > LONGEST["text"]:
        raise Unfit("too_long")
    parts = [part.strip() for part in text.split("|")]
    if "" in parts or "\0" in text:
        raise Unfit("bad_value")
    return parts


def _array(parts: list[str]) -> str:
    quoted = ('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)
    return escaped("{" + ",".join(quoted) + "}")


def _list(text: str) -> str:
    return _array(_parts(text))


def _shares(text: str) -> str:
    """A list of numbers that are not negative."""
    return _array([_dec(False, part) for part in _parts(text)])


def _path(text: str) -> str:
    """``date:share|date:share`` as JSON pairs, the share in plain notation."""
    points = [part.partition(":") for part in _parts(text)]
    pairs = [[_date(day.strip()), _plain(_dec(False, share.strip()))] for day, _colon, share in points]
    return escaped(json.dumps(pairs))


def _plain(number: str) -> str:
    whole, _point, places = number.partition(".")
    return (whole.lstrip("-0") or "0") + (f".{places.rstrip('0')}" if places.rstrip("0") else "")


def _object(text: str) -> str:
    """A JSON object as it stands. Anything else is found by a row rule, after the row's other columns."""
    return _text(LONGEST["text"], text) if _is_object(text) or len(text) > LONGEST["text"] else NOT_AN_OBJECT


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=_no_number), dict)
    except (ValueError, RecursionError):
        return False


def _no_number(name: str) -> float:
    raise ValueError(name)
