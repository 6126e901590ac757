from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The composition root: commands that span the rooms."""

    name = "cs_portal"
    label = "cs_portal"
