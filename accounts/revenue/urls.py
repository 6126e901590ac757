from django.urls import path

from accounts.revenue import lists, views

app_name = "money"
MONEY = "settings/money/"
RECORD = MONEY + "<slug:slug>/<uuid:public_id>/"

urlpatterns = [
    path(MONEY, views.costs, name="costs"),
    path(MONEY + "exchange-rates/", views.rates, name="rates"),
    *(
        path(f"{MONEY}{declared.name}.{kind}", views.money_file, {"declared": declared, "kind": kind}, name=name)
        for declared, page in ((lists.COSTS, "costs"), (lists.RATES, "rates"))
        for kind, name in (("csv", f"{page}_csv"), ("xlsx", f"{page}_xlsx"))
    ),
    path(MONEY + "<slug:slug>/new/", views.new, name="new"),
    path(RECORD, views.edit, name="edit"),
    path(RECORD + "archive/", views.archive, name="archive"),
    path(RECORD + "restore/", views.restore, name="restore"),
]
