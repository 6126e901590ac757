"""Tickets as a file of the import contract (metrics.md, sections 7 and 15)."""

from accounts.models import Contact, Customer
from accounts.support.models import Ticket
from cs_portal.kit.filespec import FileSpec, Rule, columns, ordered, other_customer

TICKETS = FileSpec(
    name="tickets.csv",
    model=Ticket,
    columns=columns(
        "external_id id!, customer id!, contact id, opened_at ts!, first_closed_at ts, reopened_at ts, closed_at ts, "
        "resolved bool, first_contact_solved bool, handling_minutes dec, channel str, priority str"
    ),
    references={"customer": Customer, "contact": Contact},
    checks=(other_customer("contact"),),
    rules=(
        ordered("opened_at", "first_closed_at"),
        Rule(
            "reopened_at", "conflict", "d.reopened_at < greatest(d.opened_at, d.first_closed_at)",
            "reopened_at must lie on or after opened_at and first_closed_at.",
        ),
        Rule(
            "closed_at", "conflict", "d.closed_at < greatest(d.opened_at, d.first_closed_at, d.reopened_at)",
            "closed_at must lie on or after what happened before it.",
        ),
        Rule(
            "first_closed_at", "missing_value", "d.reopened_at IS NOT NULL AND d.first_closed_at IS NULL",
            "A ticket that was reopened was closed before; say when.",
        ),
    ),
)  # fmt: skip
