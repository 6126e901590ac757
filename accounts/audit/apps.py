from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules, import_string


class AuditConfig(AppConfig):
    name = "accounts.audit"
    label = "audit"

    def ready(self) -> None:
        autodiscover_modules("receivers", "history")
        post_migrate.connect(import_string("accounts.audit.keeping.watch_records"), sender=self)
