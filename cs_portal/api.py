"""The REST interface: one router under /api/v1/, its schema and its documentation."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accounts.api import ContactViewSet, CustomerViewSet, UserGroupViewSet
from accounts.attachments.api import AttachmentViewSet
from accounts.records.api import ENDPOINTS
from accounts.revenue.api import ExchangeRateViewSet
from kvi.api.goals import GoalViewSet
from kvi.api.indicators import IndicatorViewSet
from kvi.api.measurements import MeasurementViewSet
from kvi.api.metrics import MetricsView
from kvi.playbooks.api import FollowUpViewSet
from reports.api import ReportViewSet
from surveys.api import InvitationViewSet, WaveViewSet

router = SimpleRouter(use_regex_path=False)
router.register("customers", CustomerViewSet, basename="api-customer")
router.register("user-groups", UserGroupViewSet, basename="api-user-group")
router.register("contacts", ContactViewSet, basename="api-contact")
for slug, endpoint in ENDPOINTS.items():
    router.register(slug, endpoint, basename=f"api-{slug.removesuffix('s')}")
router.register("exchange-rates", ExchangeRateViewSet, basename="api-exchange-rate")
router.register("attachments", AttachmentViewSet, basename="api-attachment")
router.register("goals", GoalViewSet, basename="api-goal")
router.register("indicators", IndicatorViewSet, basename="api-indicator")
router.register("measurements", MeasurementViewSet, basename="api-measurement")
router.register("follow-ups", FollowUpViewSet, basename="api-follow-up")
router.register("waves", WaveViewSet, basename="api-wave")
router.register("invitations", InvitationViewSet, basename="api-invitation")
router.register("reports", ReportViewSet, basename="api-report")

urlpatterns = [
    path("v1/metrics/", MetricsView.as_view(), name="api-metrics"),
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # the page without inline script, which our Content-Security-Policy refuses
    path("docs/", login_required(SpectacularSwaggerSplitView.as_view(url_name="schema")), name="docs"),
]
