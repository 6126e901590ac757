"""The revenue of a month stands in the line of the months before it."""

from fractions import Fraction

import pytest
from django.urls import reverse

from tests.factories.accounts import make_customer, make_user
from tests.factories.facts import make_churn_record, make_cost, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    client.force_login(make_user("lead", language="en"))
    return client


def chart(client, month):
    return client.get(reverse("dashboards:revenue"), {"period": month}).context["chart"]


def test_the_trend_has_a_row_for_each_of_twelve_months_newest_first(lead):
    make_subscription(make_customer(), "2024-01-01", "2024-11-01", 100)
    make_subscription(make_customer(), "2024-05-15", None, 50)
    shown = chart(lead, "2024-12")
    assert shown.headings == ("Month", "Monthly recurring revenue")
    assert [value for _month, value in shown.rows] == [
        "€50.00", "€50.00", *["€150.00"] * 6, *["€100.00"] * 4,
    ]  # fmt: skip
    assert (shown.rows[0][0], shown.rows[-1][0]) == ("December 2024", "January 2024")
    assert shown.svg.startswith("<svg ")


def test_without_revenue_there_is_no_picture(lead):
    make_customer()
    assert chart(lead, "2024-12") is None


def test_the_month_is_told_from_its_opening_to_its_closing(lead):
    make_subscription(make_customer(), "2024-01-01", None, 100)
    gone = make_customer()
    make_subscription(gone, "2024-01-01", "2024-12-10", 50)
    make_churn_record(gone, "2024-12-09", "price")
    make_subscription(make_customer(), "2024-12-05", None, 30)
    make_cost("2024-12-05", "acquisition", 15)
    page = lead.get(reverse("dashboards:revenue"), {"period": "2024-12"})
    assert page.context["bridge"].rows == (
        ("Opening", "€150.00"), ("+ New", "€30.00"), ("+ Reactivated", "€0.00"), ("+ Expansion", "€0.00"),
        ("− Contraction", "€0.00"), ("− Churn", "€50.00"), ("Closing", "€130.00"),
    )  # fmt: skip
    assert [(part.reason, part.customers.value, part.mrr.value) for part in page.context["lost"]] == [("price", 1, 50)]
    economics = {f.reading.metric: (f.name, f.reading.value, f.status) for f in page.context["economics"]}
    assert economics["ltv_cac"] == ("LTV:CAC ratio", Fraction(130, 15), "good")  # 65 a month ÷ 0.5, for 15
    assert economics["crc"] == ("Customer retention cost", None, "")
    words = page.content.decode()
    assert "Why customers left" in words
    assert "Negative churn" not in words


def test_a_month_without_a_rate_says_so_instead_of_drawing(lead):
    make_subscription(make_customer(), "2024-01-01", None, 100, currency="USD")
    page = lead.get(reverse("dashboards:revenue"), {"period": "2024-12"})
    assert page.context["bridge"] is None
    assert "an exchange rate is missing" in page.content.decode()
