"""Nothing in a file that a spreadsheet runs, and nothing else changed."""

import pytest

from cs_portal.kit.exports import harmless


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        (" @SUM(A1)", "' @SUM(A1)"),
        ("a;=1+1", "a;'=1+1"),
        ('a; "=1+1;b', "a; \"'=1+1;b"),
        ("a\t@x", "a\t'@x"),
        ("a\r\n=cmd|x", "a\r\n'=cmd|x"),
        ("a;-2+3", "a;'-2+3"),
        ("list\n- call|x", "list\n'- call|x"),
    ],
)
def test_a_formula_gets_a_quote_wherever_a_cell_may_begin(cell, written):
    assert harmless(cell) == written


@pytest.mark.parametrize(
    "cell", ["-5", "-1,5", "3;-5;4", "list\n- one\n- two", "a = b; c", "mail@host; x", "a,=b", "1;2", "", "Müller; KG"]
)
def test_what_is_no_formula_stays_as_it_is(cell):
    assert harmless(cell) == cell
