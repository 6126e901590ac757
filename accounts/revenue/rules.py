"""What an exchange rate has to fulfil beyond its own fields."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.revenue.models import ExchangeRate
from accounts.services import workspace


def rate_of_the_reporting_currency_is_one(rate: ExchangeRate) -> None:
    """As in a file (metrics.md, section 15): leave the row out or give 1."""
    if rate.currency == workspace().reporting_currency and rate.rate != 1:
        raise ValidationError({"rate": _("This is the currency we report in; its rate is 1.")}, code="conflict")
