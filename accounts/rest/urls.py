from django.urls import path

from accounts.rest import views

app_name = "rest"
urlpatterns = [
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/all/", views.all_tokens, name="all_tokens"),
    path("settings/tokens/<uuid:public_id>/revoke/", views.token_revoke, name="token_revoke"),
]
