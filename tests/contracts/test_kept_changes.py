"""Which records keep their changes, in words that are ours, and nothing personal."""

import pytest
from django.db import connection
from django.db.models import CharField, JSONField, TextField
from django.utils.functional import Promise

from accounts.audit.keeping import KEPT

RECORDS = {
    "accounts.contact", "accounts.customer", "accounts.usergroup", "kvi.goal", "kvi.indicator",
    "kvi.indicatorversion", "kvi.measurement", "onboarding.onboardingstep", "playbooks.followup",
    "revenue.churnrecord", "revenue.cost",
    "revenue.exchangerate", "revenue.subscription", "support.ticket", "surveys.survey", "surveys.wave",
}  # fmt: skip
# Free text whose values are kept, because it tells of companies, figures and agreements, not of a person.
NOT_PERSONAL = {
    "accounts.contact": {"language", "role"},
    "accounts.customer": {"name", "segment", "industry", "country", "language", "acquisition_channel", "custom"},
    "accounts.usergroup": {"name"},
    "kvi.goal": {"name", "description", "goal_type", "closing_note"},
    "kvi.indicatorversion": {"name", "question", "texts", "unit", "path_points", "value_currency", "note"},
    "kvi.measurement": {"source", "evidence", "comment", "dispute_reason"},
    "onboarding.onboardingstep": {"step", "name"},
    "playbooks.followup": {"reason"},
    "revenue.churnrecord": {"comment"},
    "revenue.cost": {"currency", "channel", "comment"},
    "revenue.exchangerate": {"currency"},
    "revenue.subscription": {"currency", "plan"},
    "support.ticket": {"channel", "priority"},
    "surveys.survey": {"name"},
    "surveys.wave": {"name"},
}  # fmt: skip


def test_every_core_record_keeps_its_changes():
    assert set(KEPT) == RECORDS


@pytest.mark.django_db
def test_the_database_watches_what_is_declared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'note_record_change'")
        assert {row[0] for row in cursor.fetchall()} == {kept.model._meta.db_table for kept in KEPT.values()}


def test_every_field_has_a_name_that_is_translated():
    unnamed = [
        f"{label}.{field.name}"
        for label, kept in KEPT.items()
        for field in kept.shown.values()
        if not isinstance(kept.name_of(field), Promise)
    ]
    assert unnamed == [], "give it a verbose_name, a name in keep_changes, or keep it silent"


def test_somebody_has_decided_of_every_text_whether_it_is_personal():
    for label, kept in KEPT.items():
        texts = {
            field.name
            for field in kept.shown.values()
            if isinstance(field, CharField | TextField | JSONField) and not field.choices
        }
        assert texts - set(kept.personal) == NOT_PERSONAL.get(label, set()), label


def test_what_holds_several_values_is_told_one_by_one():
    for kept in KEPT.values():
        several = {field.name for field in kept.shown.values() if isinstance(field, JSONField)}
        assert several - set(kept.personal) <= set(kept.unfold)
