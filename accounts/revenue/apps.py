from django.apps import AppConfig


class RevenueConfig(AppConfig):
    name = "accounts.revenue"
    label = "revenue"
