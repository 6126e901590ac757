from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "accounts.support"
    label = "support"
