"""Logging in and out is allauth's; only the pages we offer are routed."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.account.urls"))]
