"""Goal, proposal, acceptance, counter-proposal, measurement: what the services do and refuse."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.audit.models import AuditEntry
from accounts.outbox.models import OutboxMail
from kvi import services
from kvi.definition import canonical_json, content_hash
from kvi.models import Agreement, Indicator, IndicatorVersion, Measurement, VersionState
from kvi.services import NotOpen
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user
from tests.factories.kvi import DEFINITION, make_goal, make_indicator, make_measurement

pytestmark = pytest.mark.django_db
TODAY = date.today()


@pytest.fixture
def csm():
    return make_user(role="csm", name="Carla")


@pytest.fixture
def access(csm):
    return make_portal_access(make_contact(make_customer(owner=csm), language="de"))


@pytest.fixture
def draft(csm, access):
    goal = make_goal(access.contact.customer, state="draft")
    return services.draft_version(goal, by=csm, **DEFINITION)


@pytest.fixture
def proposal(draft, csm, access):
    return services.propose_version(draft, by=csm, to=access.contact)


def sides(version):
    return sorted(version.agreements.values_list("side", flat=True))


def test_proposing_signs_for_our_side_and_writes_to_the_contact(proposal):
    proposal.refresh_from_db()
    assert (proposal.state, sides(proposal), proposal.indicator.goal.state) == ("proposed", ["staff"], "proposed")
    assert proposal.content_hash == content_hash(proposal) == proposal.agreements.get().content_hash
    assert list(OutboxMail.objects.values_list("template", "language")) == [("kvi-proposed", "de")]


def test_the_sponsors_acceptance_makes_it_agreed_from_today(proposal, access):
    services.accept_version(proposal, by=access.user, access=access)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.agreed_on, proposal.valid_from, proposal.provenance) == (
        "agreed", TODAY, TODAY, "portal",
    )  # fmt: skip
    assert sides(proposal) == ["customer", "staff"]
    assert proposal.indicator.goal.state == "agreed"
    assert content_hash(proposal) == proposal.content_hash, "the first day by signature is no part of what was signed"
    assert OutboxMail.objects.filter(template="notification").count() == 1


@pytest.mark.parametrize("role", ["champion", "key_user", "user"])
def test_only_a_sponsor_signs(proposal, access, role):
    access.role = role
    access.save()
    with pytest.raises(ValidationError, match="sponsor"):
        services.accept_version(proposal, by=access.user, access=access)
    assert sides(proposal) == ["staff"]


def test_nobody_signs_for_the_other_side(proposal, csm):
    with pytest.raises(NotOpen):
        services.accept_version(proposal, by=csm)
    assert sides(proposal) == ["staff"]


def test_a_contact_without_access_cannot_be_asked(draft, csm):
    stranger = make_contact(draft.indicator.goal.customer)
    with pytest.raises(ValidationError) as refused:
        services.propose_version(draft, by=csm, to=stranger)
    assert "Invite" in refused.value.message_dict["to"][0]
    with pytest.raises(ValidationError) as refused:
        services.propose_version(draft, by=csm, to=make_portal_access().contact)
    assert "to" in refused.value.message_dict
    draft.refresh_from_db()
    assert (draft.state, OutboxMail.objects.count()) == ("draft", 0)


def test_a_counter_proposal_goes_back_and_our_acceptance_completes_it(proposal, access, csm):
    counter = services.counter_version(
        proposal, by=access.user, access=access, note="more realistic", **DEFINITION | {"target": Decimal(8)}
    )
    proposal.refresh_from_db()
    assert (proposal.state, counter.state, counter.number, counter.counters_id) == (
        "countered",
        "proposed",
        2,
        proposal.pk,
    )
    assert sides(counter) == ["customer"]
    services.accept_version(counter, by=csm)
    counter.refresh_from_db()
    assert (counter.state, counter.target) == ("agreed", 8)


def test_a_counter_proposal_without_a_change_is_refused(proposal, access):
    with pytest.raises(ValidationError, match="Nothing is changed"):
        services.counter_version(proposal, by=access.user, access=access, **DEFINITION)
    proposal.refresh_from_db()
    assert (proposal.state, IndicatorVersion.objects.count()) == ("proposed", 1)


def test_a_champions_proposal_needs_us_and_a_sponsor(access, csm):
    goal = make_goal(access.contact.customer)
    champion = make_portal_access(make_contact(access.contact.customer), role="champion")
    version = services.draft_version(goal, by=champion.user, **DEFINITION)
    version = services.propose_version(version, by=champion.user, access=champion)
    assert sides(version) == []
    services.accept_version(version, by=csm)
    version.refresh_from_db()
    assert (version.state, sides(version)) == ("proposed", ["staff"])
    services.accept_version(version, by=access.user, access=access)
    version.refresh_from_db()
    assert version.state == "agreed"


def test_declining_needs_a_reason_and_withdrawing_is_for_the_proposer(proposal, access, csm):
    with pytest.raises(ValidationError) as refused:
        services.decline_version(proposal, by=access.user, access=access, note=" ")
    assert "note" in refused.value.message_dict
    with pytest.raises(NotOpen):
        services.withdraw_version(proposal, by=access.user, access=access)
    services.withdraw_version(proposal, by=csm)
    with pytest.raises(NotOpen):
        services.accept_version(proposal, by=access.user, access=access)


def test_what_a_sponsor_signed_only_a_sponsor_takes_back(access):
    champion = make_portal_access(make_contact(access.contact.customer), role="champion")
    goal = make_goal(access.contact.customer)
    version = services.propose_indicator(goal, by=access.user, access=access, **DEFINITION)
    with pytest.raises(ValidationError, match="sponsor"):
        services.withdraw_version(version, by=champion.user, access=champion)
    assert services.withdraw_version(version, by=access.user, access=access).state == "withdrawn"


def test_a_later_change_needs_both_again_and_supersedes(proposal, access, csm):
    services.accept_version(proposal, by=access.user, access=access)
    second = services.draft_version(
        proposal.indicator.goal, by=csm, indicator=proposal.indicator, **DEFINITION | {"target": Decimal(5)}
    )
    services.propose_version(second, by=csm, to=access.contact)
    proposal.refresh_from_db()
    assert proposal.state == "agreed"
    services.accept_version(second, by=access.user, access=access)
    states = list(proposal.indicator.versions.order_by("number").values_list("state", flat=True))
    assert states == [VersionState.SUPERSEDED, VersionState.AGREED]


def test_an_agreement_given_outside_is_recorded_as_such_and_never_as_a_signature(draft, csm, access):
    with pytest.raises(ValidationError) as refused:
        services.record_agreement(
            draft, contact=access.contact, agreed_on=TODAY + timedelta(days=1), evidence="mail", by=csm
        )
    assert "agreed_on" in refused.value.message_dict
    services.record_agreement(draft, contact=access.contact, agreed_on=TODAY, evidence="mail of today", by=csm)
    draft.refresh_from_db()
    assert (draft.state, draft.provenance) == ("agreed", "recorded")
    assert set(draft.agreements.values_list("provenance", "user")) == {("recorded", csm.pk)}


def test_every_step_is_audited(proposal, access):
    services.accept_version(proposal, by=access.user, access=access)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["indicator.drafted", "indicator.proposed", "indicator.accepted"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"target": 12}, "target"),
        ({"target": 13}, "target"),
        ({"baseline": None}, "baseline"),
        ({"direction": ""}, "direction"),
        ({"name": "  "}, "name"),
        ({"weight": 0}, "weight"),
        ({"due_date": DEFINITION["baseline_date"]}, "due_date"),
        ({"kind": "qualitative", "levels": ["one"], "baseline": None, "target": None}, "levels"),
        ({"kind": "qualitative", "levels": ["a", "b"], "baseline": 0, "target": 2}, "target"),
        ({"direction": "maintain", "range_low": 5, "range_high": 4, "tolerance_outside": 1}, "range_high"),
        ({"path": "stepped", "path_points": [["2026-02-01", "0.5"], ["2026-01-01", "0.7"]]}, "path_points"),
        ({"value_kind": "one_off", "value_factor_expected": 1}, "value_currency"),
        ({"value_kind": "one_off", "value_currency": "EUR"}, "value_factor_conservative"),
    ],
)
def test_a_definition_without_sense_is_refused_at_its_field(csm, changes, field):
    with pytest.raises(ValidationError) as refused:
        services.draft_version(make_goal(), by=csm, **DEFINITION | changes)
    assert list(refused.value.message_dict) == [field]
    assert not IndicatorVersion.objects.exists()


# --- measuring ---------------------------------------------------------------------------------------


def test_our_value_waits_for_the_customer_and_theirs_is_confirmed(csm, access):
    indicator = make_indicator(make_goal(access.contact.customer))
    ours = services.record_measurement(indicator, day=TODAY, value=Decimal("9.5"), by=csm)
    assert (ours.status, ours.origin, ours.entered_by) == ("unconfirmed", "staff", csm)
    services.confirm_measurement(ours, revision=1, by=access.user)
    ours.refresh_from_db()
    assert (ours.status, ours.decided_by) == ("confirmed", access.user)
    theirs = services.record_measurement(
        indicator, day=TODAY - timedelta(days=1), value=Decimal(10), by=access.user, access=access
    )
    assert (theirs.status, theirs.origin) == ("confirmed", "customer")


def test_the_same_value_again_is_stored_once_and_another_one_revises_it(csm):
    indicator = make_indicator()
    rows = [services.record_measurement(indicator, day=TODAY, value=Decimal(9), by=csm) for _twice in range(2)]
    assert rows[0].pk == rows[1].pk
    services.record_measurement(indicator, day=TODAY, value=Decimal(8), by=csm)
    row = Measurement.objects.get()
    assert (row.value, row.revision) == (8, 2)
    assert list(row.revisions.values_list("revision", "value")) == [(1, 9)]


def test_a_disputed_value_is_put_right_by_a_revision(csm, access):
    row = make_measurement(make_indicator(make_goal(access.contact.customer)), date=TODAY)
    with pytest.raises(ValidationError) as refused:
        services.dispute_measurement(row, reason="", by=access.user)
    assert "reason" in refused.value.message_dict
    services.dispute_measurement(row, reason="wrong month", by=access.user)
    with pytest.raises(ValidationError):
        services.confirm_measurement(row, revision=1, by=access.user)
    services.record_measurement(row.indicator, day=TODAY, value=Decimal(10), by=csm)
    row.refresh_from_db()
    assert (row.status, row.value, row.dispute_reason) == ("unconfirmed", 10, "")


def test_we_cannot_take_back_the_customers_answer_by_entering_the_value_again(csm, access):
    row = make_measurement(make_indicator(make_goal(access.contact.customer)), date=TODAY, value=9)
    again = {"day": TODAY, "value": Decimal(9), "by": csm, "comment": "as before"}
    services.dispute_measurement(row, reason="wrong month", by=access.user)
    with pytest.raises(ValidationError) as refused:
        services.record_measurement(row.indicator, **again)
    assert list(refused.value.message_dict) == ["value"]
    services.withdraw_dispute(row, by=access.user)
    services.confirm_measurement(row, revision=1, by=access.user)
    services.record_measurement(row.indicator, **again)
    row.refresh_from_db()
    assert (row.status, row.decided_by, row.comment) == ("confirmed", access.user, "as before")


def test_what_the_customer_wrote_with_their_own_value_stays(csm, access):
    indicator = make_indicator(make_goal(access.contact.customer))
    value = {"day": TODAY, "value": Decimal(9)}
    services.record_measurement(indicator, **value, by=access.user, access=access, comment="counted by hand")
    row = services.record_measurement(indicator, **value, by=csm, comment="fine")
    assert (row.comment, row.origin, row.entered_by) == ("counted by hand", "customer", access.user)


def test_a_value_that_was_changed_meanwhile_is_not_confirmed_unread(csm, access):
    row = make_measurement(make_indicator(make_goal(access.contact.customer)), date=TODAY, value=9)
    services.record_measurement(row.indicator, day=TODAY, value=Decimal(15), by=csm)
    with pytest.raises(ValidationError, match="changed meanwhile"):
        services.confirm_measurement(row, revision=1, by=access.user)
    assert services.confirm_measurement(row, revision=2, by=access.user).status == "confirmed"


def test_a_dispute_can_be_withdrawn(access):
    row = make_measurement(make_indicator(make_goal(access.contact.customer)))
    services.dispute_measurement(row, reason="?", by=access.user)
    assert services.withdraw_dispute(row, by=access.user).status == "unconfirmed"


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"day": TODAY + timedelta(days=1), "value": Decimal(1)}, "date"),
        ({"day": date(2000, 1, 1), "value": Decimal(1)}, "date"),
        ({"day": TODAY}, "value"),
        ({"day": TODAY, "level": 1}, "value"),
    ],
)
def test_a_measurement_without_sense_is_refused_at_its_field(csm, given_, field):
    with pytest.raises(ValidationError) as refused:
        services.record_measurement(make_indicator(), by=csm, **given_)
    assert list(refused.value.message_dict) == [field]
    assert not Measurement.objects.exists()


def test_a_level_lies_within_the_rubric(csm):
    words = make_indicator(kind="qualitative", direction="", levels=["low", "high"], baseline=None, target=None)
    with pytest.raises(ValidationError):
        services.record_measurement(words, day=TODAY, level=2, by=csm)
    assert services.record_measurement(words, day=TODAY, level=1, by=csm).level == 1


# --- the hash ------------------------------------------------------------------------------------------


def test_the_canonical_text_is_the_same_from_memory_and_from_the_database(draft):
    fresh = IndicatorVersion.objects.get(pk=draft.pk)
    assert canonical_json(fresh) == canonical_json(draft)


@given(st.permutations(["de", "en"]), st.decimals("0.01", "1000", places=2), st.text(max_size=20))
def test_the_hash_knows_every_change_and_no_order(languages, target, question):
    def version(**changes):
        row = IndicatorVersion(**DEFINITION | {"target": target} | changes)
        row.indicator = indicator
        return content_hash(row)

    indicator = make_indicator_in_memory()
    texts = {language: {"name": "n", "question": question} for language in languages}
    turned = {language: texts[language] for language in reversed(languages)}
    assert version(texts=texts) == version(texts=turned)
    assert version(target=target + Decimal("0.01")) != version()
    assert version(texts={**texts, "de": {"name": "other", "question": question}}) != version(texts=texts)


def make_indicator_in_memory():
    return Indicator(external_id="K")


def test_editing_a_goal_leaves_what_happened_meanwhile(proposal, access, csm):
    read_before = proposal.indicator.goal
    services.accept_version(proposal, by=access.user, access=access)
    services.edit_goal(read_before, by=csm, name="Clearer name")
    read_before.refresh_from_db()
    assert (read_before.name, read_before.state) == ("Clearer name", "agreed")


# --- two at once -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_store_one_agreement(csm):
    access = make_portal_access(make_contact(make_customer(owner=csm)))
    version = services.draft_version(make_goal(access.contact.customer), by=csm, **DEFINITION)
    version = services.propose_version(version, by=csm, to=access.contact)

    def accept(_n):
        try:
            services.accept_version(version, by=access.user, access=access)
        except NotOpen:
            return "refused"
        else:
            return "accepted"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(accept, range(4)))
    assert outcomes == ["accepted", "refused", "refused", "refused"]
    assert sorted(Agreement.objects.values_list("side", flat=True)) == ["customer", "staff"]


def test_a_proposal_that_lies_a_day_is_brought_to_mind_once_a_day(proposal, csm):
    with pytest.raises(NotOpen, match="less than a day ago"):
        services.remind_of_proposal(proposal, by=csm)
    IndicatorVersion.objects.update(proposed_at=proposal.proposed_at - timedelta(days=2))
    services.remind_of_proposal(proposal, by=csm)
    with pytest.raises(NotOpen, match="less than a day ago"):
        services.remind_of_proposal(proposal, by=csm)
    mails = OutboxMail.objects.values_list("template", "contact")
    assert list(mails) == [("kvi-proposed", proposal.proposed_to_id)] * 2
    assert AuditEntry.objects.filter(verb="indicator.reminded").count() == 1


def test_nobody_is_reminded_of_what_is_answered_or_may_no_longer_sign(proposal, csm, access):
    IndicatorVersion.objects.update(proposed_at=proposal.proposed_at - timedelta(days=2))
    access.role = "champion"
    access.save()
    with pytest.raises(ValidationError, match="may not sign"):
        services.remind_of_proposal(proposal, by=csm)
    services.withdraw_version(proposal, by=csm)
    with pytest.raises(NotOpen, match="not possible any more"):
        services.remind_of_proposal(proposal, by=csm)
    assert OutboxMail.objects.count() == 1
