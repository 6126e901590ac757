from django.urls import path

from accounts.system import views

app_name = "system"
urlpatterns = [
    path("settings/jobs/", views.jobs, name="jobs"),
    path("settings/jobs/<uuid:public_id>/cancel/", views.job_cancel, name="job_cancel"),
    path("settings/jobs/<uuid:public_id>/retry/", views.job_retry, name="job_retry"),
    path("settings/mail/", views.mail, name="mail"),
    path("settings/jobs/export.csv", views.jobs_file, {"kind": "csv"}, name="jobs_csv"),
    path("settings/jobs/export.xlsx", views.jobs_file, {"kind": "xlsx"}, name="jobs_xlsx"),
    path("settings/mail/export.csv", views.mail_file, {"kind": "csv"}, name="mail_csv"),
    path("settings/mail/export.xlsx", views.mail_file, {"kind": "xlsx"}, name="mail_xlsx"),
    path("settings/mail/<uuid:public_id>/retry/", views.mail_retry, name="mail_retry"),
    path("settings/mail/<uuid:public_id>/dismiss/", views.mail_dismiss, name="mail_dismiss"),
    path("settings/mail/suppressed/", views.suppression, name="suppression"),
    path("settings/mail/suppressed/export.csv", views.suppression_csv, name="suppression_csv"),
    path("settings/mail/suppressed/<uuid:public_id>/remove/", views.suppression_remove, name="suppression_remove"),
    path("settings/audit/", views.audit, name="audit"),
    path("settings/audit/export.csv", views.audit_csv, name="audit_csv"),
    path("settings/audit/list.csv", views.audit_file, {"kind": "csv"}, name="audit_list_csv"),
    path("settings/audit/list.xlsx", views.audit_file, {"kind": "xlsx"}, name="audit_list_xlsx"),
    path("settings/audit/check/", views.audit_check, name="audit_check"),
]
