from django.urls import path

from reports.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.today_page, name="today"),
    path("customers/", views.customers_page, name="customers"),
    path("customers/export.csv", views.customers_file, {"kind": "csv"}, name="customers_csv"),
    path("customers/export.xlsx", views.customers_file, {"kind": "xlsx"}, name="customers_xlsx"),
    path("customers/<uuid:public_id>/", views.customer_page, name="customer"),
    path("feedback/", views.feedback, name="feedback"),
    path("revenue/", views.revenue, name="revenue"),
    path("revenue/export.csv", views.revenue_file, {"kind": "csv"}, name="revenue_csv"),
    path("revenue/export.xlsx", views.revenue_file, {"kind": "xlsx"}, name="revenue_xlsx"),
    path("support/", views.support, name="support"),
    path("support/export.csv", views.support_file, {"kind": "csv"}, name="support_csv"),
    path("support/export.xlsx", views.support_file, {"kind": "xlsx"}, name="support_xlsx"),
    path("onboarding/", views.onboarding, name="onboarding"),
    path("onboarding/export.csv", views.onboarding_file, {"kind": "csv"}, name="onboarding_csv"),
    path("onboarding/export.xlsx", views.onboarding_file, {"kind": "xlsx"}, name="onboarding_xlsx"),
    path("insights/figures/", views.figures, name="figures"),
    path("insights/figures/<str:name>/", views.figure, name="figure"),
    path("insights/figures/<str:name>/customers.csv", views.figure_file, name="figure_csv"),
    path("search/", views.search_page, name="search"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/profile/", views.profile, name="profile"),
    path("portal/", views.portal_home, name="portal_home"),
]
