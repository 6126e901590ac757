"""Addresses of the follow-ups."""

from django.urls import path, re_path

from kvi.playbooks import views
from kvi.urls import UUID, verbs

app_name = "playbooks"
urlpatterns = [
    path("follow-ups/", views.follow_ups, name="follow_ups"),
    path("follow-ups/export.csv", views.follow_ups_file, {"kind": "csv"}, name="follow_ups_csv"),
    path("follow-ups/export.xlsx", views.follow_ups_file, {"kind": "xlsx"}, name="follow_ups_xlsx"),
    path("customers/<uuid:public_id>/follow-ups/new/", views.follow_up_new, name="follow_up_new"),
    path("follow-ups/<uuid:public_id>/", views.follow_up, name="follow_up"),
    re_path(
        verbs(f"follow-ups/(?P<public_id>{UUID})/", "close|cancel|snooze|assign|reopen"),
        views.follow_up_act,
        name="follow_up_act",
    ),
]
