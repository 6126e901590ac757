"""Every address times every kind of person: an address without a rule here fails the test."""

import re
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.attachments.services import add_attachments
from accounts.comments.queries import thread_of
from accounts.comments.services import add_comment
from accounts.jobs.services import start_job
from accounts.lists.services import save_view
from accounts.models import PortalAccess, Role
from accounts.outbox.services import queue_mail
from accounts.outbox.suppression import suppress
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement
from reports.models import ValueReport
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_team, make_user
from tests.factories.facts import make_rate
from tests.factories.files import upload
from tests.factories.playbooks import make_follow_up
from tests.factories.records import make_custom_field, make_record
from tests.factories.rest import make_token, token_of
from tests.factories.surveys import make_wave

pytestmark = pytest.mark.django_db

TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value="|x-csrftoken": ")[^"]*')
PEOPLE = (
    "anonymous", "admin", "lead", "owner", "colleague", "stranger", "analyst", "viewer", "contact", "foreign contact",
)  # fmt: skip
STAFF = PEOPLE[1:8]
CONTACTS = PEOPLE[8:]

OK, LOGIN, GONE, FORBIDDEN, UNAUTHENTICATED, BAD_METHOD = {200}, {302}, {404}, {403}, {401}, {405}
DONE = {200, 204, 302, 400, 409, 422}  # let in: what the form then says is tested elsewhere


def rule(default, **statuses):
    """Expected statuses by person; words in the names are joined by an underscore."""
    return {who: statuses.get(who.replace(" ", "_"), default) for who in PEOPLE}


EVERYBODY = rule(OK)
STAFF_PAGE = rule(OK, anonymous=LOGIN, contact=GONE, foreign_contact=GONE)
EXPORT = STAFF_PAGE | {"viewer": FORBIDDEN}
CUSTOMER_PAGE = STAFF_PAGE | {"stranger": GONE}
CUSTOMER_WRITE = rule(
    GONE, anonymous=LOGIN, admin=DONE, lead=DONE, owner=DONE, colleague=FORBIDDEN, analyst=FORBIDDEN, viewer=FORBIDDEN
)
STAFF_DOOR = STAFF_PAGE | {who: {200, 302, 403} for who in STAFF}  # some are asked for the password first
STAFF_MOVES = {who: {302, 403, 404} for who in STAFF}
NOTHING_YET = rule(GONE, anonymous=LOGIN)  # no factor, no codes, no session of that number
PORTAL_PAGE = rule(GONE, anonymous=LOGIN, contact=OK, foreign_contact=OK)
PORTAL_OBJECT = PORTAL_PAGE | {"foreign contact": GONE}
PORTAL_WRITE = rule(GONE, anonymous=LOGIN, contact=DONE)
API_LIST = rule(OK, anonymous=UNAUTHENTICATED)
API_OBJECT = API_LIST | {"stranger": GONE, "foreign contact": GONE}
ADMIN_PAGE = rule(FORBIDDEN, anonymous=LOGIN, admin=OK, contact=GONE, foreign_contact=GONE)
ADMIN_WRITE = ADMIN_PAGE | {"admin": DONE}
AUDIT_PAGE = ADMIN_PAGE | {"lead": OK, "analyst": OK}
COMMENTS = CUSTOMER_WRITE | {"colleague": DONE}
OWN_NOTICE = rule(GONE, anonymous=LOGIN, owner=DONE)
OWN_JOB = rule(GONE, anonymous=LOGIN, admin=DONE, owner=DONE)
ENTRANCE = rule(LOGIN, anonymous=OK)
ADMIN_WRITE = rule(FORBIDDEN, anonymous=LOGIN, admin=DONE, contact=GONE, foreign_contact=GONE)
KEEPERS_PAGE = ADMIN_PAGE | {"lead": OK, "analyst": OK}
KEEPERS_WRITE = ADMIN_PAGE | {"admin": DONE, "lead": DONE, "analyst": DONE}
OWN_TASTE = rule(DONE, anonymous=LOGIN, contact=GONE, foreign_contact=GONE)
OWN_VIEW = rule(GONE, anonymous=LOGIN, owner=DONE)
LEAD_PAGE = ADMIN_WRITE | {"lead": OK}


@dataclass(frozen=True)
class Address:
    statuses: dict
    args: tuple = ()
    method: str = "get"
    data: dict = field(default_factory=dict)
    query: str = ""


def post(statuses, *args, **data):
    return Address(statuses, args, "post", data)


def get(statuses, *args, query=""):
    return Address(statuses, args, query=query)


