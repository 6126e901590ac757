from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class KeyValueIndicatorsConfig(AppConfig):
    name = "kvi"
    label = "kvi"

    def ready(self) -> None:
        post_migrate.connect(import_string("kvi.changes.watch_facts"), sender=self)
