"""Dates and times as vendors write them, in the contract's notation. A format says every part; nothing is guessed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from .errors import Refused
from .sections import Section
from .steps import Applied

NAMED = ("iso", "unix", "unix_ms")
DIRECTIVE = re.compile(r"%(.)")
ALLOWED = "YymdbBHIMSfpz%"
UNIX = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,9})?")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Moment:
    """``format`` is iso, unix, unix_ms or one in strptime's signs; ``zone`` is that of times without an offset."""

    format: str
    zone: ZoneInfo | None
    only_date: bool

    @classmethod
    def parse(cls, section: Section, key: str) -> "Moment":
        if isinstance(section.values[key], str):
            return cls(_format(section, key), None, key == "date")
        inner = section.section(key)
        inner.only("format", "zone")
        return cls(_format(inner, "format"), _zone(inner), key == "date")

    def bind(self, scope: Any) -> Applied:
        cached: Callable[[str], str] = lru_cache(50_000)(self.read)
        return lambda text, row: cached(text) if text else text

    def read(self, text: str) -> str:
        try:
            moment = self._moment(text)
            return self._date(moment) if self.only_date else self._time(moment)
        except (ValueError, OverflowError):
            what = "date" if self.only_date else "time"
            message = f"This is no {what} in the mapping's format ({self.format}); correct one of the two."
            raise Refused("bad_value", message) from None

    def _moment(self, text: str) -> datetime:
        if self.format == "iso":
            return datetime.fromisoformat(text)
        if self.format not in NAMED:
            return datetime.strptime(text, self.format)
        if not UNIX.fullmatch(text):
            raise ValueError
        whole, _point, part = text.partition(".")
        if self.format == "unix_ms":
            return EPOCH + timedelta(milliseconds=int(whole))
        return EPOCH + timedelta(seconds=int(whole), microseconds=int(part.ljust(6, "0")[:6]))

    def _date(self, moment: datetime) -> str:
        """The day in the named zone, otherwise the one that is written."""
        if moment.tzinfo and self.zone:
            moment = moment.astimezone(self.zone)
        return moment.date().isoformat()

    def _time(self, moment: datetime) -> str:
        """Without offset and zone it is in the workspace's zone, which the loader knows."""
        if not moment.tzinfo and self.zone:
            moment = moment.replace(tzinfo=self.zone)
            if moment.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
                raise Refused("nonexistent_time", f"The clocks skip this time in {self.zone.key}; correct it.")
        return (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat()


def _format(section: Section, key: str) -> str:
    text = section.text(key, "")
    if text in NAMED:
        return text
    signs = DIRECTIVE.findall(text)
    unknown = sorted({sign for sign in signs if sign not in ALLOWED})
    if unknown or (text.endswith("%") and not text.endswith("%%")):
        known = ", ".join(f"%{sign}" for sign in ALLOWED)
        raise section.refusal(f"A format is one of {', '.join(NAMED)}, or is written with {known}.", key)
    if not _reads_what_it_writes(text):
        raise section.refusal("Each part of a date stands in a format once.", key)
    if not ({"Y", "y"} & {*signs} and {"m", "b", "B"} & {*signs} and "d" in signs):
        raise section.refusal("A format says year, month and day, e.g. %d.%m.%Y.", key)
    return text


def _reads_what_it_writes(text: str) -> bool:
    try:
        datetime.strptime(EPOCH.strftime(text), text)
    except (ValueError, re.error):
        return False
    return True


def _zone(section: Section) -> ZoneInfo | None:
    name = section.text("zone", "")
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError):  # ZoneInfoNotFoundError is a LookupError
        raise section.refusal(f"{name!r} is no time zone; write one like Europe/Berlin or UTC.", "zone") from None
