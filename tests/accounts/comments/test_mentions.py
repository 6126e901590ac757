"""Who is meant by what stands behind an @."""

import pytest

from accounts.comments.mentions import typed_mentions
from accounts.models import User

ADA, ANNA, MUELLER, NAMESAKE = PEOPLE = [
    User(pk=number, email=f"{address}@firm.example", name=name)
    for number, (address, name) in enumerate(
        [("ada.berg", "Ada Berg"), ("ab", "Anna Berg"), ("info", "Jörg Müller"), ("ada", "Jo Ada Lind")], start=1
    )
]


def meant(text):
    found = typed_mentions(text, PEOPLE)
    return list(found.people), found.several, found.nobody


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@ada.berg", [ADA]), ("(@Ada.Berg, please)", [ADA]), ("Thanks @ada.berg.", [ADA]), ("@adaberg", [ADA]),
        ("@anna", [ANNA]), ("@ab@firm.example!", [ANNA]), ("@Joerg.Mueller", [MUELLER]), ("@müller", [MUELLER]),
        ("@ada", [NAMESAKE]), ("@ab and @ada.berg, @ab again", [ANNA, ADA]),
    ],
)  # fmt: skip
def test_the_closest_spelling_wins(text, people):
    assert meant(text) == (people, (), ())


@pytest.mark.parametrize(
    ("text", "several", "nobody"),
    [
        ("@berg", ("berg",), ()), ("@nobody @nobody", (), ("nobody",)),
        ("@ab@other.example", (), ("ab@other.example",)), ("write to info@firm.example", (), ()),
        ("@ alone, a@b, @@ab", (), ()), ("", (), ()),
    ],
)  # fmt: skip
def test_what_fits_several_or_nobody_stays_text(text, several, nobody):
    assert meant(text) == ([], several, nobody)


def test_nobody_is_asked_for_when_nobody_is_named():
    def colleagues():
        raise AssertionError("no question without a name")
        yield

    assert typed_mentions("No name here", colleagues()).hints() == []


def test_an_endless_row_of_signs_ends():
    assert len(typed_mentions("@a-" * 1_600, PEOPLE).nobody) <= 50
