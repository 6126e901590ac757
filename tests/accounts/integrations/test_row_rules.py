"""The last column of the contract's table, file by file: code and column of each rule (section 15 rules 6 and 10)."""

from surveys.models import SurveyScale

CUSTOMERS = "external_id,name\nA,Alpha\nB,Beta\n"
GROUPS = "external_id,customer,name\nGA,A,g\nGB,B,g\n"
CONTACTS = "external_id,customer\nPA,A\nPB,B\n"
INVITATIONS = (
    "external_id,survey,kind,contact,customer,sent_at\n"
    "IA,V,nps,PA,,2025-01-01\n"
    "IB,V,csat,,B,2025-01-01\n"
)  # fmt: skip
PEOPLE = {"customers": CUSTOMERS, "user_groups": GROUPS, "contacts": CONTACTS}


def test_exchange_rates(judge):
    judge("exchange_rates", "currency,valid_from,rate", [
        ("USD,2024-01-01,1.1", ""),
        ("EUR,2024-01-01,1.00", ""),
        ("USD,2024-01-02,0", 'rate:out_of_range: "0"'),
        ("USD,2024-01-03,-1", 'rate:out_of_range: "-1"'),
        ("EUR,2024-01-02,1.1", 'rate:conflict: "1.1"'),
        ("EUR,2024-01-01,1", 'currency:duplicate_key: "EUR"'),
    ])  # fmt: skip


def test_customers(judge):
    judge("customers", "external_id,name,billing_overdue_days,billing_as_of,phase", [
        ("A,a,3,2024-01-01,expansion", ""),
        ("B,b,,2024-01-01,", ""),
        ("C,c,0,,", 'billing_as_of:missing_value: ""'),
        ("D,d,0,,growth", 'phase:bad_value: "growth"'),  # columns in the contract's order, row rules last
    ])  # fmt: skip
    judge("customers", "external_id,name,billing_overdue_days", [("E,e,3", 'billing_as_of:missing_value: ""')])


def test_contacts(judge):
    judge("contacts", "external_id,customer,email,user_group", [
        ("P1,A,a@b,GA", ""),
        ("P2,A,,", ""),
        ("P3,A,a@b@c,", 'email:bad_value: "a@b@c"'),
        ("P4,A,ab,", 'email:bad_value: "ab"'),
        ("P5,A,ab,GB", 'user_group:conflict: "GB"'),
        ("P6,A,ab,GX", 'user_group:unknown_reference: "GX"'),
        ("P7,X,ab,GB", 'customer:unknown_reference: "X"'),
    ], customers=CUSTOMERS, user_groups=GROUPS)  # fmt: skip


def test_subscriptions(judge):
    judge("subscriptions", "end_date,external_id,customer,start_date,mrr,currency", [
        ("2024-01-01,S1,A,2024-01-01,1,EUR", ""),
        ("2023-12-31,S2,A,2024-01-01,1,EUR", 'end_date:conflict: "2023-12-31"'),
        ("2023-12-31,S3,A,2024-01-01,x,eur", 'mrr:bad_value: "x"'),
    ], customers=CUSTOMERS)  # fmt: skip


def test_invitations(judge):
    judge("survey_invitations", "external_id,survey,kind,contact,customer,sent_at,bounced_at", [
        ("I1,V,nps,PA,A,2025-01-02,2025-01-02", ""),
        ("I2,V,nps,PA,,2025-01-02,", ""),
        ("I3,V,nps,,A,2025-01-02,", ""),
        ("I4,V,nps,,,2025-01-02,", 'contact:missing_value: ""'),
        ("I5,V,nps,PA,A,2025-01-02,2025-01-01", 'bounced_at:conflict: "2025-01-01"'),
        ("I6,V,nps,PA,B,x,", 'contact:conflict: "PA"'),
        ("I7,V,nps,PX,B,x,", 'contact:unknown_reference: "PX"'),
        (f"I8,{'V' * 101},NPS,,,,", f'survey:too_long: "{"V" * 100}"'),
    ], **PEOPLE)  # fmt: skip


ANSWER = "external_id,survey,kind,scale_min,scale_max,high_from,reversed,anonymous,invitation,contact,customer,score,"
ANSWER += "answered_at"


