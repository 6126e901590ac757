from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "kvi.health"
    label = "health"
