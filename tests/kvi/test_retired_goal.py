"""What is still possible on a retired goal, who records an agreement, and in which order rows are locked."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kvi import services
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user
from tests.factories.kvi import DEFINITION, make_goal

pytestmark = pytest.mark.django_db
LOCKED = re.compile(r'FROM "kvi_(goal|indicator)" .*FOR UPDATE')
CHANGED = DEFINITION | {"target": 5}


@pytest.fixture
def csm():
    return make_user(role="csm")


@pytest.fixture
def access(csm):
    return make_portal_access(make_contact(make_customer(owner=csm)))


@pytest.fixture
def draft(csm, access):
    return services.draft_version(make_goal(access.contact.customer, state="draft"), by=csm, **DEFINITION)


@pytest.fixture
def proposal(draft, csm, access):
    return services.propose_version(draft, by=csm, to=access.contact)


def record(version, access, by):
    return services.record_agreement(version, contact=access.contact, agreed_on=date.today(), evidence="mail", by=by)


@pytest.mark.parametrize("act", ["accept", "counter", "record", "redraft", "propose"])
def test_nothing_is_agreed_on_a_retired_goal(request, act, csm, access):
    version = request.getfixturevalue("draft" if act in ("redraft", "propose") else "proposal")
    services.retire_goal(version.indicator.goal, by=csm, note="Reached elsewhere")
    acts = {
        "accept": lambda: services.accept_version(version, by=access.user, access=access),
        "counter": lambda: services.counter_version(version, by=access.user, access=access, **CHANGED),
        "record": lambda: record(version, access, csm),
        "redraft": lambda: services.redraft_version(version, by=csm, **CHANGED),
        "propose": lambda: services.propose_version(version, by=csm, to=access.contact),
    }
    with pytest.raises(services.NotOpen, match="retired"):
        acts[act]()
    before = version.state
    version.refresh_from_db()
    assert (version.state, version.agreements.filter(side="customer").exists()) == (before, False)


def test_the_contact_reads_why_the_proposal_cannot_be_accepted_and_may_decline_it(client, proposal, csm, access):
    services.retire_goal(proposal.indicator.goal, by=csm, note="Reached elsewhere")
    client.force_login(access.user)
    args = [proposal.indicator.public_id, proposal.number]
    page = client.post(reverse("kvi:portal_version_act", args=[*args, "accept"]), follow=True)
    assert "This goal is retired already." in page.content.decode() or page.status_code == 404
    assert services.decline_version(proposal, by=access.user, access=access, note="Retired").state == "declined"


@pytest.mark.parametrize(("role", "may"), [("admin", True), ("lead", False)])
def test_an_agreement_given_outside_is_recorded_by_the_owner_or_an_administrator(draft, access, role, may):
    if not may:
        with pytest.raises(PermissionDenied):
            record(draft, access, make_user(role=role))
        return
    assert record(draft, access, make_user(role=role)).state == "agreed"


def test_a_lead_who_owns_the_indicator_records_it_too(draft, access):
    lead = make_user(role="lead")
    draft.indicator.owner = lead
    draft.indicator.save()
    assert record(draft, access, lead).state == "agreed"


def test_the_goal_is_locked_before_its_indicator_by_everybody(proposal, csm, access):
    indicator = proposal.indicator
    for act in (
        lambda: services.decline_version(proposal, by=access.user, access=access, note="No"),
        lambda: services.draft_version(indicator.goal, by=csm, indicator=indicator, **CHANGED),
        lambda: services.propose_version(indicator.versions.get(number=2), by=csm, to=access.contact),
        lambda: services.accept_version(indicator.versions.get(number=2), by=access.user, access=access),
    ):
        with CaptureQueriesContext(connection) as asked:
            act()
        locked = [found[1] for query in asked if (found := LOCKED.search(query["sql"]))]
        assert locked == ["goal", "indicator"]
