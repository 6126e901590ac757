"""What a dump writes gives the same figures in an empty database."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Customer
from tests.factories.accounts import make_contact, make_customer, make_user, make_user_group
from tests.factories.facts import (
    make_goal,
    make_indicator,
    make_invitation,
    make_measurement,
    make_rate,
    make_response,
    make_step,
    make_subscription,
    make_survey,
    make_ticket,
    set_workspace,
)

PERIOD, AS_OF = "2025-01-01..2025-04-01", "2025-06-30"
LEVELS = ("portfolio", "segment", "customer", "user_group", "survey", "kvi", "goal")


def said(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def figures():
    return {
        level: json.loads(said("metrics", period=PERIOD, level=level, variant="all", as_of=AS_OF)) for level in LEVELS
    }


def company():
    owner = make_user("csm", email="csm@vendor.example")
    customer = make_customer(external_id="C1", name='Müller "& Söhne", =1+1', segment="smb", owner=owner)
    group, contact = make_user_group(customer), make_contact(customer)
    make_rate("USD", "2024-01-01", "0.9")
    make_subscription(customer, "2024-06-01", None, "100.10", currency="USD", seats=3)
    make_ticket(customer, "2025-02-01", closed_at=timezone.now())
    make_step(customer, "connect", 1, "2025-01-20")
    survey = make_survey("S1", "csat", scale_min=1, scale_max=7, high_from=6)
    invitation = make_invitation(survey, "2025-02-01", contact=contact, kind="csat")
    make_response(survey, 6, "2025-02-02", contact=contact, invitation=invitation, comment="line\nbreak; and, comma")
    goal = make_goal(customer, "2024-06-01", user_group=group, scope="individual")
    steps = [["2025-03-31", "0.25"], ["2025-12-31", "1"]]
    number = make_indicator(goal, "K1", path="stepped", path_points=steps, baseline="4.20", target="8")
    words = make_indicator(
        goal, "K2", kind="qualitative", direction="", levels=["low", "high"], level_scores=["0", "1"]
    )
    make_measurement(number, "2025-03-01", "5.50", status="confirmed")
    make_measurement(words, "2025-03-01", None, level=1)
    return customer


@pytest.mark.django_db(transaction=True)
def test_loaded_into_an_empty_database_it_gives_the_same_figures(tmp_path):
    company()
    set_workspace(reporting_currency="EUR", min_n=2)
    before = figures()
    written = said("dump", tmp_path / "dump").splitlines()
    assert written[-1].startswith("This is no backup:")
    rows = sum(int(line.split("=")[1]) for line in written[:-1])
    assert AuditEntry.objects.get(verb="facts.dumped").details == {"rows": rows}
    call_command("flush", interactive=False)
    assert not Customer.objects.exists()
    said("settings", file=tmp_path / "dump" / "settings.json")
    loaded = said("load", tmp_path / "dump", strict=True).splitlines()
    assert [line.split(" updated")[0] for line in loaded] == [line.replace("rows", "created") for line in written[:-1]]
    assert figures() == before


@pytest.mark.django_db
def test_an_archived_fact_stays_behind_as_does_what_was_merged(tmp_path):
    customer = make_customer(external_id="kept")
    make_customer(external_id="gone", merged_into=customer)
    make_subscription(customer, "2024-06-01", None, 1, external_id="live")
    make_subscription(customer, "2024-06-01", None, 2, external_id="archived", archived_at=timezone.now())
    said("dump", tmp_path / "dump")
    keys = {
        name: [line.split(",")[0] for line in (tmp_path / "dump" / name).read_text().splitlines()[1:]]
        for name in ("customers.csv", "subscriptions.csv")
    }
    assert keys == {"customers.csv": ["kept"], "subscriptions.csv": ["live"]}


@pytest.mark.django_db
def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="holds something already"):
        said("dump", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
