"""The revenue of a month stands in the line of the months before it."""

import pytest
from django.urls import reverse

from tests.factories.accounts import make_customer, make_user
from tests.factories.facts import make_subscription

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