WHOLE_PORTFOLIO = (
    API_LIST
    | dict.fromkeys(("owner", "colleague", "stranger"), FORBIDDEN)
    | dict.fromkeys(("contact", "foreign contact"), GONE)
)
SHOWN = ("customer", "contact", "goal", "indicator", "measurement")
ADDRESSES = {
    "set_language": [get(rule(LOGIN)), post(rule(LOGIN), language="de")],
    "account_login": [get(ENTRANCE)],
    "account_request_login_code": [get(ENTRANCE)],
    "account_confirm_login_code": [get(rule(LOGIN))],
    "sso_begin": [get(rule(GONE)), post(rule(BAD_METHOD))],
    "sso_callback": [get(rule(GONE))],
    "viewing_start": [post(CUSTOMER_WRITE, "customer", "contact"), get(rule(BAD_METHOD), "customer", "contact")],
    "viewing": [get(rule(GONE, anonymous=LOGIN))],
    "viewing_end": [post(rule(DONE, anonymous=LOGIN, contact=GONE, foreign_contact=GONE)), get(rule(BAD_METHOD))],
    "account_logout": [get(rule(BAD_METHOD)), post(rule(LOGIN))],
    "account_change_password": [get(STAFF_DOOR), post(rule(DONE, anonymous=LOGIN, contact=GONE, foreign_contact=GONE))],
    "account_set_password": [get(rule(LOGIN))],
    "account_reauthenticate": [get(STAFF_DOOR)],
    "mfa_index": [get(STAFF_PAGE)],
    **{f"mfa_{name}": [get(STAFF_DOOR)] for name in (
        "activate_totp", "add_webauthn", "generate_recovery_codes", "reauthenticate", "reauthenticate_webauthn",
    )},
    **{f"mfa_{name}": [get(NOTHING_YET)] for name in (
        "deactivate_totp", "view_recovery_codes", "download_recovery_codes",
    )},
    **{f"mfa_{name}": [get(NOTHING_YET | STAFF_MOVES, "1")] for name in ("remove_webauthn", "edit_webauthn")},
    "mfa_list_webauthn": [get(rule(LOGIN))],
    "mfa_authenticate": [get(rule(LOGIN))],
    "mfa_login_webauthn": [get(rule(LOGIN)), post(rule(LOGIN), credential="{}")],
    "session_end": [post(NOTHING_YET, "1"), get(rule(BAD_METHOD), "1")],
    "sessions_end": [post(rule(DONE, anonymous=LOGIN, contact=GONE, foreign_contact=GONE)), get(rule(BAD_METHOD))],
    "account_reset_password": [get(EVERYBODY)],
    "account_reset_password_done": [get(EVERYBODY)],
    "account_reset_password_from_key": [get(EVERYBODY, "1", "wrong-key")],
    "account_reset_password_from_key_done": [get(EVERYBODY)],
    "portal_choose": [get(PORTAL_PAGE)],
    "invitation": [get(rule(GONE), "unknown-link"), post(rule(GONE), "unknown-link", password1="x")],
    "people": [get(LEAD_PAGE), post(rule(BAD_METHOD))],
    **{f"people_{kind}": [get(LEAD_PAGE), post(rule(BAD_METHOD))] for kind in ("csv", "xlsx")},
    "person_invite": [get(ADMIN_WRITE), post(ADMIN_WRITE, name="x")],
    "person": [get(LEAD_PAGE, "colleague"), post(rule(BAD_METHOD), "colleague")],
    "person_role": [post(ADMIN_WRITE, "colleague", role="viewer"), get(rule(BAD_METHOD), "colleague")],
    "person_teams": [post(ADMIN_WRITE, "colleague"), get(rule(BAD_METHOD), "colleague")],
    "person_act": [
        *(post(ADMIN_WRITE, "colleague", verb) for verb in ("deactivate", "reactivate", "resend", "withdraw")),
        post(ADMIN_WRITE | {"admin": GONE}, "colleague", "promote"),
        get(rule(BAD_METHOD), "colleague", "deactivate"),
    ],
    "person_hand_over": [get(ADMIN_WRITE, "colleague"), post(ADMIN_WRITE, "colleague", to="x")],
    "setup": [get(rule(GONE)), post(rule(GONE), code="x")],
    "setup_step": [get(ADMIN_WRITE | {"admin": GONE}, "mail"), post(ADMIN_WRITE | {"admin": GONE}, "mail")],
    "workspace_general": [get(LEAD_PAGE), post(ADMIN_WRITE | {"lead": DONE}, name="x")],
    "mail_test": [post(ADMIN_WRITE | {"lead": DONE}), get(rule(BAD_METHOD))],
    "second_factor_roles": [post(ADMIN_WRITE), get(rule(BAD_METHOD))],
    "teams": [get(LEAD_PAGE), post(rule(BAD_METHOD))],
    "team_new": [post(ADMIN_WRITE, name="x"), get(rule(BAD_METHOD))],
    "team": [get(ADMIN_WRITE, "team"), post(ADMIN_WRITE, "team", name="x")],
    "team_remove": [post(ADMIN_WRITE, "team"), get(rule(BAD_METHOD), "team")],
    "contacts": [get(STAFF_PAGE)],
    **{f"contacts_{kind}": [get(EXPORT)] for kind in ("csv", "xlsx")},
    "contact_invite": [
        post(CUSTOMER_WRITE, "customer", "contact", role="user"),
        post(rule(GONE, anonymous=LOGIN), "customer", "foreign_contact", role="user"),
        get(rule(BAD_METHOD), "customer", "contact"),
    ],
    "contact_revoke": [post(CUSTOMER_WRITE, "customer", "contact"), get(rule(BAD_METHOD), "customer", "contact")],
    "dashboards:today": [get(rule(OK, anonymous=LOGIN, contact=LOGIN, foreign_contact=LOGIN))],
    "dashboards:customers": [get(STAFF_PAGE)],
    "dashboards:customers_csv": [get(EXPORT)],
    "dashboards:customers_xlsx": [get(EXPORT)],
    "dashboards:customer": [get(CUSTOMER_PAGE, "customer")],
    "dashboards:feedback": [get(STAFF_PAGE)],
    "dashboards:figures": [get(STAFF_PAGE)],
    "dashboards:figure": [get(STAFF_PAGE, "nps")],
    "dashboards:figure_csv": [get(EXPORT, "nps")],
    "dashboards:revenue": [get(STAFF_PAGE)],
    "dashboards:revenue_csv": [get(EXPORT)],
    **{f"dashboards:{page}": [get(STAFF_PAGE)] for page in ("support", "onboarding")},
    **{f"dashboards:{page}_{kind}": [get(EXPORT)] for page in ("support", "onboarding") for kind in ("csv", "xlsx")},
    "dashboards:search": [get(STAFF_PAGE, query="?q=customer"), post(rule(BAD_METHOD))],
    "dashboards:revenue_xlsx": [get(EXPORT)],
    "dashboards:settings": [
        get(STAFF_PAGE),
        post(rule(FORBIDDEN, anonymous=LOGIN, admin=DONE, lead=DONE, analyst=DONE, contact=GONE, foreign_contact=GONE)),
    ],
    "dashboards:profile": [get(rule(OK, anonymous=LOGIN)), post(rule(DONE, anonymous=LOGIN))],
    "dashboards:portal_home": [get(PORTAL_PAGE)],
    "records:customer_new": [
        get(STAFF_PAGE | {"analyst": FORBIDDEN, "viewer": FORBIDDEN}),
        post(STAFF_PAGE | dict.fromkeys(STAFF, DONE) | {"analyst": FORBIDDEN, "viewer": FORBIDDEN}, name="x"),
    ],
    "records:archived_customers": [get(STAFF_PAGE), post(rule(BAD_METHOD))],
    "records:custom_fields": [get(ADMIN_PAGE), post(rule(BAD_METHOD))],
    "records:custom_field_new": [get(ADMIN_WRITE), post(ADMIN_WRITE, key="x")],
    "records:custom_field": [get(ADMIN_WRITE, "custom_field"), post(ADMIN_WRITE, "custom_field", label_en="x")],
    "records:custom_field_archive": [post(ADMIN_WRITE, "custom_field"), get(rule(BAD_METHOD), "custom_field")],
    **{f"money:{name}": [get(KEEPERS_PAGE)] for name in (
        "costs", "costs_csv", "costs_xlsx", "rates", "rates_csv", "rates_xlsx",
    )},
    "money:new": [get(KEEPERS_PAGE, "costs"), post(KEEPERS_WRITE, "exchange-rates", currency="USD"),
                  get(rule(GONE, anonymous=LOGIN, owner=FORBIDDEN, colleague=FORBIDDEN, stranger=FORBIDDEN,
                           viewer=FORBIDDEN), "subscriptions")],
    "money:edit": [get(KEEPERS_PAGE, "costs", "cost"), post(KEEPERS_WRITE, "exchange-rates", "rate", rate="0")],
    "money:archive": [post(KEEPERS_WRITE, "costs", "cost"), get(rule(BAD_METHOD), "costs", "cost")],
    "money:restore": [post(KEEPERS_WRITE, "exchange-rates", "rate"),
                      get(rule(BAD_METHOD), "exchange-rates", "rate")],
    "records:custom_field_restore": [post(ADMIN_WRITE, "custom_field"), get(rule(BAD_METHOD), "custom_field")],
    "records:customer_edit": [get(CUSTOMER_WRITE, "customer"), post(CUSTOMER_WRITE, "customer", name="x")],
    "records:customer_merge": [get(CUSTOMER_WRITE, "customer"), post(CUSTOMER_WRITE, "customer", other="x")],
    "records:contact_merge": [
        get(CUSTOMER_WRITE, "customer", "contact"),
        post(rule(GONE, anonymous=LOGIN), "customer", "foreign_contact"),
    ],
    "records:customer_archive": [post(CUSTOMER_WRITE, "customer"), get(rule(BAD_METHOD), "customer")],
    "records:customer_restore": [post(CUSTOMER_WRITE, "customer"), get(rule(BAD_METHOD), "customer")],
    "records:data": [get(CUSTOMER_PAGE, "customer"), post(rule(BAD_METHOD), "customer")],
    "records:records": [get(CUSTOMER_PAGE, "customer", "tickets"), get(rule(GONE, anonymous=LOGIN), "customer", "x")],
    "records:new": [
        get(CUSTOMER_WRITE, "customer", "subscriptions"), post(CUSTOMER_WRITE, "customer", "subscriptions", mrr="x"),
    ],
    "records:edit": [
        get(CUSTOMER_WRITE, "customer", "contacts", "contact"),
        post(CUSTOMER_WRITE, "customer", "contacts", "contact", name="x"),
        post(rule(GONE, anonymous=LOGIN), "customer", "contacts", "foreign_contact", name="x"),
    ],
    "records:archive": [
        post(CUSTOMER_WRITE, "customer", "contacts", "contact"),
        post(rule(GONE, anonymous=LOGIN), "customer", "contacts", "foreign_contact"),
        get(rule(BAD_METHOD), "customer", "contacts", "contact"),
    ],
    "records:restore": [
        post(CUSTOMER_WRITE, "customer", "contacts", "contact"),
        get(rule(BAD_METHOD), "customer", "contacts", "contact"),
    ],
    "readyz": [get(rule({503}))],  # no beat ticks in a test
    "metrics": [get(EVERYBODY)],  # from this machine
    "system:jobs": [get(STAFF_PAGE)],
    **{f"system:jobs_{kind}": [get(EXPORT)] for kind in ("csv", "xlsx")},
    **{f"system:mail_{kind}": [get(ADMIN_PAGE)] for kind in ("csv", "xlsx")},
    "system:job_cancel": [post(OWN_JOB, "job"), get(rule(BAD_METHOD), "job")],
    "system:job_retry": [post(OWN_JOB, "job"), get(rule(BAD_METHOD), "job")],
    "system:mail": [get(ADMIN_PAGE)],
    "system:mail_retry": [post(ADMIN_WRITE, "mail"), get(rule(BAD_METHOD), "mail")],
    "system:mail_dismiss": [post(ADMIN_WRITE, "mail"), get(rule(BAD_METHOD), "mail")],
    "system:suppression": [get(ADMIN_PAGE), post(ADMIN_WRITE, address="a@b.example", note="x")],
    "system:suppression_csv": [get(ADMIN_PAGE)],
    "system:suppression_remove": [post(ADMIN_WRITE, "suppressed", reason="x"), get(rule(BAD_METHOD), "suppressed")],
    "mail_events": [get(rule(BAD_METHOD)), post(rule(GONE))],  # no secret is configured
    "notifications:unsubscribe": [get(rule(GONE), "colleague", "unknown-link"), post(rule(GONE), "colleague", "x")],
    "surveys:unsubscribe": [get(rule(GONE), "contact", "unknown-link"), post(rule(GONE), "contact", "unknown-link")],
    "system:audit": [get(AUDIT_PAGE)],
    "system:audit_csv": [get(AUDIT_PAGE)],
    "system:audit_list_csv": [get(AUDIT_PAGE)],
    "system:audit_list_xlsx": [get(AUDIT_PAGE)],
    "system:audit_check": [post(ADMIN_WRITE), get(rule(BAD_METHOD))],
    "comments:thread": [get(CUSTOMER_PAGE, "goals", "goal"), post(COMMENTS, "goals", "goal", text="x")],
    "comments:edit": [get(OWN_NOTICE, "comment"), post(OWN_NOTICE, "comment", text="x")],
    "comments:withdraw": [post(OWN_NOTICE, "comment"), get(rule(BAD_METHOD), "comment")],
    "comments:portal_thread": [get(PORTAL_OBJECT, "goals", "goal"), post(PORTAL_WRITE, "goals", "goal", text="x")],
    "comments:portal_edit": [get(PORTAL_WRITE, "said"), post(PORTAL_WRITE, "said", text="x")],
    "comments:portal_withdraw": [post(PORTAL_WRITE, "said"), get(rule(BAD_METHOD), "said")],
    "attachments:files": [get(CUSTOMER_PAGE, "goals", "goal"), post(COMMENTS, "goals", "goal")],
    "attachments:download": [get(CUSTOMER_PAGE, "file"), post(rule(BAD_METHOD), "file")],
    "attachments:portal_files": [get(PORTAL_OBJECT, "goals", "goal"), post(PORTAL_WRITE, "goals", "goal")],
    "attachments:portal_download": [get(PORTAL_OBJECT, "sent"), post(rule(BAD_METHOD), "sent")],
    **{f"attachments:{verb}": [post(CUSTOMER_WRITE, "file"), get(rule(BAD_METHOD), "file")] for verb in (
        "archive", "restore",
    )},
    **{f"attachments:portal_{verb}": [post(PORTAL_WRITE, "sent"), get(rule(BAD_METHOD), "sent")] for verb in (
        "archive", "restore",
    )},
    "notifications:notifications": [get(STAFF_PAGE)],
    "notifications:all_read": [
        post(rule(DONE, anonymous=LOGIN, contact=GONE, foreign_contact=GONE)), get(rule(BAD_METHOD)),
    ],
    "notifications:open": [post(OWN_NOTICE, "notification"), get(rule(BAD_METHOD), "notification")],
    "notifications:read": [post(OWN_NOTICE, "notification"), get(rule(BAD_METHOD), "notification")],
    "notifications:preferences": [
        get(STAFF_PAGE), post(rule(DONE, anonymous=LOGIN, contact=GONE, foreign_contact=GONE)),
    ],
    "kvi:goals": [get(STAFF_PAGE)],
    "kvi:goals_csv": [get(EXPORT)],
    "kvi:goals_xlsx": [get(EXPORT)],
    "kvi:goal": [get(CUSTOMER_PAGE, "goal"), post(rule(BAD_METHOD), "goal")],
    "kvi:goal_new": [get(CUSTOMER_WRITE, "customer"), post(CUSTOMER_WRITE, "customer", name="x")],
    "kvi:goal_edit": [get(CUSTOMER_WRITE, "goal"), post(CUSTOMER_WRITE, "goal", name="x")],
    "kvi:goal_act": [
        post(CUSTOMER_WRITE, "goal", verb, note="x") for verb in ("achieve", "retire", "still", "changed")
    ],
    "kvi:indicator_new": [get(CUSTOMER_WRITE, "goal"), post(CUSTOMER_WRITE, "goal", name_en="x")],
    "kvi:indicator": [get(CUSTOMER_PAGE, "indicator"), post(rule(BAD_METHOD), "indicator")],
    "kvi:version_new": [get(CUSTOMER_WRITE, "indicator"), post(CUSTOMER_WRITE, "indicator", name_en="x")],
    "kvi:measure": [post(CUSTOMER_WRITE, "indicator", value="9"), get(rule(BAD_METHOD), "indicator")],
    "kvi:propose": [post(CUSTOMER_WRITE, "indicator", "1"), get(rule(BAD_METHOD), "indicator", "1")],
    "kvi:counter": [get(CUSTOMER_WRITE, "indicator", "1"), post(CUSTOMER_WRITE, "indicator", "1")],
    "kvi:record_agreement": [
        post(CUSTOMER_WRITE | {"lead": FORBIDDEN}, "indicator", "1"),
        get(rule(BAD_METHOD), "indicator", "1"),
    ],
    "kvi:version_act": [
        post(CUSTOMER_WRITE, "indicator", "1", verb) for verb in ("accept", "withdraw", "decline", "retire", "remind")
    ],
    "kvi:portal_goal": [get(PORTAL_OBJECT, "goal")],
    "kvi:portal_propose": [get(PORTAL_WRITE, "goal"), post(PORTAL_WRITE, "goal", name_en="x")],
    "kvi:portal_indicator": [get(PORTAL_OBJECT, "indicator")],
    "kvi:portal_measure": [post(PORTAL_WRITE, "indicator", value="9"), get(rule(BAD_METHOD), "indicator")],
    "kvi:portal_counter": [get(PORTAL_WRITE, "indicator", "1"), post(PORTAL_WRITE, "indicator", "1")],
    "kvi:portal_version_act": [
        post(PORTAL_WRITE, "indicator", "1", verb) for verb in ("accept", "withdraw", "decline")
    ],
    "kvi:portal_measurement_act": [
        post(PORTAL_WRITE, "indicator", "measurement", verb, reason="x") for verb in ("confirm", "dispute", "undispute")
    ],
    "playbooks:follow_ups": [get(STAFF_PAGE)],
    "playbooks:follow_ups_csv": [get(EXPORT)],
    "playbooks:follow_ups_xlsx": [get(EXPORT)],
    "playbooks:follow_up_new": [get(CUSTOMER_WRITE, "customer"), post(CUSTOMER_WRITE, "customer", reason="x")],
    "playbooks:follow_up": [get(CUSTOMER_PAGE, "follow_up"), post(rule(BAD_METHOD), "follow_up")],
    "playbooks:follow_up_act": [
        post(CUSTOMER_WRITE, "follow_up", verb, outcome="reached", note="x")
        for verb in ("close", "cancel", "snooze", "assign", "reopen")
    ],
    "lists:density": [
        post(OWN_TASTE, list="customers", density="compact"), post(OWN_TASTE | dict.fromkeys(STAFF, GONE)),
        get(rule(BAD_METHOD)),
    ],
    "lists:view_save": [post(OWN_TASTE, "customers", name="x"), get(rule(BAD_METHOD), "customers")],
    "lists:conditions": [get(STAFF_PAGE, "customers"), post(STAFF_PAGE, "customers")],
    "lists:bulk": [post(OWN_TASTE, "customers"), get(rule(BAD_METHOD), "customers")],
    "lists:bulk_undo": [post(rule(GONE, anonymous=LOGIN), "view"), get(rule(BAD_METHOD), "view")],
    "lists:view": [get(OWN_VIEW, "view"), post(OWN_VIEW, "view", name="x")],
    **{f"lists:view_{verb}": [post(OWN_VIEW, "view"), get(rule(BAD_METHOD), "view")] for verb in (
        "overwrite", "remove",
    )},
    "lists:view_restore": [post(OWN_VIEW, "view"), get(rule(BAD_METHOD), "view")],
    "surveys:answer": [get(rule(GONE), "unknown-link"), post(rule(GONE), "unknown-link", score="9")],
    "surveys:thanks": [get(rule(GONE), "unknown-link")],
    "surveys:ask": [
        get(rule(FORBIDDEN, anonymous=LOGIN, admin=OK, lead=OK, owner=OK, stranger=GONE, contact=GONE,
                 foreign_contact=GONE), "customer"),
        post(CUSTOMER_WRITE, "customer"),
    ],
    "surveys:responses": [get(EXPORT)],
    "surveys:responses_csv": [get(EXPORT)],
    "surveys:responses_xlsx": [get(EXPORT)],
    "surveys:wave": [get(CUSTOMER_PAGE, "wave")],
    "surveys:withdraw": [post(CUSTOMER_WRITE, "wave"), get(rule(BAD_METHOD), "wave")],
    "surveys:renew": [post(CUSTOMER_WRITE, "invitation"), get(rule(BAD_METHOD), "invitation")],
    "reports:reports": [get(STAFF_PAGE)],
    "reports:reports_csv": [get(EXPORT)],
    "reports:reports_xlsx": [get(EXPORT)],
    "reports:report_new": [get(CUSTOMER_WRITE, "customer"), post(CUSTOMER_WRITE, "customer")],
    "reports:report": [get(CUSTOMER_PAGE, "report")],
    "reports:report_comment": [post(CUSTOMER_WRITE, "report", comment="x")],
    "reports:report_file": [get(rule(GONE, anonymous=LOGIN), "report")],  # a draft has none
    "reports:report_retry": [post(CUSTOMER_WRITE, "report")],
    "reports:report_act": [post(CUSTOMER_WRITE, "report", "submit")],
    "reports:portal_reports": [get(PORTAL_PAGE)],
    "reports:portal_report": [get(rule(GONE, anonymous=LOGIN), "report")],  # a draft is not shown
    "reports:portal_release": [post(rule(GONE, anonymous=LOGIN), "report")],
    "reports:portal_file": [get(rule(GONE, anonymous=LOGIN), "report")],
    "api-metrics": [get(WHOLE_PORTFOLIO, query="?code=mrr&period=2026-01")],
    "rest:tokens": [get(rule(OK, anonymous=LOGIN)), post(rule(DONE, anonymous=LOGIN))],
    "rest:token_revoke": [
        post(rule(GONE, anonymous=LOGIN, admin=DONE, owner=DONE), "token"), get(rule(BAD_METHOD), "token"),
    ],
    "rest:all_tokens": [get(rule(FORBIDDEN, anonymous=LOGIN, admin=OK, contact=GONE, foreign_contact=GONE))],
    "schema": [get(API_LIST)],
    "docs": [get(rule(OK, anonymous=LOGIN))],
    **{f"api-{name}-list": [get(API_LIST)] for name in (*SHOWN, "report")},
    **{f"api-{name}-detail": [get(API_OBJECT, name)] for name in SHOWN},
    "api-report-detail": [get(API_OBJECT | {"contact": GONE}, "report")],
}  # fmt: skip


