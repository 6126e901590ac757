"""Addresses that belong to no one list: views, conditions, density, changes of several rows."""

from django.urls import path

from accounts.lists import views

app_name = "lists"
urlpatterns = [
    path("lists/density/", views.density, name="density"),
    path("lists/changes/<uuid:public_id>/undo/", views.bulk_undo, name="bulk_undo"),
    path("lists/views/<uuid:public_id>/", views.view_page, name="view"),
    path("lists/views/<uuid:public_id>/overwrite/", views.view_overwrite, name="view_overwrite"),
    path("lists/views/<uuid:public_id>/remove/", views.view_remove, name="view_remove"),
    path("lists/views/<uuid:public_id>/restore/", views.view_restore, name="view_restore"),
    path("lists/<slug:name>/views/", views.view_save, name="view_save"),
    path("lists/<slug:name>/conditions/", views.conditions, name="conditions"),
    path("lists/<slug:name>/change/", views.bulk, name="bulk"),
]
