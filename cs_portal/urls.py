"""All addresses. Rooms whose urls module exists are listed here once."""

from django.urls import include, path

from accounts.language import switch_language
from accounts.outbox.hooks import mail_events
from accounts.system.views import probes
from cs_portal.kit.health import alive

urlpatterns = [
    path("healthz", alive),
    path("readyz", probes.ready, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("hooks/mail/", mail_events, name="mail_events"),
    path("language/", switch_language, name="set_language"),
    path("", include("accounts.urls")),
    path("", include("accounts.lists.urls")),
    path("", include("accounts.comments.urls")),
    path("", include("accounts.attachments.urls")),
    path("", include("accounts.notifications.urls")),
    path("", include("accounts.rest.urls")),
    path("", include("accounts.records.urls")),
    path("", include("accounts.revenue.urls")),
    path("", include("accounts.system.urls")),
    path("", include("surveys.urls")),
    path("", include("kvi.urls")),
    path("", include("kvi.playbooks.urls")),
    path("", include("reports.urls")),
    path("", include("reports.dashboards.urls")),
    path("api/", include("cs_portal.api")),
]
handler400 = "cs_portal.kit.errors.bad_request"
handler403 = "cs_portal.kit.errors.permission_denied"
handler404 = "cs_portal.kit.errors.page_not_found"
handler500 = "cs_portal.kit.errors.server_error"
