"""An archived customer's rows leave every list and come back with it."""

import pytest
from django.urls import reverse

from accounts.records.services import archive_customer, restore_customer
from reports.models import ValueReport
from tests.factories.accounts import make_contact, make_customer, make_user
from tests.factories.facts import make_response, make_survey
from tests.factories.kvi import LONG_AGO, make_goal, make_indicator
from tests.factories.playbooks import make_follow_up

pytestmark = pytest.mark.django_db
LISTS = (
    "dashboards:customers", "dashboards:revenue", "contacts", "kvi:goals", "playbooks:follow_ups", "reports:reports",
    "surveys:responses",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_it_is_in_no_list_until_it_is_brought_back(client, name):
    lead = make_user("lead")
    customer = make_customer(name="Nimmerwieder AG")
    contact = make_contact(customer)
    make_indicator(make_goal(customer))
    make_follow_up(customer)
    period = {"period_start": LONG_AGO.replace(day=1), "period_end": LONG_AGO}
    ValueReport.objects.create(customer=customer, language="en", created_by=lead, state="issued", **period)
    make_response(make_survey(), 3, LONG_AGO.isoformat(), contact=contact)
    client.force_login(lead)

    def stands_there():
        return "Nimmerwieder AG" in client.get(reverse(name)).content.decode()

    assert stands_there()
    archive_customer(customer, by=lead)
    assert not stands_there()
    restore_customer(customer, by=lead)
    assert stands_there()
