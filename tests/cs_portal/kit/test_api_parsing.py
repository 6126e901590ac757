"""JSON that cannot be meant is a clear 400, whatever its shape; what is meant arrives exactly."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from cs_portal.kit.api.parsing import MOST_BYTES, MOST_DEPTH, MOST_KEYS, parsed


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[1,]", "no JSON"),
        (b"\xef\xbb\xbf{}", "no JSON"),
        (b'{"a": 1} {"b": 2}', "no JSON"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b'{"name": "M\xfcller"}', "UTF-8"),
        (b'{"name": "\xed\xa0\x80"}', "UTF-8"),
        (b"[" * 20_000 + b"]" * 20_000, "levels deep"),
        (b'{"a":' * 20_000, "levels deep"),
        (b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1), "levels deep"),
        (b"{" + b",".join(b'"%d":1' % n for n in range(20_000)) + b"}", "keys"),
        (b"[" + b",".join([b'{"a":1}'] * (MOST_KEYS + 1)) + b"]", "keys"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": 1, "\\u0061": 2}', "twice"),
        (b'{"v": NaN}', "NaN"),
        (b'{"v": -Infinity}', "NaN"),
        (b'{"v": ' + b"9" * 5_000 + b"}", "digits"),
        (b'{"v": 0.' + b"1" * 5_000 + b"}", "digits"),
        (b'{"v": 1e400}', "digits"),
        (b'{"v": 1e-999999999999999999}', "digits"),
        (b'{"v": "\\ud800"}', "surrogate"),
        (b'{"\\udc00": 1}', "surrogate"),
        (b'{"v": ["a", {"b": "\\u0000"}]}', "NUL"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(body, says):
    with pytest.raises(ParseError, match=says):
        parsed(body)


def test_what_is_meant_arrives_exactly():
    assert parsed('{"a": 0.1, "b": [1, "ü", "\\ud83d\\ude00", "[{\\"", null, true]}'.encode()) == {
        "a": Decimal("0.1"), "b": [1, "ü", "😀", '[{"', None, True],
    }  # fmt: skip
    deepest = b"[" * MOST_DEPTH + b"]" * MOST_DEPTH
    assert parsed(deepest)
    assert parsed(b'"' + b"[" * 1_000 + b'"') == "[" * 1_000


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:\\u0d89e+-.1NaIf \x00', max_size=200).map(str.encode))
def test_whatever_comes_is_parsed_or_refused(body):
    with suppress(ParseError):
        parsed(body)


def test_a_body_is_bounded_before_it_is_read():
    assert MOST_BYTES < 1_000_000
