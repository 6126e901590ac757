from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "accounts.attachments"
    label = "attachments"
