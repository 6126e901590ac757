"""The search over all rooms: pages, things to begin, and the records that exist for the user.

One query per kind and one for the actions, however much there is; nothing is counted beyond what is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, FloatField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.access import writable_customers_for
from accounts.models import Customer, User
from cs_portal.kit.folding import fold, folded
from cs_portal.kit.navigation import SETTINGS, pages
from cs_portal.kit.search import ACTIONS, KINDS, Action, Hit, Kind

LONGEST, MOST_WORDS, SHORTEST = 100, 6, 2
LIKELY = "0.5"  # the share of a word's three-letter pieces that a mistyped one has to keep
TYPO_FROM = 4  # shorter words have too few pieces to be told apart
JOINING = frozenset({"at", "for", "to", "bei", "fur", "an", "in", "mit", "with"})
CUSTOMERS_TO_BEGIN_AT = 3


@dataclass(frozen=True)
class Asked:
    """What was typed: ``text`` as it is shown again, ``words`` as they are looked for."""

    text: str
    words: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.text

    @property
    def is_short(self) -> bool:
        return 0 < len("".join(self.words)) < SHORTEST


def asked(typed: str) -> Asked:
    """Whatever arrives, without signs that cannot be seen; what is too long is cut."""
    seen = "".join(sign if sign.isprintable() else " " for sign in typed[:LONGEST])
    text = " ".join(seen.split())
    return Asked(text, tuple(fold(text).split()[:MOST_WORDS]))


@dataclass(frozen=True)
class Line(Hit):
    icon: str = ""


@dataclass(frozen=True)
class Section:
    name: str
    label: str | Promise
    lines: list[Line] = field(default_factory=list)
    more: bool = False


def search(user: User, question: Asked, *, each: int) -> list[Section]:
    """The sections that found something, ``each`` lines of a kind at most; for nothing typed, the pages."""
    if question.is_short:
        return []
    sections = [_pages(user, question.words)]
    if not question.is_empty:
        sections = [*_records(user, question.words, each), *sections, _beginnings(user, question.words)]
    return [section for section in sections if section.lines]


def _pages(user: User, words: tuple[str, ...]) -> Section:
    named = [(url, entry, _page_name(entry)) for url, entry in pages(user)]
    found = [(url, entry, name) for url, entry, name in named if all(word in fold(name) for word in words)]
    return Section("pages", _("Go to"), [Line(name, url, icon=entry.icon) for url, entry, name in found])


def _page_name(entry) -> str:
    return f"{_('Settings')} · {entry.label}" if entry in SETTINGS else str(entry.label)


# --- records -------------------------------------------------------------------------------------------


@transaction.atomic
def _records(user: User, words: tuple[str, ...], each: int) -> list[Section]:
    with connection.cursor() as cursor:  # until the end of the transaction
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [LIKELY])
    kinds = sorted((kind for kind in KINDS.values() if user.role in kind.roles), key=lambda kind: kind.place)
    return [_section(kind, user, words, each) for kind in kinds]


def _section(kind: Kind, user: User, words: tuple[str, ...], each: int) -> Section:
    rows = list(_nearest(kind, kind.rows(user), words)[: each + 1])
    hits = [kind.hit(row) for row in rows[:each]]
    lines = [Line(hit.title, hit.url, hit.detail, kind.icon) for hit in hits]
    return Section(kind.name, kind.label, lines, more=len(rows) > each)


def _nearest(kind: Kind, rows: QuerySet, words: tuple[str, ...]) -> QuerySet:
    """Every word is in the row's own words or in those beside it, at least one in its own; the nearest first."""
    found = rows.alias(own_words=folded(*kind.words)).filter(_any("own_words", words))
    if kind.beside:
        found = found.alias(words_beside=folded(*kind.beside))
    for word in words if len(words) > 1 else ():
        found = found.filter(_has("own_words", word) | (_has("words_beside", word) if kind.beside else Q()))
    return found.alias(nearness=_nearness(words)).order_by("-nearness", "-pk")


def _has(name: str, word: str) -> Q:
    exact = Q(**{f"{name}__contains": word})
    return exact | Q(**{f"{name}__trigram_word_similar": word}) if len(word) >= TYPO_FROM else exact


def _any(name: str, words: Iterable[str]) -> Q:
    found = Q()
    for word in words:
        found |= _has(name, word)
    return found


def _nearness(words: tuple[str, ...]):
    """As it was typed goes before a resemblance, and a beginning before a part."""
    text = " ".join(words)
    typed = Case(
        When(own_words__startswith=text, then=Value(2.0)),
        When(own_words__contains=text, then=Value(1.0)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    return typed + TrigramWordSimilarity(text, "own_words")


# --- things to begin -------------------------------------------------------------------------------------


def _beginnings(user: User, words: tuple[str, ...]) -> Section:
    """``new goal nordwind``: what the words name, at the customers that the others name; one query."""
    actions, others = _named_actions(words)
    lines = [
        Line(f"{action.label}: {customer}", reverse(action.url_name, args=[customer.public_id]), icon=action.icon)
        for customer in _customers(user, others)
        for action in actions
    ]
    return Section("actions", _("Begin"), lines)


def _named_actions(words: tuple[str, ...]) -> tuple[list[Action], tuple[str, ...]]:
    """The actions that most of the words name, and the words left over."""
    named = {action: [word for word in words if _names(action, word)] for action in ACTIONS.values()}
    most = max(map(len, named.values()), default=0)
    best = [action for action, own in named.items() if most and len(own) == most]
    taken = {word for action in best for word in named[action]} | JOINING
    return best, tuple(word for word in words if word not in taken)


def _names(action: Action, word: str) -> bool:
    return len(word) >= SHORTEST and any(own.startswith(word) for own in fold(str(action.label)).split())


def _customers(user: User, words: tuple[str, ...]) -> list[Customer]:
    if not words:
        return []
    return list(_nearest(KINDS["customers"], writable_customers_for(user), words)[:CUSTOMERS_TO_BEGIN_AT])
