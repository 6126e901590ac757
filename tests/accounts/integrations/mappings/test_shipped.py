"""Each shipped mapping with an export in that system's columns: what becomes of it, whole."""

import json

import pytest


def table(rows: list[dict[str, str]], *columns: str) -> list[str]:
    """Each row as one line, of all or of some columns."""
    return ["|".join(row[name] for name in columns or row) for row in rows]


def lines(*objects: dict) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


def test_ravenstack_adds_up_what_a_customers_subscriptions_used(translate):
    said = translate(
        "ravenstack",
        {
            "accounts.csv": "account_id,account_name,industry,country,signup_date,referral_source,plan_tier\n"
            "A-1,Nord,EdTech,DE,2024-01-05,ads,Pro\n",
            "subscriptions.csv": "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,is_trial,"
            "upgrade_flag,downgrade_flag\n"
            "S-1,A-1,2024-01-05,,Pro,9,171,False,False,False\nS-2,A-1,2024-01-05,,Pro,9,171,False,True,False\n",
            "feature_usage.csv": "usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs,"
            "error_count,is_beta_feature\n"
            "U-1,S-1,2024-02-01,report,9,500,0,False\nU-2,S-2,2024-02-01,report,1,40,0,True\n"
            "U-2,S-1,2024-02-02,report,1,,0,True\nU-3,S-9,2024-02-01,report,1,40,0,True\n"
            "U-4,S-1,2024-02-01,report,many,40,0,True\n",
        },
    )
    assert said.rows["usage_daily.csv"] == [
        {"customer": "A-1", "date": "2024-02-01", "feature": "report", "events": "10", "duration_seconds": "540"},
        {"customer": "A-1", "date": "2024-02-02", "feature": "report", "events": "1", "duration_seconds": ""},
    ]
    assert said.refused == [
        'feature_usage.csv:5:subscription_id:unknown_reference: "S-9"',
        'feature_usage.csv:6:usage_count:bad_value: "many"',
    ]


def test_salesforce(translate):
    said = translate(
        "salesforce",
        {
            "Account.csv": '"Id","IsDeleted","Name","Type","Industry","BillingCountry","OwnerId"\n'
            '"001A","0","Nord GmbH","Customer - Direct","Energy","Germany","005A"\n'
            '"001B","1","Gone","","","","005A"\n"001C","0","Süd AG","","","","005Z"\n',
            "Contact.csv": "Id,IsDeleted,AccountId,FirstName,LastName,Email,Title\n"
            "003A,0,001A,,Meier,meier@example.com,CFO\n003B,0,001A,Eva,Berg,,\n",
            "User.csv": "Id,Email\n005A,anna@example.com\n",
        },
    )
    assert table(said.rows["customers.csv"]) == ["001A|Nord GmbH|Customer - Direct|Energy|Germany|anna@example.com"]
    assert table(said.rows["contacts.csv"]) == ["003A|001A|Meier|meier@example.com|CFO", "003B|001A|Eva Berg||"]
    assert (said.refused, said.left_out) == (['Account.csv:4:OwnerId:unknown_reference: "005Z"'], 1)


def test_hubspot(translate):
    said = translate(
        "hubspot",
        {
            "hubspot-crm-exports-all-companies-2026-11-01.csv": "Record ID,Company name,Company owner,Create Date,"
            "Country/Region,Industry\n7001,Nord GmbH,anna@example.com,2024-02-01 09:30,Germany,ENERGY\n",
            "contacts.csv": "Record ID,First Name,Last Name,Email,Job Title,Primary Associated Company ID\n"
            "901,Eva,Berg,eva@example.com,Buyer,7001\n902,Max,,max@example.com,,\n",
        },
    )
    assert table(said.rows["customers.csv"]) == ["7001|Nord GmbH|ENERGY|Germany|anna@example.com"]
    assert table(said.rows["contacts.csv"]) == ["901|7001|Eva Berg|eva@example.com|Buyer", "902||Max|max@example.com|"]
    assert said.refused == []


def test_stripe(translate):
    head = "id,Customer ID,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,Start (UTC),Ended At (UTC)\n"
    said = translate(
        "stripe",
        {
            "subscriptions.csv": head + "sub_1,cus_1,a@example.com,pro,3,eur,month,49.00,active,2024-01-05 10:11,\n"
            "sub_2,cus_1,a@example.com,pro,2,usd,year,\"1,200.00\",canceled,2023-01-05 10:11,2024-01-05 10:11\n"
            "sub_3,cus_2,b@example.com,pro,,usd,month,10,trialing,2024-03-01 00:00,\n"
            "sub_4,cus_2,b@example.com,pro,1,usd,week,10,active,2024-03-01 00:00,\n"
            "sub_5,cus_2,b@example.com,pro,1,usd,month,10,incomplete,2024-03-01 00:00,\n"
            "sub_6,cus_2,b@example.com,pro,1,usd,month,10,frozen,2024-03-01 00:00,\n"
        },
    )  # fmt: skip
    assert table(said.rows["subscriptions.csv"]) == [
        "sub_1|cus_1|2024-01-05||147|EUR|pro|false|3",
        "sub_2|cus_1|2023-01-05|2024-01-05|200|USD|pro|false|2",
        "sub_3|cus_2|2024-03-01||10|USD|pro|true|",
    ]
    assert said.refused == [
        'subscriptions.csv:5:Amount:bad_value: "10"',
        'subscriptions.csv:7:Status:bad_value: "frozen"',
    ]
    assert said.left_out == 1


