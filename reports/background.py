"""The jobs of value reports."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import customers_for
from accounts.jobs.models import Job
from accounts.jobs.registry import Kind, Shown, register
from accounts.models import User
from reports.models import Rendering
from reports.services.renderings import KIND, make_file


def shown(jobs: Sequence[Job], reader: User) -> dict[int, Shown]:
    """Customer and period, for those who may see the customer; one query."""
    files = Rendering.objects.filter(job__in=jobs, report__customer__in=customers_for(reader))
    return {file.job_id: _shown(file) for file in files.select_related("report__customer")}


def _shown(file: Rendering) -> Shown:
    report = file.report
    names = {
        "customer": report.customer.name,
        "first": date_format(report.period_start, "SHORT_DATE_FORMAT"),
        "last": date_format(report.last_day, "SHORT_DATE_FORMAT"),
    }
    return Shown(_("Value report as PDF: %(customer)s, %(first)s – %(last)s") % names, report.get_absolute_url())


register(
    Kind(
        KIND,
        gettext_lazy("Value report as PDF"),
        make_file,
        lease=timedelta(seconds=settings.RENDER_LEASE_SECONDS),
        reasons={"taken_back": gettext_lazy("The report was taken back to draft.")},
        show=shown,
    )
)
