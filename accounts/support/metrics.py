"""Declarations of the support metrics (metrics.md, section 7), in the order of that file."""

from accounts.support.tallies import per_user_tallies, support_tallies
from cs_portal.metrics import support
from cs_portal.metrics.base import Metric

SOURCE = "metrics.md, 7"
CUSTOMERS = ("portfolio", "segment", "customer")
TIMES = ("elapsed", "handling")
IN_MINUTES = {"handling": "minutes"}

METRICS = (
    Metric(
        code="tickets_opened",
        names={"de": "Eröffnete Tickets", "en": "Tickets opened"},
        unit="count",
        better="neither",
        levels=CUSTOMERS,
        tally=support_tallies,
        formula=support.tickets_opened,
        formula_text="tickets with the local date of opened_at in the period",
        source=SOURCE,
    ),
    Metric(
        code="tickets_closed",
        names={"de": "Geschlossene Tickets", "en": "Tickets closed"},
        unit="count",
        better="neither",
        levels=CUSTOMERS,
        tally=support_tallies,
        formula=support.tickets_closed,
        formula_text="tickets with the local date of closed_at in the period",
        source=SOURCE,
    ),
    Metric(
        code="open_tickets",
        names={"de": "Offene Tickets", "en": "Open tickets"},
        unit="count",
        better="lower",
        levels=CUSTOMERS,
        tally=support_tallies,
        formula=support.open_tickets,
        formula_text="tickets opened on or before E and not closed by then",
        source=SOURCE,
    ),
    Metric(
        code="tickets_per_user",
        names={"de": "Tickets je Nutzer", "en": "Tickets per licensed user"},
        unit="count",
        better="lower",
        levels=CUSTOMERS,
        tally=per_user_tallies,
        formula=support.tickets_per_user,
        formula_text="tickets_opened ÷ licensed users on E",
        source=SOURCE,
    ),
    Metric(
        code="average_ticket_time",
        names={"de": "Durchschnittliche Ticketzeit", "en": "Average ticket time"},
        unit="hours",
        better="lower",
        levels=CUSTOMERS,
        tally=support_tallies,
        formula=support.average_ticket_time,
        formula_text="Σ (closed_at − opened_at) in hours ÷ tickets closed; handling: Σ minutes ÷ their tickets",
        source=SOURCE,
        variants=TIMES,
        variant_units=IN_MINUTES,
    ),
    Metric(
        code="median_ticket_time",
        names={"de": "Median der Ticketzeit", "en": "Median ticket time"},
        unit="hours",
        better="lower",
        levels=CUSTOMERS,
        tally=support_tallies,
        formula=support.median_ticket_time,
        formula_text="median of closed_at − opened_at in hours; handling: of handling_minutes",
        source=SOURCE,
        variants=TIMES,
        variant_units=IN_MINUTES,
    ),
    Metric(
        code="p90_ticket_time",
        names={"de": "90-%-Ticketzeit", "en": "90th percentile ticket time"},
        unit="hours",
        better="lower",
        levels=CUSTOMERS,
        tally=support_tallies,
        formula=support.p90_ticket_time,
        formula_text="the ceil(0.9 n)-th smallest time in hours; handling: of handling_minutes",
        source=SOURCE,
        variants=TIMES,
        variant_units=IN_MINUTES,
    ),
    Metric(
        code="first_contact_resolution",
        names={"de": "Erstlösungsquote", "en": "First contact resolution rate"},
        unit="ratio",
        better="higher",
        levels=CUSTOMERS,
        tally=support_tallies,
        formula=support.first_contact_resolution,
        formula_text="solved at first contact ÷ tickets closed; resolved_only: ÷ tickets closed and resolved",
        source=SOURCE,
        variants=("all_closed", "resolved_only"),
    ),
)
