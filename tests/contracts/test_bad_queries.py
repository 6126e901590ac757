"""Whatever stands in an address, nothing breaks and no page gets longer than we say."""

from base64 import b64encode

import pytest
from django.urls import reverse

from accounts.models import Role
from tests.factories.accounts import make_customer, make_user

pytestmark = pytest.mark.django_db
NASTY = (
    "a\x00b", "-1", "9" * 70, "NaN", "' OR 1=1 --", "0001-01-01..9999-12-31", "\u202e<script>", "owner__password",
    "\u0662\u0660\u0662\u0666", "1e400",
)  # fmt: skip
PARAMETERS = {
    "dashboards:customers": (
        "q",
        "segment",
        "phase",
        "owner",
        "sort",
        "page",
        "per_page",
        "period",
        "where",
        "columns",
        "view",
        "done",
    ),
    "dashboards:customers_csv": ("q", "segment", "owner", "sort", "period"),
    "dashboards:feedback": ("period",),
    "dashboards:search": ("q",),
    "dashboards:revenue": ("period", "sort", "page", "per_page"),
    "dashboards:revenue_csv": ("period",),
    "dashboards:support": ("segment", "owner", "period", "sort"),
    "dashboards:onboarding": ("segment", "owner", "phase", "period"),
    "dashboards:onboarding_csv": ("period", "segment"),
    "kvi:goals": ("state", "segment", "owner", "page"),
    "kvi:goals_csv": ("state", "segment", "owner"),
    "surveys:responses": ("q", "kind", "group", "period", "customer", "where"),
    "surveys:responses_csv": ("customer",),
    "reports:reports": ("state", "page", "owner", "where"),
    "playbooks:follow_ups": ("state", "due", "customer", "where"),
    "api-customer-list": ("cursor", "page_size", "segment", "phase", "external_id", "ordering"),
    "api-measurement-list": ("cursor", "customer", "indicator", "status"),
    "api-metrics": ("code", "period", "level", "subject", "variant", "as_of", "owner", "format"),
}


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_a_query_without_sense_is_refused_or_finds_nothing(client, name):
    make_customer()
    client.force_login(make_user(Role.ADMIN))
    for parameter in PARAMETERS[name]:
        for value in NASTY:
            asked = value.replace(".", "_") if parameter == "sort" else value  # the table warns of dots
            status = client.get(reverse(name), {parameter: asked}).status_code
            assert status in {200, 400, 404}, (parameter, value)


def cursor(text):
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("inside", ["p=abc", "p=\x00", "p=1.5", "p=NaN", "p=7", "o=99999999999999", "r=1&p=x"])
def test_a_cursor_of_somebody_elses_making_is_not_found(client, inside):
    client.force_login(make_user(Role.ADMIN))
    answer = client.get(reverse("api-customer-list"), {"cursor": cursor(inside)})
    assert answer.status_code == (200 if inside.startswith("o=") else 404)


@pytest.mark.parametrize("asked", ["1", "26", "1000000000"])
def test_a_page_is_as_long_as_we_say(client, asked):
    for _number in range(26):
        make_customer()
    client.force_login(make_user(Role.ADMIN))
    for name in ("dashboards:customers", "dashboards:revenue"):
        assert len(client.get(reverse(name), {"per_page": asked}).context["table"].paginated_rows) == 25
