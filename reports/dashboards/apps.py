from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DashboardsConfig(AppConfig):
    name = "reports.dashboards"
    label = "dashboards"

    def ready(self) -> None:
        autodiscover_modules("search")
