"""Every setting has a field, in the reader's language and with the rules of the command."""

import pytest
from django.urls import reverse

from accounts.services import workspace_settings
from accounts.workspace import RULES, printed_settings
from accounts.workspace_forms import texts
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
URL = reverse("dashboards:settings")


def shown(client):
    return {field.name: field.initial for field in client.get(URL).context["form"]}


def test_every_setting_of_the_catalogue_has_a_field():
    assert set(texts()) == set(RULES)


@pytest.mark.parametrize(("language", "share"), [("de", "0,1"), ("en", "0.1")])
def test_numbers_are_written_and_read_as_the_language_writes_them(client, language, share):
    client.force_login(make_user("admin", language=language))
    given = shown(client)
    assert given == printed_settings() | {
        name: printed_settings()[name].replace(".", share[1])
        for name in ("kvi_path_tolerance", "health_min_coverage", "seats_full_threshold", "advocate_nps_threshold")
    }
    changed = given | {"kvi_path_tolerance": f"0{share[1]}25", "gross_margin": f"0{share[1]}7"}
    assert client.post(URL, changed).status_code == 302
    assert (str(workspace_settings().kvi_path_tolerance)[:4], str(workspace_settings().gross_margin)[:3]) == (
        "0.25",
        "0.7",
    )


@pytest.mark.parametrize(
    ("name", "value"), [("regular_days", "29"), ("min_n", "1"), ("gross_margin", "0"), ("anonymous_min_n", "4")]
)
def test_what_is_not_allowed_is_said_at_its_field_and_nothing_is_stored(client, name, value):
    client.force_login(make_user("admin"))
    before = printed_settings()
    refused = client.post(URL, shown(client) | {"min_n": "9"} | {name: value})
    assert (list(refused.context["form"].errors), printed_settings()) == ([name], before)
