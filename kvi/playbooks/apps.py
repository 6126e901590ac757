from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    name = "kvi.playbooks"
    label = "playbooks"
