"""JSON that is bounded in every direction and says one thing: what cannot be meant is refused before anything reads it.

The standard parser takes the last of two equal keys, NaN, half a surrogate pair, and recurses as deep as it is told.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MOST_BYTES = 262_144
MOST_DEPTH = 16
MOST_KEYS = 2_000
MOST_DIGITS = 60
STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


class StrictJSONParser(JSONParser):
    """Raises ParseError (400) with what is wrong. Numbers with a point arrive as exact decimals."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        charset = (parser_context or {}).get("request").content_params.get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            raise ParseError(_("The body must be JSON in UTF-8."))
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise ParseError(_("The body is larger than %(most)s bytes.") % {"most": MOST_BYTES})
        return parsed(body)


def parsed(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise ParseError(_("The body must be JSON in UTF-8.")) from None
    _check_depth(text)
    try:
        value = _Decoder().decode(text)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise ParseError(_("This is no JSON: look at line %(line)s, column %(column)s.") % where) from None
    _check_texts(value)
    return value


def _check_depth(text: str) -> None:
    """Before anything recurses."""
    depth = 0
    for sign in STRING.sub("", text):
        depth += (sign in "[{") - (sign in "]}")
        if depth > MOST_DEPTH:
            raise ParseError(_("The body is nested more than %(most)s levels deep.") % {"most": MOST_DEPTH})


class _Decoder(json.JSONDecoder):
    """Counts the keys of one body, and lets none stand for two things."""

    def __init__(self) -> None:
        self.keys = 0
        super().__init__(
            object_pairs_hook=self._object, parse_int=_whole, parse_float=_decimal, parse_constant=_no_constant
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.keys += len(pairs)
        if self.keys > MOST_KEYS:
            raise ParseError(_("The body has more than %(most)s keys.") % {"most": MOST_KEYS})
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ParseError(_("A key stands twice in one object."))
        return found


def _whole(text: str) -> int:
    _check_digits(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    _check_digits(text)
    number = Decimal(text)
    if abs(number.adjusted()) > MOST_DIGITS:
        raise ParseError(_("A number has more than %(most)s digits.") % {"most": MOST_DIGITS})
    return number


def _check_digits(text: str) -> None:
    if len(text) > MOST_DIGITS:
        raise ParseError(_("A number has more than %(most)s digits.") % {"most": MOST_DIGITS})


def _no_constant(name: str) -> None:
    raise ParseError(_("NaN and Infinity are no numbers in JSON."))


def _check_texts(value: Any) -> None:
    for text in _texts(value):
        if "\x00" in text:
            raise ParseError(_("A text holds the character NUL."))
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            raise ParseError(_("A text holds half of a surrogate pair."))


def _texts(value: Any) -> Iterator[str]:
    """Every key and text; as deep as the check above allows."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
