"""The words and numbers of a report as people read them: one document for page and PDF, made from content only.

Names of people are joined here by their ids; who is gone reads "former contact".
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Subquery, Value
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Contact, User, Workspace
from cs_portal.metrics.display import DASH, decimal_text, display, display_interval, reason_text
from kvi.models import IndicatorVersion
from kvi.models.indicators import Provenance
from reports.content import Content, reading_of
from reports.models import ReportRelease, ReportState, ValueReport
from reports.wording import (
    agreed_text,
    bands,
    choice_text,
    day_text,
    labels,
    measured_text,
    method,
    satisfaction_names,
    value_text,
)

Document = dict[str, Any]
ON_PLAN = frozenset({"ahead", "on_path"})


def document(report: ValueReport, content: Content, *, final: bool) -> Document:
    """Everything page and PDF print, in the report's language. ``final``: with both sides' releases."""
    with translation.override(content["language"]):
        return _Writer(report, content).document(final=final)


def people(report: ValueReport, content: Content) -> "Names":
    users, contacts = {content["owner"], report.created_by_id}, set()
    for goal in content["goals"]:
        for indicator in goal["indicators"]:
            for signature in indicator["definition"]["signed"]:
                users.add(signature["user"])
                contacts.add(signature["contact"])
    zone = Workspace.objects.values("time_zone")[:1]
    releases = list(report.releases.annotate(zone=Subquery(zone)))
    users.update(release.user_id for release in releases)
    contacts.update(release.contact_id for release in releases)
    return Names(users, contacts, releases)


class Names:
    """Who the ids are today: one query."""

    def __init__(self, users: Iterable[int | None], contacts: Iterable[int | None], releases: list[ReportRelease]):
        ours, theirs = (
            people.filter(pk__in=[pk for pk in ids if pk]).order_by().values_list(Value(side), "pk", "name")
            for side, people, ids in (("staff", User.objects, users), ("customer", Contact.everything, contacts))
        )
        self.names = {(side, pk): name for side, pk, name in ours.union(theirs, all=True)}
        self.releases = releases

    def user(self, pk: int | None) -> str:
        return self.names.get(("staff", pk)) or _("former colleague")

    def contact(self, pk: int | None) -> str:
        return self.names.get(("customer", pk)) or _("former contact")


class _Writer:
    def __init__(self, report: ValueReport, content: Content) -> None:
        self.report, self.content = report, content
        self.language: str = content["language"]
        self.names, self.bands = people(report, content), bands()

    def document(self, *, final: bool) -> Document:
        content, goals = self.content, [self._goal(goal) for goal in self.content["goals"]]
        period = content["period"]
        last = self.report.last_day
        return {
            "language": self.language,
            "title": _("Value report"),
            "customer": content["customer"]["name"],
            "period": f"{day_text(period['start'])} – {day_text(last)}",
            "as_of": _("Data as of %(day)s") % {"day": day_text(content["as_of"])},
            "frozen_at": content.get("frozen_at", ""),
            "status": self._status(final=final),
            "summary": self._summary(goals),
            "figures": self._figures(),
            "comment": content["comment"],
            "author": self.names.user(content["owner"]) if content["owner"] else "",
            "overview": self._overview(goals),
            "goals": goals,
            "satisfaction": self._satisfaction(),
            "money": self._money(),
            "method": method(content),
            "release": self._releases() if final else [],
            "hash": self.report.content_hash,
            "labels": labels(),
        }

    def number(self, stored: Mapping[str, Any]) -> str:
        """The value, or a dash with the reason."""
        reading = reading_of(stored, self.content)
        if reading.value is None:
            return f"{DASH} ({reason_text(reading.reason, self.language)})"
        return display(reading, self.language)

    # --- first page -----------------------------------------------------------------------------------

    def _status(self, *, final: bool) -> str:
        if self.report.issued_without_customer and final:
            return _("Not released by the customer")
        return "" if final else _("For review, not yet released by both sides")

    def _summary(self, goals: list[Document]) -> str:
        indicators = [indicator for goal in goals for indicator in goal["indicators"]]
        planned = [indicator for indicator in indicators if indicator["band"]]
        reached = sum(indicator["band"] in ON_PLAN for indicator in planned)
        said = []
        if planned:
            said.append(
                ngettext(
                    "%(reached)s of %(count)s indicator with a plan is on or ahead of it.",
                    "%(reached)s of %(count)s indicators with a plan are on or ahead of it.",
                    len(planned),
                )
                % {"reached": reached, "count": len(planned)}
            )
        score = self.content["score"]
        if score["value"] is not None:
            said.append(_("Together the goals are reached to %(share)s.") % {"share": self.number(score)})
        worth = self.content["value"]["conservative"]
        if worth["value"] is not None:
            said.append(_("This was worth %(amount)s in the period.") % {"amount": self.number(worth)})
        return " ".join(said)

    def _figures(self) -> list[Document]:
        content = self.content
        rows = [
            (_("Goal attainment"), content["score"], _("all shared goals, weighted")),
            (_("Goal attainment, user groups"), content["score_individual"], _("all individual goals, weighted")),
            (_("Confirmed by you"), content["confirmed_share"], _("share of the attainment, weighted")),
            (_("Value in the period"), content["value"]["conservative"], _("conservative")),
            (_("Value to date"), content["value_to_date"]["conservative"], _("conservative")),
        ]
        return [
            {"label": label, "value": self.number(stored), "note": note}
            for label, stored, note in rows
            if stored["value"] is not None
        ]

    def _overview(self, goals: list[Document]) -> Document:
        return {
            "headings": [_("Indicator"), _("From"), _("Target"), _("Reached"), _("Attainment"), _("Plan")],
            "groups": [
                {
                    "name": goal["name"],
                    "attainment": goal["attainment"],
                    "rows": [
                        [one["name"], one["baseline"], one["target"], one["current"], one["attainment"], one["planned"]]
                        for one in goal["indicators"]
                    ],
                }
                for goal in goals
            ],
        }

    # --- goals ----------------------------------------------------------------------------------------

    def _goal(self, goal: Mapping[str, Any]) -> Document:
        scope = _("For the whole company") if goal["scope"] == "collective" else goal["group"]
        return {
            "name": goal["name"],
            "scope": scope,
            "description": goal["description"],
            "attainment": self.number(goal["attainment"]),
            "coverage": self.number(goal["coverage"]),
            "indicators": [self._indicator(indicator) for indicator in goal["indicators"]],
        }

    def _indicator(self, indicator: Mapping[str, Any]) -> Document:
        definition, current = indicator["definition"], indicator["current"]
        return {
            "name": definition["name"],
            "question": definition["question"],
            "baseline": agreed_text(definition, "baseline", self.language),
            "target": agreed_text(definition, "target", self.language),
            "current": value_text(definition, current, self.language) if current else DASH,
            "measured": measured_text(current),
            "attainment": self.number(indicator["attainment"]),
            "planned": self.number(indicator["planned"]),
            "gap": self.number(indicator["gap"]),
            "band": indicator["band"],
            "band_text": self.bands.get(indicator["band"], ""),
            "excluded": [
                _("%(value)s of %(day)s is disputed and not counted.")
                % {"value": value_text(definition, row, self.language), "day": day_text(row["date"])}
                for row in indicator["disputed"]
            ],
            "chart": indicator["chart"],
            "facts": self._facts(definition),
        }

    def _facts(self, definition: Mapping[str, Any]) -> list[list[str]]:
        """The agreed definition, for the appendix."""
        rows = [
            [_("Version"), f"{definition['version']}"],
            [_("Measured"), choice_text(IndicatorVersion.Cadence, definition["cadence"])],
            [_("Direction"), choice_text(IndicatorVersion.Direction, definition["direction"])],
            [_("Levels"), " · ".join(definition["levels"])],
            [_("Valid from"), day_text(definition["valid_from"])],
            [_("Due"), day_text(definition["due_date"])],
            [_("Worth"), self._factor(definition)],
            [_("Agreed"), self._agreed_by(definition)],
        ]
        return [row for row in rows if row[1]]

    def _factor(self, definition: Mapping[str, Any]) -> str:
        if not definition["value_kind"]:
            return ""
        per = choice_text(IndicatorVersion.ValueKind, definition["value_kind"])
        factors = [
            f"{decimal_text(Fraction(definition[field]), 2, self.language)} {definition['value_currency']} ({name})"
            for field, name in (
                ("value_factor_conservative", _("conservative")),
                ("value_factor_expected", _("expected")),
            )
            if definition[field] is not None
        ]
        return f"{', '.join(factors)} {per}"

    def _agreed_by(self, definition: Mapping[str, Any]) -> str:
        signers = [
            self.names.contact(row["contact"]) if row["side"] == "customer" else self.names.user(row["user"])
            for row in definition["signed"]
        ]
        how = choice_text(Provenance, definition["provenance"])
        return " · ".join(part for part in (day_text(definition["agreed_on"]), how, ", ".join(signers)) if part)

    # --- satisfaction and money -----------------------------------------------------------------------

    def _satisfaction(self) -> Document:
        stored = self.content["feedback"]["readings"]
        readings = {name: reading_of(one, self.content) for name, one in stored.items()}
        rows = []
        for name, title in satisfaction_names().items():
            reading = readings[name]
            if reading.reason == "no_data" or (reading.value is None and name == "response_rate"):
                continue
            note = display_interval(reading, self.language)
            if reading.n is not None:
                counted = ngettext("%(n)s answer", "%(n)s answers", reading.n) % {"n": reading.n}
                asked = ngettext("%(n)s delivered", "%(n)s delivered", reading.n) % {"n": reading.n}
                note = " · ".join(filter(None, [asked if name == "response_rate" else counted, note]))
            elif reading.reason == "below_minimum_n":
                note = _("shown from %(n)s answers on") % {"n": self.content["min_n"]}
            rows.append([title, self.number(stored[name]), note])
        empty = _("Nobody was asked or answered in this period.")
        return {"rows": rows, "empty": empty, "shares": self._shares(stored)}

    def _shares(self, stored: Mapping[str, Any]) -> list[Document]:
        """The three groups of the NPS side by side: their names, shares, and place on a line of 100."""
        names = {"detractor": _("Detractors"), "passive": _("Passives"), "promoter": _("Promoters")}
        values = {group: stored[f"nps_share:{group}"] for group in names}
        if any(value["value"] is None for value in values.values()):
            return []
        shares, at = [], Fraction(0)
        for group, name in names.items():
            share = 100 * Fraction(values[group]["value"])
            place = {"at": f"{float(at):.2f}", "width": f"{float(share):.2f}"}
            shares.append({"group": group, "name": name, "value": self.number(values[group]), **place})
            at += share
        return shares

    def _money(self) -> Document:
        """Per indicator with an agreed factor, summed, and how much of it the customer has confirmed."""
        priced = [
            (indicator["definition"]["name"], indicator["value"])
            for goal in self.content["goals"]
            for indicator in goal["indicators"]
            if indicator["value"]
        ]
        if not priced:
            return {"rows": [], "totals": []}
        value, to_date = self.content["value"], self.content["value_to_date"]
        return {
            "headings": [_("Indicator"), _("conservative"), _("expected")],
            "rows": [[name, *self._pair(one, "")] for name, one in priced],
            "totals": [
                [_("Total in the period"), *self._pair(value, "")],
                [_("of which confirmed by you"), *self._pair(value, "_confirmed")],
                [_("Total to date"), *self._pair(to_date, "")],
                [_("of which confirmed by you"), *self._pair(to_date, "_confirmed")],
            ],
        }

    def _pair(self, value: Mapping[str, Any], suffix: str) -> list[str]:
        return [self.number(value[f"{name}{suffix}"]) for name in ("conservative", "expected")]

    def _releases(self) -> list[list[str]]:
        rows = []
        for release in self.names.releases:
            staff = release.side == ReportRelease.Side.STAFF
            name = self.names.user(release.user_id) if staff else self.names.contact(release.contact_id)
            side = _("For customer success") if staff else _("For the customer")
            rows.append([side, name, day_text(release.released_at.astimezone(ZoneInfo(release.zone)).date())])
        if self.report.state == ReportState.ISSUED and self.report.issued_without_customer:
            rows.append([_("For the customer"), _("Not released by the customer"), ""])
        return rows