def named_addresses(patterns=None, namespace=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from named_addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join(filter(None, [namespace, pattern.name])) if pattern.name else str(pattern.pattern)


@pytest.fixture(scope="module")
def world(kept_for_the_module):
    """One customer with a row of every kind, seen by people in every relation to it."""
    ours = make_team()
    people = {
        "owner": make_user(Role.CSM, teams=(ours,)),
        "colleague": make_user(Role.CSM, teams=(ours,)),
        "stranger": make_user(Role.CSM, teams=(make_team(),)),
        **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
    }
    customer = make_customer(owner=people["owner"])
    contact = make_contact(customer)
    foreign_contact = make_contact(make_customer(owner=people["stranger"]))
    contact_access = make_portal_access(contact)
    people["contact"] = contact_access.user
    people["foreign contact"] = make_portal_access(foreign_contact).user
    rows = {"customer": customer, "contact": contact, "foreign_contact": foreign_contact, **kvi_rows(customer)}
    rows |= {"colleague": people["colleague"], "team": ours}
    rows["wave"] = make_wave(customer, contacts=[contact])
    rows["invitation"] = rows["wave"].invitations.get()
    rows["token"] = token_of(make_token(people["owner"]))
    rows["view"] = save_view("x", of="customers", query="", shared=False, by=people["owner"])
    rows["follow_up"] = make_follow_up(customer)
    for name, writer, access in (("comment", people["owner"], None), ("said", people["contact"], contact_access)):
        thread = thread_of(rows["goal"], writer, access)
        rows[name] = add_comment(thread, key=uuid4(), text="Hello", by=writer)
        file = {"comment": "file", "said": "sent"}[name]
        [rows[file]] = add_attachments(thread, [upload()], key=uuid4(), by=writer)
    rows["notification"] = people["owner"].notifications.filter(kind="follow_up").get()
    rows["report"] = ValueReport.objects.create(
        customer=customer, period_start=date(2026, 1, 1), period_end=date(2026, 4, 1), language="en",
        created_by=people["owner"],
    )  # fmt: skip
    rows["custom_field"] = make_custom_field("ours")
    rows["cost"], rows["rate"] = make_record("costs", None), make_rate("USD", "2026-01-01", "0.9")
    rows["job"] = start_job("report_file", by=people["owner"])
    rows["suppressed"] = suppress("gone@customer.example", "hand", by=people["admin"])
    rows["mail"] = queue_mail("k", "password-reset", user=people["owner"], context={}, language="en", purpose="login")
    return people, rows


def kvi_rows(customer):
    goal = Goal.objects.create(
        customer=customer, name="Faster invoices", start_date=date(2026, 1, 1), state=Goal.State.AGREED
    )
    indicator = Indicator.objects.create(goal=goal)
    version = IndicatorVersion.objects.create(
        indicator=indicator, name="Days", state="agreed", direction="decrease", unit="days", baseline=12, target=6,
        valid_from=date(2026, 1, 1), agreed_on=date(2026, 1, 1),
    )  # fmt: skip
    measurement = Measurement.objects.create(indicator=indicator, date=date(2026, 2, 1), value=9)
    return {"goal": goal, "indicator": indicator, "version": version, "measurement": measurement}


def test_every_address_has_a_rule():
    elsewhere = {name for name in named_addresses() if name.startswith("api-")}  # in test_api_roles.py, by operation
    unknown = sorted(set(named_addresses()) - set(ADDRESSES) - elsewhere - {"healthz"})
    assert unknown == [], "say in ADDRESSES who may open these"
    assert sorted(set(ADDRESSES) - set(named_addresses())) == [], "these addresses do not exist any more"


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_who_may_open_it(client, world, name):
    people, rows = world
    for address in ADDRESSES[name]:
        args = [rows[arg].public_id if arg in rows else arg for arg in address.args]
        url = reverse(name, args=args) + address.query
        found = {}
        for who in PEOPLE:
            client.logout()
            if who in people:
                client.force_login(people[who])
            found[who] = status_without_trace(client, address, url)
        wrong = {who: status for who, status in found.items() if status not in address.statuses[who]}
        assert wrong == {}, f"{address.method.upper()} {url}"


def status_without_trace(client, address, url):
    """Everybody meets the same world: what the request wrote is taken back."""
    with transaction.atomic():
        answer = getattr(client, address.method)(url, address.data)
        answer.getvalue()  # which closes a file
        transaction.set_rollback(True)
    return answer.status_code


LINKS = ("account_", "invitation", "setup", "surveys:answer", "surveys:thanks")


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"])
@pytest.mark.parametrize("who", ["admin", "contact", "anonymous"])
def test_other_verbs_are_refused_everywhere(client, world, verb, who):
    people, rows = world
    if who in people:
        client.force_login(people[who])
    found = {}
    pages = {name: rules for name, rules in ADDRESSES.items() if not name.startswith("api-")}  # those have own tests
    for name, addresses in pages.items():
        args = [rows[arg].public_id if arg in rows else arg for arg in addresses[0].args]
        found[name] = client.generic(verb, reverse(name, args=args)).status_code
    expected = dict.fromkeys(pages, 405)
    if who == "anonymous":  # the interface asks for a login first
        expected |= {"schema": 401, "docs": 302}
    if verb == "OPTIONS":  # mail scanners ask it of links, and hear as little as by reading
        expected["surveys:answer"] = 404
    assert found == expected


@pytest.mark.parametrize("who", ["admin", "contact"])
def test_what_somebody_reads_after_login_is_kept_by_no_cache(client, world, who):
    people, rows = world
    client.force_login(people[who])
    kept = []
    for name, addresses in ADDRESSES.items():
        args = [rows[arg].public_id if arg in rows else arg for arg in addresses[0].args]
        answer = client.get(reverse(name, args=args))
        answer.getvalue()
        said = answer.headers.get("Cache-Control", "")
        asked_again = name.startswith("api-") and "private, no-cache" in said  # with If-None-Match
        if "no-store" not in said and not asked_again:
            kept.append(name)
    assert kept == []


CONTRIBUTORS, SIGNERS = {"sponsor", "champion", "key_user"}, {"sponsor"}
PORTAL_ACTS = [
    ("kvi:portal_propose", ("goal",), CONTRIBUTORS),
    ("kvi:portal_measure", ("indicator",), CONTRIBUTORS),
    ("kvi:portal_counter", ("indicator", "1"), SIGNERS),
    ("kvi:portal_version_act", ("indicator", "1", "accept"), SIGNERS),
    ("kvi:portal_version_act", ("indicator", "1", "decline"), SIGNERS),
    ("kvi:portal_version_act", ("indicator", "1", "withdraw"), CONTRIBUTORS),
    ("kvi:portal_measurement_act", ("indicator", "measurement", "confirm"), CONTRIBUTORS),
    ("kvi:portal_measurement_act", ("indicator", "measurement", "dispute"), CONTRIBUTORS),
    ("kvi:portal_measurement_act", ("indicator", "measurement", "undispute"), CONTRIBUTORS),
    ("reports:portal_release", ("report",), SIGNERS),
]


@pytest.mark.parametrize("role", PortalAccess.PortalRole.values)
def test_each_portal_role_does_only_its_own_acts(client, world, role):
    people, rows = world
    PortalAccess.objects.filter(user=people["contact"]).update(role=role)
    ValueReport.objects.update(state="released_by_csm")
    client.force_login(people["contact"])
    for name, args, allowed in PORTAL_ACTS:
        url = reverse(name, args=[rows[arg].public_id if arg in rows else arg for arg in args])
        status = status_without_trace(client, post(DONE, reason="x", note="x"), url)
        assert (status != 403) == (role in allowed), (name, args)


LINKS = ("account_", "surveys:answer", "surveys:thanks")
LINKS = (
    "account_", "mfa_", "session_end", "invitation", "setup", "surveys:answer", "surveys:thanks", "surveys:unsubscribe",
    "notifications:unsubscribe",
)  # fmt: skip
OBJECTS = sorted(name for name, addresses in ADDRESSES.items() if any(address.args for address in addresses))


# They name a list or a figure of the catalogue, which are the same for everybody.
NO_ROWS = ("lists:view_save", "lists:conditions", "lists:bulk", "dashboards:figure", "dashboards:figure_csv")
FORBIDDEN_AT_ALL = ("system:mail", "system:suppression")  # whoever is refused the whole page learns nothing of its rows


@pytest.mark.parametrize(
    "name", [name for name in OBJECTS if not name.startswith(LINKS + FORBIDDEN_AT_ALL) and name not in NO_ROWS]
)
def test_what_does_not_exist_looks_like_what_is_hidden(client, world, name):
    people, rows = world
    address = ADDRESSES[name][0]
    client.force_login(people["stranger"])
    answers = []
    ours = [rows[arg].public_id if arg in rows else arg for arg in address.args]
    nobodys = [uuid4() if arg in rows else arg for arg in address.args]
    for args in (ours, nobodys):
        answer = getattr(client, address.method)(reverse(name, args=args), address.data)
        path = reverse(name, args=args).encode()
        answers.append((answer.status_code, TOKEN.sub(b"", answer.content.replace(path, b"PATH"))))
    assert answers[0] == answers[1]
    assert answers[0][0] in address.statuses["stranger"] & {403, 404}


def test_revoked_contacts_find_nothing_in_the_portal(client, world):
    people, _rows = world
    PortalAccess.objects.filter(user=people["contact"]).update(revoked_at="2026-01-01T00:00:00Z")
    client.force_login(people["contact"])
    for name in sorted(ADDRESSES):
        if name.startswith(("dashboards:portal", "portal_choose")):
            assert client.get(reverse(name)).status_code == 404, name
