"""How one value becomes another: each function of the grammar by what goes in and what comes out."""

import pytest

LOOKUP = """
[source.o]
file = "other.csv"
[lookup.l]
source = "o"
key = "key"
value = "value"
"""


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ('"v"', [" a ", "", "ä, ö\nü"], ["a", "", "ä, ö\nü"]),
        ('{ constant = "€" }', ["a", ""], ["€", "€"]),
        ('{ template = "{v}/{w}{{}}" }', ["a", ""], ["a/w1{}", "/w2{}"]),
        ('{ template = "x{v}" }', ["a", ""], ["xa", ""]),
        ('{ first_of = ["absent", "v", "w"] }', ["a", ""], ["a", "w2"]),
        ('{ column = "v", empty = ["n/a", "-"] }', ["n/a", "-", "a"], ["", "", "a"]),
        ('{ column = "v", case = "lower" }', ["ÄB"], ["äb"]),
        ('{ column = "v", default = "none" }', ["", "a"], ["none", "a"]),
        ('{ column = "v", empty = "0", default = "none" }', ["0", "a"], ["none", "a"]),
        ('{ column = "v", words = { a = "1", "" = "0" } }', ["a", ""], ["1", "0"]),
        ('{ column = "v", split = { at = "@", take = "after" } }', ["a@b@c", ""], ["b@c", ""]),
        ('{ column = "v", number = {} }', ["4.0", "-0.50", "007", "0.000", ""], ["4", "-0.5", "7", "0", ""]),
        ('{ column = "v", number = { decimal = ",", group = "." } }', ["1.234,50", "12,5", "999"],
         ["1234.5", "12.5", "999"]),
        ('{ column = "v", number = { strip = ["€", "EUR"] } }', ["€ 5", "5.10 EUR", "€"], ["5", "5.1", ""]),
        ('{ column = "v", number = { over = 100 } }', ["1999", "1"], ["19.99", "0.01"]),
        ('{ column = "v", number = { over = 12 } }', ["1000"], ["83.3333333333"]),
        ('{ column = "v", number = { times = "n", over = { column = "n", words = { 1 = "1", 2 = "12" } } } }',
         ["12", "12"], ["12", "2"]),
        ('{ column = "v", lookup = "l" }', ["a", "c", ""], ["1", "4", ""]),
    ],
)  # fmt: skip
def test_a_value_is_made_as_the_rule_says(one_column, rule, values, expected):
    assert one_column(rule, values, more=LOOKUP if "lookup" in rule else "") == (expected, [])


@pytest.mark.parametrize(
    ("rule", "bad", "code"),
    [
        ('{ column = "v", words = { a = "1" } }', ["b", "A", "a b"], "bad_value"),
        ('{ column = "v", split = { at = "@", take = "before" } }', ["a"], "bad_value"),
        ('{ column = "v", number = {} }', ["1,5", "1e3", "+1", ".5", "5.", "NaN", "१", "1 000", "--1"], "bad_value"),
        ('{ column = "v", number = { decimal = ",", group = "." } }', ["1.5", "1.34,5", "1,2,3", "1234.567"],
         "bad_value"),
        ('{ column = "v", number = {} }', ["9" * 41, "9" * 5000], "out_of_range"),
        ('{ column = "v", number = { over = "v" } }', ["0", "0.0"], "out_of_range"),
        ('{ column = "v", lookup = "l" }', ["z", "A"], "unknown_reference"),
        ('{ column = "v", lookup = "l" }', ["b"], "conflict"),
    ],
)  # fmt: skip
def test_what_cannot_be_translated_is_refused_and_never_guessed(one_column, rule, bad, code):
    values, refused = one_column(rule, bad, more=LOOKUP if "lookup" in rule else "")
    assert values == []
    assert refused == [f's.csv:{line}:v:{code}: "{value[:100]}"' for line, value in enumerate(bad, 2)]


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ('date = "%m/%d/%Y"', ["1/5/2024", "12/31/1999"], ["2024-01-05", "1999-12-31"]),
        ('date = "%d.%m.%y"', ["05.01.24"], ["2024-01-05"]),
        ('date = "iso"', ["2024-01-05T23:30:00-05:00", "2024-01-05 10:00", "2024-01-05"], ["2024-01-05"] * 3),
        ('date = { format = "iso", zone = "Europe/Berlin" }', ["2024-01-05T23:30:00Z"], ["2024-01-06"]),
        ('date = "unix"', ["0", "1704412800.5"], ["1970-01-01", "2024-01-05"]),
        ('time = "unix_ms"', ["1704412800123"], ["2024-01-05T00:00:00.123000+00:00"]),
        ('time = { format = "%Y-%m-%d %H:%M", zone = "Europe/Berlin" }', ["2024-07-01 12:00", "2024-10-27 02:30"],
         ["2024-07-01T10:00:00+00:00", "2024-10-27T00:30:00+00:00"]),
        ('time = "%d.%m.%Y %I:%M %p"', ["05.01.2024 03:00 PM"], ["2024-01-05T15:00:00"]),
        ('time = "%Y-%m-%dT%H:%M:%S%z"', ["2024-01-05T10:00:00+0100"], ["2024-01-05T09:00:00+00:00"]),
    ],
)  # fmt: skip
def test_dates_and_times_come_in_the_declared_format(one_column, rule, values, expected):
    assert one_column(f'{{ column = "v", {rule} }}', values, at="date") == (expected, [])


@pytest.mark.parametrize(
    ("rule", "bad", "code"),
    [
        ('date = "%m/%d/%Y"', ["13/01/2024", "2/30/2024", "2024-01-05", "1/5/2024 10:00"], "bad_value"),
        ('date = "unix"', ["1e9", "soon", "99999999999999", "1704412800 "[:-1] + "x"], "bad_value"),
        ('time = "iso"', ["yesterday", "2024-13-01T00:00"], "bad_value"),
        ('time = { format = "iso", zone = "Europe/Berlin" }', ["2024-03-31T02:30:00"], "nonexistent_time"),
    ],
)  # fmt: skip
def test_another_format_is_refused(one_column, rule, bad, code):
    values, refused = one_column(f'{{ column = "v", {rule} }}', bad, at="date")
    assert (values, refused) == ([], [f's.csv:{line}:v:{code}: "{value}"' for line, value in enumerate(bad, 2)])


def test_the_message_names_the_words_and_the_place_in_the_contract(translate):
    source = "churn_event_id,account_id,churn_date,reason_code,feedback_text\nC-1,A-1,2024-01-05,weather,\n"
    said = translate(
        "ravenstack",
        {"accounts.csv": ACCOUNTS, "subscriptions.csv": SUBSCRIPTIONS, "churn_events.csv": source},
    )
    assert said.refused == ['churn_events.csv:2:reason_code:bad_value: "weather"']
    assert said.messages == [
        "The mapping's word list has competitor, features, support, pricing, budget, unknown, not this; "
        "correct one of them. (reason of churn_records.csv)"
    ]


ACCOUNTS = "account_id,account_name,industry,country,signup_date,referral_source,plan_tier\n"
SUBSCRIPTIONS = (
    "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,is_trial,upgrade_flag,downgrade_flag\n"
)
