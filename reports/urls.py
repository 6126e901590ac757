from django.urls import path

from reports.views import customer, staff

app_name = "reports"
urlpatterns = [
    path("reports/", staff.reports, name="reports"),
    path("reports/export.csv", staff.reports_file, {"kind": "csv"}, name="reports_csv"),
    path("reports/export.xlsx", staff.reports_file, {"kind": "xlsx"}, name="reports_xlsx"),
    path("customers/<uuid:public_id>/reports/new/", staff.report_new, name="report_new"),
    path("reports/<uuid:public_id>/", staff.report, name="report"),
    path("reports/<uuid:public_id>/comment/", staff.report_comment, name="report_comment"),
    path("reports/<uuid:public_id>/file/", staff.report_file, name="report_file"),
    path("reports/<uuid:public_id>/retry/", staff.report_retry, name="report_retry"),
    path("reports/<uuid:public_id>/do/<slug:verb>/", staff.report_act, name="report_act"),
    path("portal/reports/", customer.portal_reports, name="portal_reports"),
    path("portal/reports/<uuid:public_id>/", customer.portal_report, name="portal_report"),
    path("portal/reports/<uuid:public_id>/release/", customer.portal_release, name="portal_release"),
    path("portal/reports/<uuid:public_id>/file/", customer.portal_file, name="portal_file"),
]
