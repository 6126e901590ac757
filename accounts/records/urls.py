from django.urls import path

from accounts.records import views

app_name = "records"
DATA = "customers/<uuid:public_id>/data/"
RECORDS = DATA + "<slug:slug>/"
RECORD = RECORDS + "<uuid:record_id>/"

urlpatterns = [
    path("customers/new/", views.customer_new, name="customer_new"),
    path("customers/archived/", views.archived_customers_page, name="archived_customers"),
    path("customers/<uuid:public_id>/edit/", views.customer_edit, name="customer_edit"),
    path("customers/<uuid:public_id>/archive/", views.customer_archive, name="customer_archive"),
    path("customers/<uuid:public_id>/restore/", views.customer_restore, name="customer_restore"),
    path("customers/<uuid:public_id>/merge/", views.customer_merge, name="customer_merge"),
    path(DATA + "contacts/<uuid:record_id>/merge/", views.contact_merge, name="contact_merge"),
    path("settings/custom-fields/", views.custom_fields, name="custom_fields"),
    path("settings/custom-fields/new/", views.custom_field_new, name="custom_field_new"),
    path("settings/custom-fields/<uuid:public_id>/", views.custom_field_edit, name="custom_field"),
    path("settings/custom-fields/<uuid:public_id>/archive/", views.custom_field_archive, name="custom_field_archive"),
    path("settings/custom-fields/<uuid:public_id>/restore/", views.custom_field_restore, name="custom_field_restore"),
    path(DATA, views.customer_data, name="data"),
    path(RECORDS, views.records_page, name="records"),
    path(RECORDS + "new/", views.record_new, name="new"),
    path(RECORD, views.record_edit, name="edit"),
    path(RECORD + "archive/", views.record_archive, name="archive"),
    path(RECORD + "restore/", views.record_restore, name="restore"),
]
