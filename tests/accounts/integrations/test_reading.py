"""What a file may look like: encoding, delimiter, quotes, lines, header (metrics.md, section 15 rule 2)."""

import os

import pytest

from accounts.models import Customer

from .conftest import run_load

NOTHING = "customers.csv created=0 updated=0 unchanged=0 rejected=0"


def test_mark_semicolons_crlf_blank_lines_and_breaks_in_quotes_are_read_and_lines_are_physical(load):
    text = '\ufeff External_ID;NAME ;segment\r\n\r\nA;"Al\r\npha";"a ""b"""\r\n\r\nB;;x\r\nC;c\r\n"D";d;e'
    assert load(customers=text) == (
        ["customers.csv created=2 updated=0 unchanged=0 rejected=2"],
        ['customers.csv:6:name:missing_value: ""', 'customers.csv:7::malformed_row: "C,c"'],
        1,
    )
    stored = list(Customer.objects.order_by("external_id").values_list("external_id", "name", "segment"))
    assert stored == [("A", "Al\r\npha", 'a "b"'), ("D", "d", "e")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line(load, end):
    loaded = load(customers=end.join(("external_id,name", "A,a", "B,", "C,c")))
    assert loaded.out == ["customers.csv created=2 updated=0 unchanged=0 rejected=1"]
    assert loaded.err == ['customers.csv:3:name:missing_value: ""']


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("external_id,name,segment\nA,a;b,c\n", ["a;b"]),
        ("external_id;name\nA;a,b\n", ["a,b"]),
        ("external_id;name;x,y\nA;a,b;c\n", ["a,b"]),
        ('external_id,name,"x;;;;y"\nA,a;b,c\n', ["a;b"]),  # what is quoted does not count
        ("external_id,name;x\nA,a\n", []),  # a tie is a comma: there is no column name
    ],
)
def test_the_delimiter_is_what_stands_more_often_outside_quotes_in_the_header(load, text, names):
    load(customers=text)
    assert list(Customer.objects.values_list("name", flat=True)) == names


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", 'no_header: ""'),
        (b"\xef\xbb\xbf", 'no_header: ""'),
        (b"\n\r\n\n", 'no_header: ""'),
        (b'"external_id,name\nA,a\n', 'no_header: ""'),
        (b"external_id\nA\n", 'missing_column: "name"'),
        (b"segment,name,name\n", 'missing_column: "external_id"'),
        (b"external_id,name, NAME\nA,a,b\n", 'duplicate_column: "name"'),
        (b"external_id,name,x,x\nA,a,b,b\n", 'duplicate_column: "x"'),
        (b"external_id,name\nA,a\nB,\xc4\n", 'bad_encoding: "c4"'),
        ("external_id,name\nA,Ä\n".encode("utf-16"), 'bad_encoding: "ff"'),
        (b"external_id,name\nA,\xed\xa0\x80\n", 'bad_encoding: "ed"'),
        (b"external_id,name\nA,\xc3", 'bad_encoding: "c3"'),
        (b"e\0x\0t\0", 'missing_column: "external_id, name"'),
    ],
)
def test_a_file_that_cannot_be_read_as_such_is_refused_as_a_whole_with_four_zeros(load, content, problem):
    assert load(customers=content) == ([NOTHING], [f"customers.csv:1::{problem}"], 1)
    assert not Customer.objects.exists()


def test_a_header_alone_is_a_file_without_rows(load):
    assert load(customers="external_id,name") == ([NOTHING], [], 0)


def test_quotes_that_do_not_close_or_do_not_enclose_cost_their_row_only(load):
    text = 'external_id,name\nA,"a"b\nB,b\nC,5" pipe\nD,"d\nE,e\n'
    assert load(customers=text) == (
        ["customers.csv created=2 updated=0 unchanged=0 rejected=2"],
        ['customers.csv:2::malformed_row: ""', 'customers.csv:5::malformed_row: ""'],
        1,
    )


def test_unknown_columns_and_files_are_warned_of_and_do_not_fail(load):
    loaded = load(customers="external_id,colour,name,x_size\nA,red,a,1\n", Customers="a\n", notes="b\n")
    assert loaded == (
        ["customers.csv created=1 updated=0 unchanged=0 rejected=0"],
        [
            'customers.csv:1:colour:unknown_column: "colour"',
            'customers.csv:1:x_size:unknown_column: "x_size"',
            'Customers.csv:1::unknown_file: "Customers.csv"',
            'notes.csv:1::unknown_file: "notes.csv"',
        ],
        0,
    )


def test_a_name_in_capitals_is_warned_of_and_no_name_breaks_its_line(tmp_path, db):
    for name in ("CUSTOMERS.CSV", "a\nb.csv", "notes.txt"):
        (tmp_path / name).write_text("external_id,name\nA,a\n")
    assert run_load(tmp_path).err == [
        'CUSTOMERS.CSV:1::unknown_file: "CUSTOMERS.CSV"',
        'a\\nb.csv:1::unknown_file: "a\\nb.csv"',
    ]


def test_a_thousand_rejections_and_warnings_are_listed_and_the_rest_is_counted(load):
    loaded = load(customers="external_id,name\n" + "".join(f"C{number},\n" for number in range(1500)))
    assert loaded.err[:1000] == [f'customers.csv:{line}:name:missing_value: ""' for line in range(2, 1002)]
    assert loaded.err[1000:] == ["customers.csv: 500 more are left out here"]

    columns = ",".join(f"c{number}" for number in range(10_000))
    loaded = load(customers=f"external_id,name,{columns}\nA,a{',' * 10_000}\nB,{',' * 10_000}\n")
    assert loaded.out == ["customers.csv created=1 updated=0 unchanged=0 rejected=1"]
    assert loaded.err[:1000] == [f'customers.csv:1:c{n}:unknown_column: "c{n}"' for n in range(1000)]
    assert loaded.err[1000:] == ["customers.csv: 9001 more are left out here"]


def test_values_are_cut_to_a_hundred_characters_and_never_break_the_line(load):
    long, broken = "x" * 1_000_000, "a\n\x1b[31m\0"
    loaded = load(customers=f'external_id,name\nA,{long}\nB,"{broken}"\n')
    assert loaded.err == [
        f'customers.csv:2:name:too_long: "{"x" * 100}"',
        'customers.csv:3:name:bad_value: "a\\n\\x1b[31m\\x00"',
    ]


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_file_is_refused_before_anything_is_loaded(tmp_path, db, make):
    (tmp_path / "exchange_rates.csv").write_text("currency,valid_from,rate\nUSD,2024-01-01,1\n")
    make(tmp_path / "customers.csv")
    loaded = run_load(tmp_path)
    assert (loaded.out, loaded.status, len(loaded.err)) == ([], 2, 1)
    assert loaded.err[0].startswith(f"{tmp_path / 'customers.csv'} cannot be read: I")


def test_a_link_to_a_file_is_that_file(tmp_path, db):
    (tmp_path / "export.txt").write_text("external_id,name\nA,a\n")
    (tmp_path / "customers.csv").symlink_to("export.txt")
    assert run_load(tmp_path).out == ["customers.csv created=1 updated=0 unchanged=0 rejected=0"]
