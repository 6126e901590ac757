from django.urls import path

from accounts.attachments import views

app_name = "attachments"
urlpatterns = [
    path("files/<slug:kind>/<uuid:public_id>/", views.files, name="files"),
    path("files/<uuid:public_id>/", views.download, name="download"),
    path("files/<uuid:public_id>/archive/", views.archive, name="archive"),
    path("files/<uuid:public_id>/restore/", views.restore, name="restore"),
    path("portal/files/<slug:kind>/<uuid:public_id>/", views.portal_files, name="portal_files"),
    path("portal/files/<uuid:public_id>/", views.portal_download, name="portal_download"),
    path("portal/files/<uuid:public_id>/archive/", views.portal_archive, name="portal_archive"),
    path("portal/files/<uuid:public_id>/restore/", views.portal_restore, name="portal_restore"),
]
