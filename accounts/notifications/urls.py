from django.urls import path

from accounts.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.all_read, name="all_read"),
    path("notifications/<uuid:public_id>/open/", views.notification_open, name="open"),
    path("notifications/<uuid:public_id>/read/", views.notification_read, name="read"),
    path("notifications/unsubscribe/<uuid:public_id>/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("settings/profile/notifications/", views.preferences, name="preferences"),
]
