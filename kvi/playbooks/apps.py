from django.apps import AppConfig
from django.utils.module_loading import import_module


class PlaybooksConfig(AppConfig):
    name = "kvi.playbooks"
    label = "playbooks"

    def ready(self) -> None:
        import_module("kvi.playbooks.receivers")