def test_responses(judge):
    cases = {
        "nps,,,,,,IA,PA,A,10,2025-01-02": "",
        "nps,1,10,,,,,,A,5,2025-01-02": 'scale_max:conflict: "10"',
        "nps,0,5,,,,,,A,5,2025-01-02": 'scale_max:conflict: "5"',
        "nps,0,10,9,,,,,A,5,2025-01-02": 'high_from:conflict: "9"',
        "nps,0,10,,1,,,,A,5,2025-01-02": 'reversed:conflict: "1"',
        "nps,0,,,,,,,A,5,2025-01-02": 'scale_max:missing_value: ""',
        "nps,,10,,,,,,A,5,2025-01-02": 'scale_min:missing_value: ""',
        "nps,,,,,,,,A,11,2025-01-02": 'score:out_of_range: "11"',
        "nps,,,,,,,,A,-1,2025-01-02": 'score:out_of_range: "-1"',
        "csat,,,,,,,,A,0,2025-01-02": 'score:out_of_range: "0"',
        "csat,5,5,5,,,,,A,5,2025-01-02": 'scale_max:conflict: "5"',
        "csat,1,7,8,,,,,A,5,2025-01-02": 'high_from:out_of_range: "8"',
        "csat,1,7,-1,,,,,A,5,2025-01-02": 'high_from:out_of_range: "-1"',
        "csat,1,6,,,,,,A,5,2025-01-02": 'high_from:missing_value: ""',
        "csat,-2,2,1,,,,,A,-2,2025-01-02": "",
        "csat,,,,,true,,,,,2025-01-02": "",
        "ces,,,,,true,IA,,,5,2025-01-02": 'invitation:conflict: "IA"',
        "ces,,,,,true,,PA,,5,2025-01-02": 'contact:conflict: "PA"',
        "nps,,,,,,IB,PA,A,5,2025-01-02": 'invitation:conflict: "IB"',
        "nps,,,,,,IB,PA,,5,2025-01-02": 'invitation:conflict: "IB"',
        "nps,,,,,,,PB,A,5,2025-01-02": 'contact:conflict: "PB"',
        "nps,,,,,,IX,PX,X,x,x": 'invitation:unknown_reference: "IX"',
        "nps,,,,,,,,,5,": 'answered_at:missing_value: ""',
    }
    rows = [(f"R{number},V{number},{row}", problem) for number, (row, problem) in enumerate(cases.items())]
    judge("survey_responses", ANSWER, rows, **PEOPLE, survey_invitations=INVITATIONS)


def test_the_first_accepted_row_of_a_survey_and_kind_fixes_the_scale_and_an_invitation_is_answered_once(judge):
    judge("survey_responses", ANSWER, [
        ("R1,V,csat,1,7,,,,,,A,9,2025-01-02", 'score:out_of_range: "9"'),
        ("R2,V,csat,1,10,,,,IA,,,9,2025-01-02", ""),
        ("R3,V,csat,1,7,,,,,,A,2,2025-01-02", 'scale_max:conflict: "7"'),
        ("R4,V,csat,,,,,,,,A,2,2025-01-02", 'scale_max:conflict: ""'),
        ("R5,V,csat,2,10,8,,,,,A,2,2025-01-02", 'scale_min:conflict: "2"'),
        ("R6,V,csat,1,10,7,,,,,A,2,2025-01-02", 'high_from:conflict: "7"'),
        ("R7,V,csat,1,10,8,true,,,,A,2,2025-01-02", 'reversed:conflict: "true"'),
        ("R8,V,csat,1,10,8,,true,,,A,2,2025-01-02", 'anonymous:conflict: "true"'),
        ("R9,V,csat,1,10,8,,,IA,,,2,2025-01-02", 'invitation:conflict: "IA"'),
        ("R10,V,ces,,,,,,IA,,,2,2025-01-02", ""),
        ("R2,V,csat,1,10,7,,,,,,2,2025-01-02", 'external_id:duplicate_key: "R2"'),
        ("R11,V2,csat,,,,,,IA,,,2,2025-01-02", 'invitation:conflict: "IA"'),
    ], **PEOPLE, survey_invitations=INVITATIONS)  # fmt: skip
    scales = SurveyScale.objects.order_by("kind").values_list("survey__external_id", "kind", "scale_max", "high_from")
    assert list(scales) == [("V", "ces", 5, 4), ("V", "csat", 10, 8)]


def test_one_of_the_two_scale_columns_may_be_missing_and_empty_in_every_load(judge):
    for number, column in enumerate(("scale_min", "scale_max")):
        judge("survey_responses", f"external_id,survey,kind,{column},answered_at", [
            (f"N{number},V,nps,,2025-01-02", ""),
            (f"M{number},V,csat,,2025-01-02", ""),
        ])  # fmt: skip


def test_goals(judge):
    judge("goals", "external_id,customer,scope,user_group,name,weight,start_date,retired_on", [
        ("O1,A,collective,,n,,2024-01-01,2024-01-01", ""),
        ("O2,A,individual,GA,n,0.5,2024-01-01,", ""),
        ("O3,A,individual,,n,,2024-01-01,", 'user_group:missing_value: ""'),
        ("O4,A,collective,GA,n,,2024-01-01,", 'user_group:conflict: "GA"'),
        ("O5,A,collective,GB,n,,2024-01-01,", 'user_group:conflict: "GB"'),
        ("O6,A,collective,,n,0,2024-01-01,", 'weight:out_of_range: "0"'),
        ("O7,A,collective,,n,-1,2024-01-01,", 'weight:out_of_range: "-1"'),
        ("O8,A,collective,,n,,2024-01-01,2023-12-31", 'retired_on:conflict: "2023-12-31"'),
        ("O9,A,,,,,,", 'scope:missing_value: ""'),
    ], customers=CUSTOMERS, user_groups=GROUPS)  # fmt: skip
