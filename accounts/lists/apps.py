from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "accounts.lists"
    label = "lists"
