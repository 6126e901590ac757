"""Periods as people write them, read in one place."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.services import workspace_settings
from cs_portal.metrics.base import BadPeriod, Period

OLDEST, NEWEST = date(1990, 1, 1), date(2100, 1, 1)


def written_period(text: str) -> Period:
    """A month, a quarter or a year of the workspace, or a span. Raises ValidationError with the sentence to show."""
    try:
        period = Period.parse(text, workspace_settings().fiscal_year_start_month)
    except BadPeriod:
        raise ValidationError(
            _(
                "“%(text)s” is no period. Write 2026-03 for a month, 2026-Q1 for a quarter, 2026 for a year, "
                "or 2026-01-15..2026-03-01 for any other span."
            )
            % {"text": text[:40]}
        ) from None
    if not OLDEST <= period.start < period.end <= NEWEST:
        raise ValidationError(_("Please choose a period between 1990 and 2100."))
    return period


class PeriodField(forms.CharField):
    """Empty means all time."""

    def clean(self, value: Any) -> Period | None:
        text = super().clean(value)
        return written_period(text) if text else None


class PeriodFilter(django_filters.CharFilter):
    field_class = PeriodField
