"""Server time of the demo company's pages at the 95th percentile, beside an empty page through the same middleware."""

import gc
import statistics
import time

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import PortalAccess, User
from kvi.models import Indicator
from reports.models import ValueReport

LIMIT_MS, TIMES = 150, 40
settings.ALLOWED_HOSTS = ["*"]
unhashed = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing has to be collected first
settings.STORAGES = {**settings.STORAGES, "staticfiles": unhashed}
indicator = Indicator.objects.filter(versions__state="agreed").select_related("goal__customer").first()
report = ValueReport.objects.filter(state="issued").first()
access = PortalAccess.objects.filter(contact__customer=report.customer).select_related("user").first()
lead = User.objects.get(role="lead")
PAGES = {
    "empty page (healthz)": (lead, "/healthz"),
    **{name: (lead, reverse(name)) for name in (
        "dashboards:today", "dashboards:customers", "kvi:goals", "dashboards:feedback", "dashboards:revenue",
        "reports:reports", "dashboards:settings",
    )},
    "customer": (lead, indicator.goal.customer.get_absolute_url()),
    "indicator": (lead, indicator.get_absolute_url()),
    "report": (lead, reverse("reports:report", args=[report.public_id])),
    "portal": (access.user, reverse("dashboards:portal_home")),
}  # fmt: skip


def milliseconds(client, url):
    began = time.perf_counter()
    answer = client.get(url)
    taken = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, (url, answer.status_code)
    return taken


print(f"{'page':24} {'median':>8} {'p95':>8}  p95 ÷ {LIMIT_MS} ms  p95 ÷ empty page")
empty = None
for name, (user, url) in PAGES.items():
    client = Client()
    client.force_login(user)
    milliseconds(client, url)
    gc.collect()
    gc.freeze()  # as the server's workers do
    taken = [milliseconds(client, url) for _time in range(TIMES)]
    p95 = statistics.quantiles(taken, n=20)[-1]
    empty = empty or p95
    print(f"{name:24} {statistics.median(taken):8.1f} {p95:8.1f}  {p95 / LIMIT_MS:12.2f}  {p95 / empty:16.1f}")
