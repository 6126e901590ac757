from django.urls import path

from accounts.comments import views

app_name = "comments"
urlpatterns = [
    path("comments/<slug:kind>/<uuid:public_id>/", views.thread, name="thread"),
    path("comments/<uuid:public_id>/edit/", views.edit, name="edit"),
    path("comments/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("portal/comments/<slug:kind>/<uuid:public_id>/", views.portal_thread, name="portal_thread"),
    path("portal/comments/<uuid:public_id>/edit/", views.portal_edit, name="portal_edit"),
    path("portal/comments/<uuid:public_id>/withdraw/", views.portal_withdraw, name="portal_withdraw"),
]
