from django.apps import AppConfig


class KeyValueIndicatorsConfig(AppConfig):
    name = "kvi"
    label = "kvi"
