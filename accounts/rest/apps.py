from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "accounts.rest"
    label = "rest"
