"""docs/api.md is true: its requests are sent in order, their answers compared."""

import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from accounts.models import Role
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user
from tests.factories.rest import JSON, make_token

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"```(\w+) ?(\d*)\n(.*?)```", re.DOTALL)
CAPTURE = re.compile(r"(\w+)=\$\((.*) \| jq -r '?(\S+?)'?\)", re.DOTALL)
ANYTHING = "…"


class Shell:
    """Enough of a shell and of curl to send what the document says."""

    def __init__(self, client, **variables):
        self.client, self.variables = client, variables

    def run(self, command):
        captured = CAPTURE.fullmatch(command.strip())
        answer = self._curl(captured[2] if captured else command)
        if captured:
            self.variables[captured[1]] = picked(answer.json(), captured[3])
        return answer

    def _curl(self, command):
        line = command.replace("\\\n", " ")
        words = shlex.split(re.sub(r"\$(\w+)", lambda name: self.variables[name[1]], line))
        assert words.pop(0) == "curl"
        options = {"-X": "", "-H": [], "--json": None}
        url = ""
        while words:
            word = words.pop(0)
            if word == "-H":
                options["-H"].append(words.pop(0).split(": ", 1))
            elif word in options:
                options[word] = words.pop(0)
            else:
                url = word
        method = options["-X"] or ("GET" if options["--json"] is None else "POST")
        sent = {} if options["--json"] is None else {"data": options["--json"], "content_type": JSON}
        return self.client.generic(method, url, headers=dict(options["-H"]), **({"content_type": ""} | sent))


def picked(found, path):
    for step in re.findall(r"\w+", path):
        found = found[int(step) if step.isdigit() else step]
    return found


def same(shown, found):
    """What the document shows; an ellipsis stands for any value."""
    if isinstance(shown, dict):
        return isinstance(found, dict) and shown.keys() == found.keys() and all(same(shown[k], found[k]) for k in shown)
    if isinstance(shown, list):
        return isinstance(found, list) and len(shown) == len(found) and all(map(same, shown, found))
    return shown in (ANYTHING, found)


@pytest.mark.django_db
def test_what_the_document_shows_is_what_happens(client):
    csm = make_user(Role.CSM)
    contact = make_contact(make_customer(owner=csm, name="Huber Logistik", segment="Enterprise", language="de"))
    access = make_portal_access(contact)
    shell = Shell(
        client, CS="", TOKEN=make_token(csm), CONTACTS_TOKEN=make_token(access.user, access=access),
        TODAY=f"{date.today()}",
    )  # fmt: skip
    answer, sent, compared = None, 0, 0
    for kind, status, text in BLOCK.findall(DOCUMENT.read_text()):
        if kind == "sh" and "curl" in text:
            answer, sent = shell.run(text), sent + 1
            failed_unsaid = answer.status_code >= 400 and not re.search(
                re.escape(text) + r"```\n\n```json", DOCUMENT.read_text()
            )
            assert not failed_unsaid, (text, answer.content)
        elif kind == "json":
            compared += 1
            assert answer.status_code == int(status), answer.content
            assert same(json.loads(text), answer.json()), answer.content
    assert (sent, compared) == (11, 5)
