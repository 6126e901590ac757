from importlib import import_module

from django.apps import AppConfig

from cs_portal.celery import app as celery_app

__all__ = ["PortalConfig", "celery_app"]


class PortalConfig(AppConfig):
    """The composition root: commands that span the rooms."""

    name = "cs_portal"
    label = "cs_portal"

    def ready(self) -> None:
        import_module("cs_portal.checks")
