"""Tokens, and a company in which every operation of the interface finds something to do."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from accounts.attachments.services import add_attachments
from accounts.comments.queries import thread_of
from accounts.models import PortalAccess, Role, User
from accounts.rest.models import ApiToken
from accounts.rest.services import create_token
from kvi.models import Goal, Indicator
from kvi.services import draft_version, propose_indicator, propose_version
from reports.models import ValueReport
from tests.factories.accounts import (
    make_contact,
    make_customer,
    make_portal_access,
    make_team,
    make_user,
    make_user_group,
)
from tests.factories.facts import make_rate
from tests.factories.files import upload
from tests.factories.kvi import DEFINITION, LONG_AGO, make_goal, make_indicator, make_measurement
from tests.factories.playbooks import make_follow_up
from tests.factories.records import make_record
from tests.factories.surveys import make_wave

JSON = "application/json"
PAST = date.today() - timedelta(days=60)


def make_token(user: User, *, access: PortalAccess | None = None, scope: str = "write", **fields: Any) -> str:
    """A live token's secret."""
    _token, secret = create_token(
        user, access=access, **{"key": uuid4(), "name": "Nightly sync", "scope": scope, "days": 30, **fields}
    )
    return secret


def bearer(secret: str) -> dict[str, str]:
    """Headers for the test client."""
    return {"Authorization": f"Bearer {secret}"}


def token_of(secret: str) -> ApiToken:
    return ApiToken.objects.get(token_key=secret[:15])


class World:
    """A customer with rows in every state, and people in every relation to it: ``people`` and ``rows`` by name."""

    def __init__(self) -> None:
        ours = make_team()
        self.people: dict[str, User] = {
            "owner": make_user(Role.CSM, teams=(ours,)),
            "colleague": make_user(Role.CSM, teams=(ours,)),
            "stranger": make_user(Role.CSM, teams=(make_team(),)),
            **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
        }
        self.owner = self.people["owner"]
        self.customer = make_customer(owner=self.owner, language="en")
        self.contact = make_contact(self.customer)
        self.access = make_portal_access(self.contact)
        foreign = make_contact(make_customer(owner=self.people["stranger"]))
        self.foreign_access = make_portal_access(foreign)
        self.people |= {"contact": self.access.user, "foreign contact": self.foreign_access.user}
        self.rows: dict[str, Any] = {"customer": self.customer, "contact": self.contact, "foreign contact": foreign}
        self._goals_and_indicators()
        self._reports()
        self.rows["user group"] = make_user_group(self.customer)
        kinds = ("end-users", "subscriptions", "churn-records", "costs", "onboarding-steps", "tickets")
        self.rows |= {slug: make_record(slug, self.customer) for slug in kinds}
        self.rows["exchange-rate"] = make_rate("USD", "2026-01-01", "0.9")
        self.rows["workspace cost"] = make_record("costs", None)
        self.rows["wave"] = make_wave(self.customer, contacts=[self.contact])
        thread = thread_of(self.rows["goal"], self.owner)
        [self.rows["file"]] = add_attachments(thread, [upload()], key=uuid4(), by=self.owner, shared=True)
        self.rows |= {"follow-up": make_follow_up(self.customer), "owner": self.owner}
        self.rows["invitation"] = self.rows["wave"].invitations.get()
        self.secrets = {
            "owner's token": make_token(self.owner),
            "owner's read token": make_token(self.owner, scope="read"),
            "contact's token": make_token(self.access.user, access=self.access),
        }

    def _goals_and_indicators(self) -> None:
        goal = make_goal(self.customer, owner=self.owner)
        agreed = make_indicator(goal)
        self.rows |= {"goal": goal, "agreed": agreed, "draft": self._drafted(goal, "Draft")}
        self.rows["ours"] = self._drafted(goal, "Proposed by us")
        propose_version(self.rows["ours"].versions.get(), by=self.owner, to=self.contact)
        theirs = {**DEFINITION, "name": "Proposed by them"}
        made = propose_indicator(goal, by=self.access.user, access=self.access, **theirs)
        self.rows["theirs"] = made.indicator
        self.rows["measurement"] = make_measurement(agreed)
        self.rows["disputed"] = make_measurement(agreed, date=PAST, status="disputed", dispute_reason="Holidays")

    def _drafted(self, goal: Goal, name: str) -> Indicator:
        return draft_version(goal, by=self.owner, **{**DEFINITION, "name": name}).indicator

    def _reports(self) -> None:
        period = {"period_start": LONG_AGO.replace(day=1), "period_end": PAST.replace(day=1)}
        self.rows["report"] = ValueReport.objects.create(
            customer=self.customer, language="en", created_by=self.owner, **period
        )

    def by_name(self, name: str) -> str:
        """The public id of a row."""
        return str(self.rows[name].public_id)

    def log_in(self, client: Any, who: str) -> dict[str, str]:
        """Be that caller; returns the headers of their requests."""
        client.logout()
        if who in self.people:
            client.force_login(self.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return bearer(self.secrets[who]) if who in self.secrets else {}
