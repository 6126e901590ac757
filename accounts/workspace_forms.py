"""The workspace's settings as a form: all of them, in groups, checked by the same rules as the command."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.workspace import RULES, printed_settings
from cs_portal.kit.fields import plain_number

Texts = dict[str, tuple[Promise, Promise]]
GROUPS: tuple[tuple[Promise, Texts], ...] = (
    (gettext_lazy("Calendar and money"), {
        "time_zone": (
            gettext_lazy("Time zone"), gettext_lazy("Days begin and end in this zone, for example Europe/Berlin.")
        ),
        "reporting_currency": (
            gettext_lazy("Reporting currency"),
            gettext_lazy("Three letters, for example EUR. Amounts in other currencies are converted."),
        ),
        "fiscal_year_start_month": (
            gettext_lazy("First month of the fiscal year"), gettext_lazy("Years and quarters follow it.")
        ),
    }),
    (gettext_lazy("Feedback"), {
        "min_n": (
            gettext_lazy("Fewest answers to show feedback of a group"),
            gettext_lazy("Below it, a group's figures are left out."),
        ),
        "anonymous_min_n": (
            gettext_lazy("Fewest answers to show anonymous feedback"), gettext_lazy("It can only be raised.")
        ),
        "advocate_nps_threshold": (
            gettext_lazy("NPS from which a customer is an advocate"), gettext_lazy("Of the customer's own answers."),
        ),
    }),
    (gettext_lazy("Goals and KVIs"), {
        "kvi_path_tolerance": (
            gettext_lazy("Tolerance around the planned path"),
            gettext_lazy("With 0.10, ten points above or below the path still count as on it."),
        ),
    }),
    (gettext_lazy("Revenue"), {
        "gross_margin": (
            gettext_lazy("Gross margin"),
            gettext_lazy("Share of revenue, for customer lifetime value; empty when it is not known."),
        ),
        "trial_conversion_days": (
            gettext_lazy("Days in which a trial counts as converted"), gettext_lazy("From the first day of the trial.")
        ),
        "churn_min_customers": (
            gettext_lazy("Fewest churned customers for a churn model"),
            gettext_lazy("With fewer, risks are not estimated."),
        ),
        "churn_horizon_days": (
            gettext_lazy("Horizon of the churn risk in days"), gettext_lazy("How far the estimate looks ahead.")
        ),
        "churn_reason_lookback_days": (
            gettext_lazy("Days back for the reason of a churn"),
            gettext_lazy("How long before the period a churn record may lie to explain a churn in it."),
        ),
        "billing_stale_days": (
            gettext_lazy("Days after which days overdue are stale"),
            gettext_lazy("Since the day they were reported for."),
        ),
    }),
    (gettext_lazy("Usage"), {
        "usage_min_n": (
            gettext_lazy("Fewest active users to show usage"), gettext_lazy("0 shows every number of users.")
        ),
        "session_gap_minutes": (
            gettext_lazy("Minutes of rest that end a session"), gettext_lazy("Between two events of a user.")
        ),
        "regular_days": (
            gettext_lazy("Active days of a regular user"), gettext_lazy("At least this many in the window beside.")
        ),
        "regular_window_days": (
            gettext_lazy("Window for regular users in days"), gettext_lazy("The days that are looked at.")
        ),
        "seats_full_threshold": (
            gettext_lazy("Share of seats that counts as full"), gettext_lazy("With 0.9, nine of ten seats in use.")
        ),
    }),
    (gettext_lazy("Support and onboarding"), {
        "reopen_window_days": (
            gettext_lazy("Days in which a reopened ticket was not solved"), gettext_lazy("After its first closing.")
        ),
        "stuck_after_days": (
            gettext_lazy("Days after which a step is stuck"),
            gettext_lazy("Without a due day: since the step before was achieved."),
        ),
    }),
    (gettext_lazy("Health"), {
        "health_min_coverage": (
            gettext_lazy("Smallest share of inputs for a health score"),
            gettext_lazy("With 0.5, half of the weights must have a value."),
        ),
        "health_trend_days": (
            gettext_lazy("Days between a score and the one it is compared with"), gettext_lazy("For the trend's arrow.")
        ),
    }),
)  # fmt: skip
FRACTIONS = frozenset({
    "advocate_nps_threshold", "gross_margin", "health_min_coverage", "kvi_path_tolerance", "seats_full_threshold",
})  # fmt: skip


class WorkspaceForm(forms.Form):
    """Numbers as the reader's language writes them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = printed_settings()
        for name, (label, meaning) in texts().items():
            self.fields[name] = forms.CharField(
                label=label,
                help_text=f"{meaning} {_range(name)}".strip(),
                initial=_shown(name, stored[name]),
                max_length=64,
                required=name != "gross_margin",
                widget=forms.TextInput(attrs={"inputmode": "decimal"} if name in FRACTIONS else {}),
            )

    @property
    def groups(self) -> Iterator[tuple[Promise, list[forms.BoundField]]]:
        for title, settings in GROUPS:
            yield title, [self[name] for name in settings]

    def clean(self) -> dict[str, Any]:
        stored = printed_settings()
        for name, text in list(self.cleaned_data.items()):
            self.cleaned_data[name] = text = _plain(name, text)
            try:
                RULES[name].parse(text)
            except ValueError:
                self.add_error(name, _("This value is not allowed."))
        lowest = self.cleaned_data.get("anonymous_min_n", "")
        if lowest.isdecimal() and int(lowest) < int(stored["anonymous_min_n"]):
            self.add_error("anonymous_min_n", _("It can only be raised."))
        days, window = (self.cleaned_data.get(name, "") for name in ("regular_days", "regular_window_days"))
        if days.isdecimal() and window.isdecimal() and int(days) > int(window):
            self.add_error("regular_days", _("At most as many days as the window has."))
        return self.cleaned_data


def texts() -> Texts:
    """Label and meaning of every setting that the form shows."""
    return {name: words for _title, settings in GROUPS for name, words in settings.items()}


def _range(name: str) -> str:
    """What the rule allows, where it says so in numbers."""
    allowed = RULES[name].allowed
    if name == "gross_margin":
        return _("More than 0, at most 1.")
    low, _dash, high = allowed.rpartition("-")
    if name == "churn_min_customers":
        return _("At least %(low)s.") % {"low": low}
    if low and high.lstrip("-").isdecimal():
        return _("%(low)s to %(high)s.") % {"low": low.replace("-", "\N{MINUS SIGN}"), "high": high}
    return ""


def _shown(name: str, text: str) -> str:
    return text.replace(".", ",") if name in FRACTIONS and get_language() == "de" else text


def _plain(name: str, text: str) -> str:
    return plain_number(text.strip(), get_language() or "en") if name in FRACTIONS else text.strip()
