from django.urls import URLPattern

app_name = "kvi"
urlpatterns: list[URLPattern] = []
