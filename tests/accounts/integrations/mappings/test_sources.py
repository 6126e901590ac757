"""Source files as vendors and spreadsheets write them, and as nobody should."""

import json

import pytest

from accounts.integrations.mappings import converting, lookups
from accounts.integrations.mappings.errors import SourceError

CONTACTS = """
[source.s]
file = "{file}"
{more}
[[target]]
file = "user_groups.csv"
source = "s"
[target.columns]
external_id = "id"
customer = "{customer}"
name = "name"
"""


def mapping(file: str = "s.csv", customer: str = "customer", more: str = "") -> str:
    return CONTACTS.format(file=file, customer=customer, more=more)


def groups(said) -> list[str]:
    return ["|".join(row.values()) for row in said.rows["user_groups.csv"]]


@pytest.mark.parametrize(
    "data",
    [
        b"id,customer,name\n1,A,M\xc3\xbcller\n",
        b"\xef\xbb\xbfID, Customer ,NAME,more\r\n1,A,M\xc3\xbcller,x\r\n\r\n",
        b'id;customer;name\n"1";"A";"M\xc3\xbcller"',
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(translate, data):
    assert groups(translate(mapping(), {"s.csv": data})) == ["1|A|Müller"]


@pytest.mark.parametrize(("encoding", "name"), [("windows-1252", "Mü€"), ("utf-16", "Mü€"), ("iso-8859-15", "Mü€")])
def test_the_mapping_may_name_the_encoding(translate, encoding, name):
    data = f"id\tcustomer\tname\n1\tA\t{name}\n".encode(encoding)
    more = f'encoding = "{encoding}"\ndelimiter = "\\t"'
    assert groups(translate(mapping(more=more), {"s.csv": data})) == [f"1|A|{name}"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"id,customer,name\n1,A,M\xfcller\n",
            "It looks like Windows-1252, as spreadsheets write it; save it as UTF-8",
        ),
        ("id,customer,name\n1,A,b\n".encode("utf-16"), "s.csv is not UTF-8. It looks like UTF-16"),
        ("id,customer,name\n1,A,b\n".encode("utf-16-le"), "s.csv is not UTF-8. It looks like UTF-16"),
        (b"id,customer,name\n1,A,\x81\xff\n", "It is no text in Windows-1252 either"),
        (b"id,customer,na\0me\n1,A,b\n", "It holds NUL bytes, as no text does"),
        (b"", "s.csv has no header line"),
        (b"\n\n", "s.csv has no header line"),
        (b"id,name\n", "s.csv has no column 'customer'; it has id, name."),
        (b"id\tcustomer\tname\n", r"it has id\tcustomer\tname. If another sign separates its columns, write it as "),
        (b"id,\x1b[31m\t,name\n", r"it has id, \x1b[31m, name."),
        (b"id,customer,name,ID\n", "s.csv has two columns 'id'; rename one of them."),
        (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n", "c28, c29 and 9970 more."),
    ],
)
def test_a_file_that_is_not_what_the_mapping_says_stops_everything_with_a_reason(translate, data, message):
    with pytest.raises(SourceError) as refused:
        translate(mapping(), {"s.csv": data})
    assert message in str(refused.value)


def test_a_missing_file_is_named_with_those_that_are_there(translate):
    with pytest.raises(SourceError, match=r"There is no s\.csv; there is a\.csv, b\.csv\."):
        translate(mapping(), {"b.csv": "x", "a.csv": "x"})
    optional = mapping(more="optional = true")
    with pytest.raises(SourceError, match=r"None of the mapping's files is there \(s\.csv\); there is nothing\."):
        translate(optional, {})
    with pytest.raises(SourceError, match="More than 200 files fit the mapping"):
        translate(mapping("*.csv"), {f"{n}.csv": "x" for n in range(201)})


def test_what_would_be_too_much_for_memory_or_loader_is_refused(translate, monkeypatch):
    monkeypatch.setattr(converting, "MAX_BYTES", 20)
    with pytest.raises(SourceError, match=r"More than 500 MiB of user_groups\.csv would be made; split the export\."):
        translate(mapping(), {"s.csv": "id,customer,name\n" + "1,A,b\n" * 5})
    monkeypatch.setattr(lookups, "MOST_KEYS", 2)
    more = '[lookup.l]\nsource = "s"\nkey = "id"\nvalue = "name"'
    text = mapping(more=more).replace('name = "name"', 'name = { column = "id", lookup = "l" }')
    with pytest.raises(SourceError, match=r"s\.csv has more than 2 keys to look up; split the load\."):
        translate(text, {"s.csv": "id,customer,name\n1,A,a\n2,A,b\n3,A,c\n"})


def test_rows_that_cannot_be_read_are_refused_one_by_one(translate):
    said = translate(mapping(), {"s.csv": 'id,customer,name\n1,A\n2,A,b\n3,A,"b\n4,A,c\n'})
    assert groups(said) == ["2|A|b"]
    assert said.refused == ['s.csv:2::malformed_row: ""', 's.csv:4::malformed_row: ""']


def test_line_breaks_in_a_value_stay_and_lines_count_on(translate):
    said = translate(mapping(), {"s.csv": 'id,customer,name\r\n1,A,"b\r\nc\rd"\r\n2\r\n'})
    assert groups(said) == ["1|A|b\r\nc\rd"]
    assert said.refused == ['s.csv:5::malformed_row: ""']


def test_all_files_that_fit_a_pattern_are_read_each_with_its_own_header(translate):
    files = {"s-2.csv": "name,customer,id\nb,A,2\n", "s-1.csv": "id,customer,name\n1,A,a\n3\n", "t.csv": "x\n"}
    said = translate(mapping("s-*.csv"), files)
    assert groups(said) == ["1|A|a", "2|A|b"]
    assert said.refused == ['s-1.csv:3::malformed_row: ""']


def test_json_lines_are_read_by_path(translate):
    lines = [
        {"id": 1, "p": {"c": "A"}, "name": " x "},
        {"id": 1.50, "p": {"c": True}, "name": ["a", {"b": 0.1}]},
        {"id": 0, "p.c": "B", "p": {"c": "A"}, "name": None},
        {"id": "4", "p": [], "name": "ü"},
    ]
    text = "\n".join(json.dumps(line) for line in lines).replace("1.5", "1.50") + "\n\n"
    said = translate(mapping("s.jsonl", "p.c"), {"s.jsonl": text})
    assert groups(said) == ["1|A|x", '1.50|true|["a", {"b": 0.1}]', "0|B|", "4||ü"]


def test_the_first_of_a_list_is_at_0(translate):
    said = translate(mapping("s.jsonl", "g.c.0"), {"s.jsonl": '{"id": "1", "g": {"c": ["A", "B"]}, "name": "n"}'})
    assert groups(said) == ["1|A|n"]


@pytest.mark.parametrize(
    "line",
    [
        "[]", "5", '"text"', "{", "nothing", '{"id": NaN}', '{"id": 1e999}', '{"id": ' + "9" * 5000 + "}",
        '{"id": ' + "[" * 10_000 + "]" * 10_000 + "}", '{"id": "' + "x" * (1 << 20) + '"}',
    ],
)  # fmt: skip
def test_a_line_that_is_no_object_is_a_refused_row(translate, line):
    good = '{"id": "1", "customer": "A", "name": "n"}'
    said = translate(mapping("s.jsonl"), {"s.jsonl": f"{good}\n{line}\n{good}\n"})
    assert groups(said) == ["1|A|n", "1|A|n"]
    assert said.refused == ['s.jsonl:2::malformed_row: ""']


def test_half_a_character_is_a_refused_row(translate):
    said = translate(mapping("s.jsonl"), {"s.jsonl": r'{"id": "1", "customer": "A", "name": "a\ud800"}'})
    assert (groups(said), said.refused) == ([], [r's.jsonl:1:name:bad_value: "a\ud800"'])


def test_a_condition_that_cannot_be_judged_refuses_the_row_at_its_column(translate):
    where = 'where = [{ column = "paid", number = {}, is_not = "0" }]'
    text = mapping().replace("[target.columns]", f"{where}\n[target.columns]")
    said = translate(text, {"s.csv": "id,customer,name,paid\n1,A,a,0.0\n2,A,b,5\n3,A,c,much\n"})
    assert (groups(said), said.left_out, said.refused) == (["2|A|b"], 1, ['s.csv:4:paid:bad_value: "much"'])


def test_what_is_optional_is_left_out_where_it_is_not_there(translate):
    users = {"User.csv": "Id,Email\nU1,anna@example.com\n"}
    accounts = {"Account.csv": "Id,Name,OwnerId,IsDeleted\n1,Nord,U1,false\n2,Süd,U1,true\n"}
    alone = translate("salesforce", accounts)
    assert alone.rows == {"customers.csv": [{"external_id": "1", "name": "Nord"}]}
    both = translate("salesforce", accounts | users)
    assert both.rows == {"customers.csv": [{"external_id": "1", "name": "Nord", "owner": "anna@example.com"}]}
    assert both.left_out == 1