def test_zendesk(translate):
    head = "Id,Requester,Status,Priority,Via,Created at,Updated at,Organization,Solved at,Satisfaction Score\n"
    files = {
        "organizations.csv": "id,name,external_id\n1,Nord GmbH,C-1\n2,Süd AG,\n",
        "tickets.csv": head
        + "11,Eva,Solved,Normal,Mail,2024-01-05 10:00,2024-01-07 09:00,Nord GmbH,2024-01-06 12:00,Good\n"
        "12,Max,Open,-,Web,2024-01-05 10:00,2024-01-05 11:00,Nord GmbH,,Offered\n"
        "13,Tom,Open,High,Web,2024-01-05 10:00,2024-01-05 11:00,West,,Bad\n"
        "14,Tom,Deleted,High,Web,2024-01-05 10:00,2024-01-05 11:00,West,,Bad\n",
    }  # fmt: skip
    said = translate("zendesk", files)
    assert table(said.rows["tickets.csv"]) == [
        "11|C-1|2024-01-05 10:00|2024-01-06 12:00|Mail|Normal",
        "12|C-1|2024-01-05 10:00||Web|",
    ]
    assert table(said.rows["survey_responses.csv"], "external_id", "kind", "scale_min", "scale_max", "score") == [
        "csat:11|csat|0|1|1"
    ]
    assert said.refused == ['tickets.csv:4:Organization:unknown_reference: "West"'] * 2
    without = files | {"tickets.csv": "Id,Status,Created at,Organization,Solved at\n11,Open,2024-01-05,Nord GmbH,\n"}
    assert table(translate("zendesk", without).rows["tickets.csv"]) == ["11|C-1|2024-01-05|"]


def test_delighted_as_table_and_as_lines(translate):
    answer = {"id": "3", "survey_type": "csat", "score": 4, "comment": None, "created_at": 1704412800}
    said = translate(
        "delighted",
        {
            "survey_responses.csv": "id,person,survey_type,score,comment,created_at,customer_id\n"
            "1,10,nps,9,good,2024-01-05 10:00:00 UTC,A\n2,10,smileys,2,,2024-01-05 10:00:00,A\n"
            "4,10,nps,3,bad,2024-01-05T10:00:00Z,\n",
            "survey_responses.jsonl": lines(answer | {"person_properties": {"customer_id": "B"}}),
        },
    )
    assert table(said.rows["survey_responses.csv"], "external_id", "survey", "kind", "customer", "score") == [
        "4|delighted-nps|nps||3",
        "3|delighted-csat|csat|B|4",
    ]
    assert [row["answered_at"] for row in said.rows["survey_responses.csv"]] == [
        "2024-01-05T10:00:00+00:00",
        "2024-01-05T00:00:00+00:00",
    ]
    assert said.refused == [
        'survey_responses.csv:2:created_at:bad_value: "2024-01-05 10:00:00 UTC"',
        'survey_responses.csv:3:survey_type:bad_value: "smileys"',
    ]


MIXPANEL = {"event": "Export", "properties": {"time": 1704412800, "distinct_id": "u1", "$insert_id": "e1", "n": 5}}
AMPLITUDE = {
    "event_type": "Export", "event_time": "2024-01-05 00:00:00.000000", "user_id": "u1", "uuid": "e1",
    "groups": {}, "event_properties": {"feature": "pdf"}, "user_properties": {},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "events", "feature"),
    [
        ("mixpanel", [MIXPANEL | {"properties": MIXPANEL["properties"] | {"company_id": "A"}}] * 2, ""),
        ("amplitude", [AMPLITUDE | {"groups": {"customer_id": ["A"]}}, AMPLITUDE | {"user_id": None},
                       AMPLITUDE | {"user_properties": {"customer_id": "A"}}], "pdf"),
    ],
)  # fmt: skip
def test_events_become_events_and_their_users(translate, name, events, feature):
    said = translate(name, {"2024-01-05.json": lines(*events) + "{}\n[]\n"})
    assert said.rows["end_users.csv"][0] == {"external_id": "u1", "customer": "A"}
    expected = {
        "external_id": "e1", "customer": "A", "end_user": "u1", "name": "Export",
        "occurred_at": "2024-01-05T00:00:00+00:00", "feature": feature,
    }  # fmt: skip
    assert said.rows["usage_events.csv"][:2] == [expected, expected]
    assert set(said.refused) == {f'2024-01-05.json:{len(events) + 2}::malformed_row: ""'}
