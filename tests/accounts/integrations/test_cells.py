"""One value of each type, at its limits (metrics.md, section 15 rule 3 and section 17 rule 14)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from accounts.models import Customer
from accounts.revenue.models import Subscription
from surveys.models import Invitation
from tests.factories.facts import set_workspace

CUSTOMER = "external_id,name\nA,Alpha\n"


def problems(column, code, *values):
    return [(value, f'{column}:{code}: "{value[:100]}"') for value in values]


def test_ids_and_texts(judge):
    judge("customers", "external_id,name,segment", [
        (f"{'i' * 100},{'n' * 255},  ", ""),
        (f"{'j' * 101},n,", f'external_id:too_long: "{"j" * 100}"'),
        (f"k,{'ß' * 256},", f'name:too_long: "{"ß" * 100}"'),
        (" , n,", 'external_id:missing_value: ""'),
        ("m,  ,", 'name:missing_value: ""'),
        ("n,a\0b,", 'name:bad_value: "a\\x00b"'),
        ("\\N,\\.,\\t", ""),
        ("o\tp,😀\x0b\u2028,\x01", ""),
    ])  # fmt: skip
    assert list(Customer.objects.filter(external_id__in=["\\N", "o\tp"]).values_list("name", "segment")) == [
        ("\\.", "\\t"),
        ("😀", "\x01"),
    ]


def test_whole_numbers(judge):
    good = ["0", "007", "-0", "2147483647", ""]
    bad = [
        *problems("billing_overdue_days", "out_of_range", "-1", "2147483648", "-2147483649", "9" * 5000),
        *problems("billing_overdue_days", "bad_value", "+1", "1.0", "1e3", "1 000", "0x1", "١", "1_0"),
    ]
    cases = [(value, "") for value in good] + bad
    rows = [(f"{number},n,{value},2024-01-01", problem) for number, (value, problem) in enumerate(cases)]
    judge("customers", "external_id,name,billing_overdue_days,billing_as_of", rows)


def test_decimals(judge):
    good = ["0", "10.50", "9" * 18 + "." + "9" * 10, "-0", "-0.0"]
    bad = [
        *problems("mrr", "out_of_range", "9" * 19, "1." + "0" * 11, "-1", "-0.0000000001", "1" * 100_000),
        *problems("mrr", "bad_value", "+1", ".5", "5.", "1e3", "NaN", "Infinity", "--1", "١", "1_0", "1 000", "1'000"),
        ('"1,5"', 'mrr:bad_value: "1,5"'),
        ("", 'mrr:missing_value: ""'),
    ]
    cases = [(value, "") for value in good] + bad
    rows = [(f"S{number},A,2024-01-01,{value},EUR", problem) for number, (value, problem) in enumerate(cases)]
    judge("subscriptions", "external_id,customer,start_date,mrr,currency", rows, customers=CUSTOMER)
    assert Subscription.objects.get(external_id="S2").mrr == Decimal("9" * 18 + "." + "9" * 10)


def test_days(judge):
    good = ["1970-01-01", "2199-12-31", "2024-02-29", ""]
    bad = [
        *problems("onboarding_start", "out_of_range", "1969-12-31", "2200-01-01", "0000-01-01", "9999-12-31"),
        *problems("onboarding_start", "bad_value", "2023-02-29", "2024-2-3", "03.02.2024", "2024-02-03T00:00"),
        *problems("onboarding_start", "bad_value", "20240203", "٢٠٢٤-02-03", "2024-W05-1"),
    ]
    cases = [(value, "") for value in good] + bad
    rows = [(f"{number},n,{value}", problem) for number, (value, problem) in enumerate(cases)]
    judge("customers", "external_id,name,onboarding_start", rows)


def test_yes_and_no_words_and_currencies(judge):
    judge("subscriptions", "external_id,customer,start_date,mrr,currency,is_trial,kind,change_reason", [
        ("S1,A,2024-01-01,1,EUR,TRUE,addon,new", ""),
        ("S2,A,2024-01-01,1,JPY,0,base,", ""),
        ("S3,A,2024-01-01,1,EUR,,,", ""),
        ("S4,A,2024-01-01,1,EUR,yes,,", 'is_trial:bad_value: "yes"'),
        ("S5,A,2024-01-01,1,EUR,,Base,", 'kind:bad_value: "Base"'),
        ("S6,A,2024-01-01,1,EUR,,,base", 'change_reason:bad_value: "base"'),
        ("S7,A,2024-01-01,1,eur,,,", 'currency:bad_value: "eur"'),
        ("S8,A,2024-01-01,1,ABC,,,", 'currency:bad_value: "ABC"'),
        ("S9,A,2024-01-01,1,EURO,,,", 'currency:bad_value: "EURO"'),
    ], customers=CUSTOMER)  # fmt: skip
    assert list(Subscription.objects.order_by("external_id").values_list("is_trial", "kind")) == [
        (True, "addon"), (False, "base"), (False, "base"),
    ]  # fmt: skip


MOMENTS = {
    "2025-01-01": datetime(2024, 12, 31, 23, tzinfo=UTC),
    "2025-01-01T00:30": datetime(2024, 12, 31, 23, 30, tzinfo=UTC),
    "2025-07-01 12:00:05.25": datetime(2025, 7, 1, 10, 0, 5, 250_000, tzinfo=UTC),
    "2025-01-01T00:00:00Z": datetime(2025, 1, 1, tzinfo=UTC),
    "2025-01-01T00:00-05:30": datetime(2025, 1, 1, 5, 30, tzinfo=UTC),
    "2025-10-26T02:30": datetime(2025, 10, 26, 0, 30, tzinfo=UTC),  # twice that night: the earlier instant
    "2025-10-26T02:30+01:00": datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    "2025-03-30T02:30+01:00": datetime(2025, 3, 30, 1, 30, tzinfo=UTC),
    "2025-03-30T03:00": datetime(2025, 3, 30, 1, tzinfo=UTC),
    "1970-01-01T00:00+14:00": datetime(1969, 12, 31, 10, tzinfo=UTC),
}


def test_moments(judge):
    bad = [
        *problems("sent_at", "nonexistent_time", "2025-03-30T02:00", "2025-03-30 02:59:59"),
        *problems("sent_at", "out_of_range", "1969-12-31T23:00", "2200-01-01T00:00Z"),
        *problems("sent_at", "bad_value", "2025-01-01T24:00", "2025-01-01T10", "2025-01-01T10:60", "2025-13-01T10:00"),
        *problems("sent_at", "bad_value", "2025-01-01T10:00 +01:00", "2025-01-01T10:00+24:00", "1735689600", "now"),
        ("", 'sent_at:missing_value: ""'),
    ]
    cases = [(value, "") for value in MOMENTS] + bad
    rows = [(f"{number:02},V,nps,A,{value}", problem) for number, (value, problem) in enumerate(cases)]
    judge("survey_invitations", "external_id,survey,kind,customer,sent_at", rows, customers=CUSTOMER)
    stored = Invitation.objects.order_by("external_id").values_list("sent_at", flat=True)
    assert list(stored) == list(MOMENTS.values())


@pytest.mark.parametrize(
    ("zone", "missing"), [("America/New_York", "2025-03-09T02:30"), ("Africa/Cairo", "2025-04-25")]
)
def test_a_time_that_the_workspaces_clocks_skip_does_not_exist_there(load, zone, missing):
    row = f"external_id,survey,kind,customer,sent_at\nI,V,nps,A,{missing}\n"
    assert load(customers=CUSTOMER, survey_invitations=row).status == 0
    set_workspace(time_zone=zone)
    assert load(survey_invitations=row).err == [f'survey_invitations.csv:2:sent_at:nonexistent_time: "{missing}"']
