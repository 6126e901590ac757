"""What can be wrong with a mapping, with a source file, with one row of it."""


class MappingError(Exception):
    """The mapping is refused; the message names its file, the section and what is allowed there."""


class SourceError(Exception):
    """A source file is missing or is not what the mapping says; nothing of any source is loaded."""


class Refused(Exception):
    """One row cannot be translated; ``code`` is one of the contract's (metrics.md, section 15 rule 7)."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message


MOST_NAMES = 30


def listed(names: object) -> str:
    """The first names, so that a message stays readable however many there are."""
    known = [str(name) for name in names]  # type: ignore[attr-defined]
    more = f" and {len(known) - MOST_NAMES} more" if len(known) > MOST_NAMES else ""
    return (", ".join(known[:MOST_NAMES]) or "nothing") + more
