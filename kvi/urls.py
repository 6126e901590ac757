"""Addresses of goals and indicators, for colleagues and in the portal."""

from django.urls import path, re_path

from kvi.views import customer, portfolio, staff

app_name = "kvi"
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def verbs(route: str, names: str) -> str:
    """A route with one of some verbs at its end; any other is 404."""
    return f"^{route}(?P<verb>{names})/$"


urlpatterns = [
    path("goals/", portfolio.goals, name="goals"),
    path("goals/export.csv", portfolio.goals_file, {"kind": "csv"}, name="goals_csv"),
    path("goals/export.xlsx", portfolio.goals_file, {"kind": "xlsx"}, name="goals_xlsx"),
    path("customers/<uuid:public_id>/goals/new/", staff.goal_new, name="goal_new"),
    path("goals/<uuid:public_id>/", staff.goal, name="goal"),
    path("goals/<uuid:public_id>/edit/", staff.goal_edit, name="goal_edit"),
    re_path(verbs(f"goals/(?P<public_id>{UUID})/", "achieve|retire|still|changed"), staff.goal_act, name="goal_act"),
    path("goals/<uuid:public_id>/kvis/new/", staff.indicator_new, name="indicator_new"),
    path("kvis/<uuid:public_id>/", staff.indicator, name="indicator"),
    path("kvis/<uuid:public_id>/define/", staff.version_new, name="version_new"),
    path("kvis/<uuid:public_id>/measure/", staff.measure, name="measure"),
    path("kvis/<uuid:public_id>/<int:number>/propose/", staff.propose, name="propose"),
    path("kvis/<uuid:public_id>/<int:number>/counter/", staff.counter, name="counter"),
    path("kvis/<uuid:public_id>/<int:number>/record/", staff.record_agreement, name="record_agreement"),
    re_path(
        verbs(f"kvis/(?P<public_id>{UUID})/(?P<number>[0-9]{{1,6}})/", "accept|withdraw|decline|retire|remind"),
        staff.version_act,
        name="version_act",
    ),
    path("portal/goals/<uuid:public_id>/", customer.goal, name="portal_goal"),
    path("portal/goals/<uuid:public_id>/propose/", customer.propose, name="portal_propose"),
    path("portal/kvis/<uuid:public_id>/", customer.indicator, name="portal_indicator"),
    path("portal/kvis/<uuid:public_id>/measure/", customer.measure, name="portal_measure"),
    path("portal/kvis/<uuid:public_id>/<int:number>/counter/", customer.counter, name="portal_counter"),
    re_path(
        verbs(f"portal/kvis/(?P<public_id>{UUID})/(?P<number>[0-9]{{1,6}})/", "accept|withdraw|decline"),
        customer.version_act,
        name="portal_version_act",
    ),
    re_path(
        verbs(
            f"portal/kvis/(?P<public_id>{UUID})/measurements/(?P<measurement_id>{UUID})/", "confirm|dispute|undispute"
        ),
        customer.measurement_act,
        name="portal_measurement_act",
    ),
]
