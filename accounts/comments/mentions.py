"""Colleagues whom a comment names by hand: @ada.berg, @ada@example.com, or @Ada where there is only one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from cs_portal.kit.folding import fold

MOST = 50
NAMED = re.compile(r"(?<![\w@.+-])@([\w+-]+(?:\.[\w+-]+)*(?:@[\w-]+(?:\.[\w-]+)+)?)")


@dataclass(frozen=True)
class Mentions:
    """``several`` fit more than one colleague, ``nobody`` none; these stay text."""

    people: tuple[User, ...] = ()
    several: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()

    def hints(self) -> list[str]:
        """For whoever wrote it."""
        several = _("@%(name)s fits several colleagues and stays text. Please write the whole address.")
        nobody = _("@%(name)s names nobody who sees this customer and stays text.")
        told = [several % {"name": name} for name in self.several]
        return told + [nobody % {"name": name} for name in self.nobody]


def typed_mentions(text: str, colleagues: Iterable[User]) -> Mentions:
    """Whom the text names; ``colleagues`` are those who may be mentioned, asked for only when somebody is named."""
    names = list(dict.fromkeys(NAMED.findall(text)))[:MOST]
    people = list(colleagues) if names else []
    fitting = {name: _fitting(name, people) for name in names}
    return Mentions(
        tuple(dict.fromkeys(found[0] for found in fitting.values() if len(found) == 1)),
        tuple(name for name, found in fitting.items() if len(found) > 1),
        tuple(name for name, found in fitting.items() if not found),
    )


def _fitting(name: str, people: Sequence[User]) -> list[User]:
    """By the address, else by the whole name, else by a part of it: the closer one wins."""
    wanted = fold(name)
    for place in range(3):
        if found := [person for person in people if wanted in list(_spellings(person))[place]]:
            return found
    return []


def _spellings(person: User) -> Iterator[set[str]]:
    address, words = fold(person.email), fold(person.name).split()
    yield {address, address.partition("@")[0]}
    yield {".".join(words), "".join(words)}
    yield set(words)
