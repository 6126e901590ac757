"""What can be wrong with a mapping, with a source file, with one row of it; each told in one harmless line."""

from collections.abc import Iterable

from accounts.integrations.outcome import in_one_line, shown

MOST_NAMES = 30


class InOneLine(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(in_one_line(message))


class MappingError(InOneLine):
    """The mapping is refused; the message names its file, the section and what is allowed there."""


class SourceError(InOneLine):
    """A source file is missing or is not what the mapping says; nothing of any source is loaded."""


class Refused(Exception):
    """One row cannot be translated; ``code`` is one of the contract's (metrics.md, section 15 rule 7).

    ``at`` are the source's column and value, where they are not those of one of the contract's columns.
    """

    def __init__(self, code: str, message: str, at: tuple[str, str] = ("", "")) -> None:
        self.code, self.message, self.at = code, in_one_line(message), at


def listed(names: Iterable[str]) -> str:
    """The first names, each cut, so that a message stays readable however many there are."""
    known = [shown(name) for name in names]
    more = f" and {len(known) - MOST_NAMES} more" if len(known) > MOST_NAMES else ""
    return (", ".join(known[:MOST_NAMES]) or "nothing") + more
