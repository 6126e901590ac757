"""One row of a work list: one reason, one clock, one button. Every room offers its own, Today merges them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class WorkItem:
    """``reason`` and ``button`` are texts in the reader's language; ``due`` empty means as soon as convenient.

    ``kind`` is a stable word of the room's own (``measurement_due``, ``proposal_waiting``, ...) for icons and tests.
    """

    reason: str
    customer_name: str
    url: str
    button: str
    due: date | None
    kind: str

    @property
    def sort_key(self) -> tuple[date, str, str, str]:
        """What is due first comes first; what has no day comes last."""
        return (self.due or date.max, self.customer_name.casefold(), self.reason, self.url)

    def days_left(self, today: date) -> int | None:
        """Days until it is due, negative when overdue."""
        return None if self.due is None else (self.due - today).days


def by_due_date(items: Iterable[WorkItem]) -> list[WorkItem]:
    return sorted(items, key=lambda item: item.sort_key)
