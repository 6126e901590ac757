from django.urls import path

from surveys import views

app_name = "surveys"
urlpatterns = [
    path("s/<str:token>/", views.answer, name="answer"),
    path("s/<str:token>/thanks/", views.thanks, name="thanks"),
    path("u/<uuid:public_id>/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("customers/<uuid:public_id>/ask/", views.ask, name="ask"),
    path("feedback/responses/", views.responses, name="responses"),
    path("feedback/responses.csv", views.responses_file, {"kind": "csv"}, name="responses_csv"),
    path("feedback/responses.xlsx", views.responses_file, {"kind": "xlsx"}, name="responses_xlsx"),
    path("feedback/waves/<uuid:public_id>/", views.wave_page, name="wave"),
    path("feedback/waves/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("feedback/invitations/<uuid:public_id>/renew/", views.renew, name="renew"),
]
