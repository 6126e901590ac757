from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "accounts.onboarding"
    label = "onboarding"
