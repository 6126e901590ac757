"""What a person holds, told by each room in its ``handover.py``; handing over goes through all of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import User


@dataclass(frozen=True)
class Part:
    """``rows`` are the person's; ``owner`` is the field that names the person.

    ``customer`` is the path to the row's customer, whose new owner gets the row; empty for rows without one.
    ``title`` is how a row reads in the preview; ``rows`` bring along what it needs. ``settle`` puts in order what the
    rows with these ids must not be with their new owner.
    """

    name: str
    label: str | Promise
    rows: Callable[[User], QuerySet[Any]]
    owner: str = "owner"
    customer: str = ""
    title: Callable[[Any], str] = str
    settle: Callable[[list[int], User], None] = lambda ids, receiver: None

    def of(self, person: User, customers: list[int]) -> QuerySet[Any]:
        """The person's rows of these customers."""
        return (
            self.rows(person).filter(**{f"{self.customer}__in": customers})
            if self.customer
            else self.rows(person).none()
        )


PARTS: dict[str, Part] = {}


def register(part: Part) -> None:
    PARTS[part.name] = part
