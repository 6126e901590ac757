from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RevenueConfig(AppConfig):
    name = "accounts.revenue"
    label = "revenue"

    def ready(self) -> None:
        autodiscover_modules("currencies")
