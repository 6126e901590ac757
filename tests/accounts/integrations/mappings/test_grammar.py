"""A mapping is read strictly: what is wrong in it is named with its place and what is allowed there."""

import pytest

from accounts.integrations.mappings.errors import MappingError
from accounts.integrations.mappings.mapping import read_mapping, shipped
from cs_portal.imports import FILES

from .conftest import mapping_of

GOOD = """
[source.s]
file = "s.csv"
[lookup.l]
source = "s"
key = "k"
value = "v"
[[target]]
file = "churn_records.csv"
source = "s"
[target.columns]
external_id = "id"
customer = "c"
date = "d"
"""
CHURN = "external_id, customer, date, reason, comment"
PLACE = "own.toml, target 1 (churn_records.csv).columns"


def test_the_smallest_mapping_is_good():
    assert [target.spec.name for target in mapping_of(GOOD).targets] == ["churn_records.csv"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('colour = "red"', f"{PLACE}: churn_records.csv has no column 'colour'; it has {CHURN}."),
        ('x_plan = "p"', f"{PLACE}: churn_records.csv has no column 'x_plan'; it has {CHURN}."),
        ("reason = 5", f"{PLACE}.reason: Name a column, or give a table with one of column, constant, "),
        ("reason = {}", f"{PLACE}.reason: Exactly one of column, constant, template, first_of is needed here."),
        ('reason = { column = "r", constant = "x" }',
         f"{PLACE}.reason: Exactly one of column, constant, template, first_of is needed here."),
        ('reason = { column = "r", eval = "1+1" }',
         f"{PLACE}.reason: Nobody knows 'eval' here; known are column, constant, template, first_of, empty, case, "
         "split, lookup, words, number, date, time, default, optional."),
        ('reason = { constant = "weather" }',
         f"{PLACE}.reason: 'weather' is nothing that the contract takes here; allowed are competitor, "
         "freemium_downgrade, business_closure, missing_features, support_quality, price, other, unknown."),
        ('reason = { column = "r", words = { a = "b" } }',
         f"{PLACE}.reason: 'b' is nothing that the contract takes here; allowed are competitor, "),
        ('reason = { column = "r", words = { a = 1 } }', f"{PLACE}.reason.words.a: A text is needed here."),
        ('reason = { column = "r", words = {} }', f"{PLACE}.reason.words: A word list needs words."),
        ('comment = { column = "r", lookup = "z" }', "own.toml: There is no [lookup.z]; there are l."),
        ('comment = { column = "r", case = "title" }',
         f"{PLACE}.comment.case: 'title' is not allowed; allowed are lower, upper."),
        ('comment = { column = "r", date = "%d.%m." }',
         f"{PLACE}.comment.date: A format says year, month and day, e.g. %d.%m.%Y."),
        ('comment = { column = "r", date = "%d.%m.%Y %d" }',
         f"{PLACE}.comment.date: Each part of a date stands in a format once."),
        ('comment = { column = "r", date = "%d.%m.%Y\\u0000" }',
         f"{PLACE}.comment.date: Each part of a date stands in a format once."),
        ('reason = { column = "r", default = "none" }',
         f"{PLACE}.reason: 'none' is nothing that the contract takes here; allowed are competitor, "),
        ('comment = { column = "r", date = "%Y-%W" }',
         f"{PLACE}.comment.date: A format is one of iso, unix, unix_ms, or is written with %Y, %y, %m, %d, %b, "),
        ('comment = { column = "r", time = { format = "iso", zone = "Berlin" } }',
         f"{PLACE}.comment.time.zone: 'Berlin' is no time zone; write one like Europe/Berlin or UTC."),
        ('comment = { column = "r", date = "iso", time = "iso" }',
         f"{PLACE}.comment: A value is a date or a time; name one of the two."),
        ('comment = { column = "r", number = { decimal = ",", group = "," } }',
         f"{PLACE}.comment.number.group: The decimal sign cannot group the digits too."),
        ('comment = { column = "r", number = { over = 0 } }',
         f"{PLACE}.comment.number.over: A number other than 0 is needed here."),
        ('comment = { column = "r", number = { round = 2 } }',
         f"{PLACE}.comment.number: Nobody knows 'round' here; known are decimal, group, strip, times, over."),
        ('comment = { template = "{a.__class__!r}" }',
         f"{PLACE}.comment.template: This is no template: a column's name in braces stands alone, without : or !. "
         "Write {{ for a brace."),
        ('comment = { template = "plain" }',
         f"{PLACE}.comment.template: A template names columns in braces; a text without any is a constant."),
        ('comment = { first_of = [] }', f"{PLACE}.comment.first_of: At least one column is needed here."),
        ('comment = { column = "r", split = { take = "after" } }',
         f"{PLACE}.comment.split.at: Name the sign to split at."),
        ('[target.group]\nfirst = ["date"]\nsum = ["customer"]',
         "own.toml, target 1 (churn_records.csv).group.sum: customer is no number; it cannot be summed."),
        ('[target.group]\nfirst = ["date"]',
         "own.toml, target 1 (churn_records.csv).group: Each of customer, date must stand exactly once under one of "
         "sum, min, max, first, last."),
        ('[[target.where]]\ncolumn = "a"',
         "own.toml, target 1 (churn_records.csv).where 1: A condition has exactly one of is, is_not, filled."),
        ('[[target]]\nfile = "invoices.csv"\nsource = "s"', "own.toml, target 2.file: 'invoices.csv' is not allowed; "),
        ('[[target]]\nfile = "costs.csv"\nsource = "z"\n[target.columns]\nexternal_id = "i"\ndate = "d"\n'
         'category = { constant = "serving" }\namount = "a"\ncurrency = "c"',
         "own.toml, target 2 (costs.csv).source: 'z' is not allowed; allowed are s."),
        ('[[target]]\nfile = "goals.csv"\nsource = "s"\n[target.columns]\nexternal_id = "i"',
         "own.toml, target 2 (goals.csv).columns: goals.csv cannot be without customer, scope, name, start_date; "
         "say where it comes from."),
        ('[[target]]\nfile = "churn_records.csv"\nsource = "s"\n[target.columns]\nexternal_id = "i"\ncustomer = "c"\n'
         'date = "d"\ncomment = "t"',
         "own.toml, target: Several targets make churn_records.csv; each must say comment, or none."),
        ('[source.t]\nfile = "../t.csv"', "own.toml, source.t.file: Name the file, without a folder; * stands for any "
         "part of its name."),
        ('[source.t]\nfile = "t.csv"\nencoding = "latin"',
         "own.toml, source.t.encoding: 'latin' is not allowed; allowed are utf-8, utf-16, windows-1252, iso-8859-1, "
         "iso-8859-15."),
        ('[lookup.a]\nsource = "s"\nkey = { column = "x", lookup = "b" }\nvalue = "v"\n'
         '[lookup.b]\nsource = "s"\nkey = "x"\nvalue = { column = "v", lookup = "a" }',
         "own.toml, lookup: These lookups wait for each other: a → b → a."),
        ('[tests]\na = 1', "own.toml: Nobody knows 'tests' here; known are title, source, lookup, target."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(more, message):
    with pytest.raises(MappingError) as refused:
        mapping_of(GOOD + more)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a = ", "This is no TOML: Invalid value (at end of document)."),
        (b"a = 1\na = 2\nb = 3", "This is no TOML: Cannot overwrite a value (at line 2, column 6)."),
        (b"title = '\xfc'", "The file is not UTF-8 (byte 10); save it as UTF-8."),
        (b"a = " + b"[" * 10_000, "This is no TOML: "),
        (b"a = " + b"9" * 10_000, "This is no TOML: "),
        (b"#" * ((1 << 20) + 1), "A mapping has at most 1 MiB."),
        (b"", "A mapping needs at least one [source.NAME]."),
        (b"source = 5", "A table is needed here."),
        (b"[source.s]\nfile = 's.csv'\n[[target]]\nfile = 7", "A text is needed here."),
        (b"[source.s]\nfile = 's.csv'\ntarget = 5", "Nobody knows 'target' here"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_mapping_is_refused(tmp_path, text, message):
    path = tmp_path / "own.toml"
    path.write_bytes(text)
    with pytest.raises(MappingError) as refused:
        read_mapping(str(path), FILES)
    assert message in str(refused.value)


def test_lookups_that_share_others_are_no_circle_and_take_no_time():
    used = "[lookup.l0]\nsource = 's'\nkey = 'k'\nvalue = 'v'\n"
    for n in range(1, 60):
        rule = f"{{ column = 'k', lookup = 'l{n - 1}' }}"
        used += f"[lookup.l{n}]\nsource = 's'\nkey = {rule}\nvalue = {rule}\n"
    assert len(mapping_of(GOOD.replace("[lookup.l]", f"{used}[lookup.l]")).lookups) == 61
    many = "".join(f"[lookup.m{n}]\nsource = 's'\nkey = 'k'\nvalue = 'v'\n" for n in range(100))
    with pytest.raises(MappingError, match="A mapping has at most 100 lookups"):
        mapping_of(GOOD.replace("[lookup.l]", f"{many}[lookup.l]"))


@pytest.mark.parametrize("name", ["unknown", "../x", "a\0b.toml", "/nowhere/x.toml", "", "ravenstack.toml"])
def test_a_name_that_nothing_has_is_refused(name):
    with pytest.raises(MappingError):
        read_mapping(name, FILES)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_mapping_can_be_read(name):
    assert read_mapping(name, FILES).title
