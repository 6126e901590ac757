"""Which period a report tells of, and our words in it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.services import workspace_settings
from cs_portal.metrics.base import BadPeriod, Period
from cs_portal.metrics.periods import add_months
from kvi.scorecard import today

OWN = "own"


def full_periods(day: date) -> list[tuple[str, str]]:
    """The last four full quarters and six full months before the day; the first is the default."""
    month = day.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    quarters = [Period.of_months(add_months(quarter, -3 * back), 3) for back in range(1, 5)]
    months = [Period.of_months(add_months(month, -back), 1) for back in range(1, 7)]
    named = [(str(period), _quarter(period)) for period in quarters]
    return named + [(str(period), date_format(period.start, "YEAR_MONTH_FORMAT")) for period in months]


def _quarter(period: Period) -> str:
    names = {"number": (period.start.month + 2) // 3, "year": period.start.year}
    return gettext("Quarter %(number)s of %(year)s") % names


class ReportForm(forms.Form):
    """``cleaned_data["period"]`` is a Period."""

    period = forms.ChoiceField(label=_("Period"))
    first_day = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Both days only for a period of your own."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the report"), choices=[("de", _("German")), ("en", _("English"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*full_periods(today(workspace_settings())), (OWN, gettext("A period of my own"))]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("period")
        if chosen:
            cleaned["period"] = self._own(cleaned) if chosen == OWN else Period.parse(chosen)
        return cleaned

    def _own(self, cleaned: dict[str, Any]) -> Period | None:
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        for name in ("first_day", "last_day"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(gettext("Please give the day.")))
        if not first or not last:
            return None
        try:
            return Period(first, last + timedelta(days=1))
        except (BadPeriod, OverflowError):
            self.add_error("last_day", ValidationError(gettext("The last day is before the first day.")))
            return None


class CommentForm(forms.Form):
    comment = forms.CharField(
        label=_("Our words to the customer"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Plain text. An empty line begins a new paragraph."),
    )  # fmt: skip
