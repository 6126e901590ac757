"""What every list offers, seen on the customers: columns, order, density, files, conditions, views, changes at once."""

import csv
import io
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.lists.models import BulkChange, SavedView
from accounts.models import Customer, Role
from cs_portal.kit.lists.conditions import LONGEST, MOST
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_team, make_user

pytestmark = pytest.mark.django_db
LIST, CSV, XLSX = "/customers/", "/customers/export.csv", "/customers/export.xlsx"
EDITOR, BULK, VIEWS = "/lists/customers/conditions/", "/lists/customers/change/", "/lists/customers/views/"


@pytest.fixture
def world():
    team = make_team()
    people = {
        "owner": make_user(Role.CSM, teams=(team,), name="Ada Berg"),
        "colleague": make_user(Role.CSM, teams=(team,), name="Ben Colm"),
        "stranger": make_user(Role.CSM, teams=(make_team(),), name="Cleo Dorn"),
        **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
    }
    customers = {
        "Nord": make_customer(name="Nord", segment="Mid", phase="onboarding", owner=people["owner"]),
        "Süd": make_customer(name="Süd", segment="Mid", phase="retention", owner=people["owner"]),
        "West": make_customer(name="West", segment="", phase="", owner=people["owner"]),
        "Canary": make_customer(name="Canary", segment="Foreign", phase="retention", owner=people["stranger"]),
    }
    return people, customers


@pytest.fixture
def as_(client, world):
    def login(who):
        client.force_login(world[0][who])
        return client

    return login


def names(page):
    assert page.status_code == 200, page.status_code
    return [row.record.name for row in page.context["table"].paginated_rows]


def text(page):
    return page.content.decode()


def said(page):
    return " ".join(str(message) for message in page.context["messages"])


def lines(file):
    return list(csv.reader(io.StringIO(text(file), newline="")))


def sheet(file):
    return openpyxl.load_workbook(io.BytesIO(file.content)).active


# --- columns, order, density, pages ---------------------------------------------------------------------


def test_columns_are_chosen_in_the_url_and_unknown_ones_are_none(as_):
    browser = as_("owner")
    page = browser.get(LIST, {"columns": "country,phase,owner__password"})
    assert [column.name for column in page.context["table"].columns] == ["name", "phase", "country"]
    usual = [column.name for column in browser.get(LIST, {"columns": "password"}).context["table"].columns]
    assert usual == ["name", "segment", "phase", "owner", "mrr", "goals", "attainment", "nps"]
    assert 'name="columns" value="mrr"' in text(page)


@pytest.mark.parametrize("order", ["owner__password", "-password", "name,-,--name", "nonsense"])
def test_a_list_is_sorted_by_its_columns_and_nothing_else(as_, order):
    assert names(as_("owner").get(LIST, {"sort": order})) == ["Nord", "Süd", "West"]


def test_a_list_is_sorted_both_ways_and_by_numbers(as_):
    browser = as_("owner")
    assert names(browser.get(LIST, {"sort": "-name"})) == ["West", "Süd", "Nord"]
    assert names(browser.get(LIST, {"sort": "-segment,-name"})) == ["Süd", "Nord", "West"]
    assert names(browser.get(LIST, {"sort": "-mrr"})) == ["Nord", "Süd", "West"]


def test_density_is_remembered_for_the_person(as_, client):
    browser = as_("owner")
    assert "list-compact" not in text(browser.get(LIST))
    answer = browser.post("/lists/density/", {"list": "customers", "density": "compact", "query": "segment=Mid&x=1"})
    assert answer.url == "/customers/?segment=Mid"
    assert "list-compact" in text(browser.get(LIST))
    assert "list-compact" not in text(as_("lead").get(LIST))
    assert browser.post("/lists/density/", {"list": "customers", "density": "tiny"}).status_code == 302


def test_the_way_through_the_pages_ends(as_, world):
    for number in range(25):
        make_customer(name=f"A{number:02}", owner=world[0]["owner"])
    browser = as_("owner")
    assert names(browser.get(LIST, {"page": "2"})) == ["Nord", "Süd", "West"]
    for page in ("99", "9" * 30, "-1", "x", "0"):
        assert names(browser.get(LIST, {"page": page})), page


def test_an_empty_list_says_what_to_do(client, as_):
    client.force_login(make_user(Role.CSM))
    assert "There are no customers here yet" in text(client.get(LIST))
    assert "Nothing fits this filter" in text(as_("owner").get(LIST, {"q": "zzz"}))


@pytest.mark.parametrize("url", [LIST, CSV, XLSX, LIST + '?where=["segment","is","Mid"]'])
def test_a_list_asks_the_database_as_often_for_thirty_rows_as_for_one(
    as_, world, url, django_assert_num_queries, django_assert_max_num_queries
):
    browser = as_("owner")
    Customer.objects.exclude(name="Nord").delete()
    browser.get(url)
    with django_assert_max_num_queries(60) as few:
        browser.get(url)
    for _more in range(29):
        make_customer(segment="Mid", owner=world[0]["colleague"])
    browser.get(url)  # what is measured once is remembered
    with django_assert_num_queries(len(few)):
        browser.get(url)


# --- files ----------------------------------------------------------------------------------------------


def test_files_hold_exactly_what_is_shown(as_):
    query = {"segment": "Mid", "sort": "-name", "columns": "phase,number"}
    rows = lines(as_("owner").get(CSV, query))
    assert [row[:2] for row in rows] == [["Customer", "Phase"], ["Süd", "Retention"], ["Nord", "Onboarding"]]
    book = sheet(as_("owner").get(XLSX, query))
    assert [[cell.value for cell in row[:2]] for row in book.iter_rows()] == [row[:2] for row in rows]
    assert book.title == "Customers"
    kept = AuditEntry.objects.filter(verb="export.made").order_by("pk").values_list("details", flat=True)
    assert [(one["rows"], one.get("format")) for one in kept] == [(2, None), (2, "xlsx")]


def test_a_spreadsheet_runs_nothing_and_knows_days_and_numbers(as_, world):
    Customer.objects.filter(name="Nord").update(name="=1+1\x0b", onboarding_start="2026-03-01")
    query = {"q": "1", "columns": "onboarding,goals"}
    book = sheet(as_("owner").get(XLSX, query))
    cells = {book.cell(1, place).value: book.cell(2, place) for place in (1, 2, 3)}
    assert (cells["Customer"].value, cells["Customer"].data_type) == ("'=1+1", "s")
    assert cells["Onboarding since"].is_date
    assert (cells["Agreed goals"].value, cells["Agreed goals"].data_type) == (0, "n")
    assert lines(as_("owner").get(CSV, query))[1] == ["'=1+1\x0b", "0", "2026-03-01"]


def test_who_may_not_export_gets_no_file_and_no_offer(as_):
    browser = as_("viewer")
    assert [browser.get(url).status_code for url in (CSV, XLSX)] == [403, 403]
    assert "export.csv" not in text(browser.get(LIST))


# --- conditions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('["segment","is","Mid"]', ["Nord", "Süd"]),
        ('["segment","isnt","Mid"]', ["West"]),
        ('["segment","empty"]', ["West"]),
        ('["and",["segment","is","Mid"],["phase","is","retention"]]', ["Süd"]),
        ('["or",["phase","is","onboarding"],["segment","empty"]]', ["Nord", "West"]),
        ('["not",["phase","is","onboarding"],["segment","empty"]]', ["Süd"]),
        ('["and",["segment","filled"],["not",["or",["name","contains","SUD"],["name","is","x"]]]]', ["Nord"]),
        ('["owner","is","me"]', ["Nord", "Süd", "West"]),
        ('["owner","isnt","me"]', []),
        ('["onboarding","from","2026-01-01"]', []),
        ('["segment","is","Foreign"]', []),
    ],
)
def test_conditions_nest_and_never_reach_beyond_the_gate(as_, where, found):
    assert names(as_("owner").get(LIST, {"where": where})) == found
    assert [row[0] for row in lines(as_("owner").get(CSV, {"where": where}))[1:]] == found


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ('["password","is","x"]', "There is no field “password”"),
        ('["owner__password","contains","a"]', "There is no field “owner__password”"),
        ('["segment","regex","x"]', "cannot be compared with “regex”"),
        ('["segment","is"]', "to what “Segment” is compared"),
        ('["onboarding","on","2026-02-30"]', "is no value of “Onboarding since”"),
        ('["owner","is","1"]', "is no value of “Owner”"),
        ('["and"]', "cannot be read"),
        ("[" * 40, "too deeply nested"),
        ("x" * (LONGEST + 1), "too long"),
        ("{}", "cannot be read"),
        ('["segment","is",{"a":1}]', "cannot be read"),
        ("[1]", "cannot be read"),
        ("nonsense", "cannot be read"),
        ('["and"' + ',["segment","empty"]' * (MOST + 1) + "]", "at most 20"),
        ('["segment","is","a\\u0000b"]', "to what “Segment” is compared"),
        ('["and",["segment","is","Mid"],["nope","is","x"]]', "There is no field “nope”"),
    ],
)
def test_a_condition_that_cannot_be_read_finds_nothing_and_says_why(as_, where, says):
    page = as_("owner").get(LIST, {"where": where})
    assert (names(page), says in text(page)) == ([], True)


def test_the_editor_builds_conditions_without_javascript(as_):
    browser = as_("owner")
    page = browser.get(EDITOR, {"where": '["segment","is","Mid"]', "sort": "-name"})
    assert ('name="field:r.0" value="segment"' in text(page), "Foreign" in text(page)) == (True, False)
    form = {"query": "sort=-name", "op:r": "and", "field:r.0": "segment", "operator:r.0": "is", "value:r.0": "Mid"}
    nested = browser.post(EDITOR, form | {"nest": "r"})
    assert 'name="op:r.1"' in text(nested)
    form |= {"op:r.1": "not"}
    added = text(browser.post(EDITOR, form | {"add": "r.1", "new:r.1": "phase"}))
    assert 'name="field:r.1.0" value="phase"' in added
    form |= {"field:r.1.0": "phase", "operator:r.1.0": "is", "value:r.1.0": ""}
    assert "to what “Phase” is compared" in text(browser.post(EDITOR, form | {"apply": "1"}))
    done = browser.post(EDITOR, form | {"value:r.1.0": "retention", "apply": "1"})
    assert names(browser.get(done.url)) == ["Nord"]
    assert "Only where Segment is Mid and (none of: Phase is Retention)" in text(browser.get(done.url))
    dropped = browser.post(EDITOR, form | {"drop": "r.1.0"})
    assert 'name="field:r.1.0"' not in text(dropped)
    assert browser.post(EDITOR, {"query": "sort=-name", "op:r": "or", "apply": "1"}).url == "/customers/?sort=-name"


# --- views ----------------------------------------------------------------------------------------------


def save(browser, name="Mine", **more):
    return browser.post(VIEWS, {"name": name, "query": "segment=Mid&page=7&evil=1", **more})


def test_a_view_keeps_what_the_list_shows_and_nothing_else(as_, world):
    browser = as_("owner")
    answer = save(browser)
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared, view.owner) == ("Mine", "segment=Mid", False, world[0]["owner"])
    assert names(browser.get(answer.url)) == ["Nord", "Süd"]
    assert [save(browser, name).status_code for name in ("mine", "", "x" * 81, "a\x00b")] == [422] * 4
    url = f"/lists/views/{view.public_id}/"
    assert browser.post(url + "overwrite/", {"query": "phase=retention"}).status_code == 302
    assert browser.post(url, {"name": "Late", "shared": "on"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.query, view.is_shared) == ("Late", "phase=retention", True)
    assert "Bring it back" in text(browser.post(url + "remove/"))
    assert "Late" not in text(browser.get(LIST))
    assert browser.post(url + "restore/").status_code == 302
    assert "Late" in text(browser.get(LIST))
    assert AuditEntry.objects.filter(verb__startswith="view.").count() == 5


def test_a_shared_view_shows_everybody_their_own_rows(as_, world):
    url = save(as_("lead"), shared="on").url
    assert names(as_("lead").get("/customers/?where=" + '["segment","filled"]')) == ["Canary", "Nord", "Süd"]
    view = SavedView.objects.get()
    view.query = "columns=owner"
    view.save()
    assert "Mine" in text(as_("stranger").get(LIST))
    assert names(as_("stranger").get(f"/customers/?{view.query}&view={view.public_id}")) == ["Canary"]
    assert names(as_("stranger").get(url)) == []


def test_views_of_others_are_not_there(as_):
    save(as_("owner"))
    url = f"/lists/views/{SavedView.objects.get().public_id}/"
    for who in ("colleague", "admin"):
        browser = as_(who)
        assert browser.get(LIST).context["views"] == []
        assert [browser.get(url).status_code, browser.post(url + "remove/").status_code] == [404, 404]
    SavedView.objects.update(is_shared=True)
    assert (as_("colleague").get(url).status_code, as_("admin").get(url).status_code) == (404, 200)


def test_a_viewer_keeps_views_but_shares_none(as_):
    browser = as_("viewer")
    assert save(browser).status_code == 302
    assert save(browser, "Ours", shared="on").status_code == 403
    view = SavedView.objects.get()
    assert browser.post(f"/lists/views/{view.public_id}/", {"name": "Mine", "shared": "on"}).status_code == 403
    view.refresh_from_db()
    assert view.is_shared is False


def test_contacts_and_strangers_find_no_lists(client, world):
    access = make_portal_access(make_contact(world[1]["Nord"]))
    client.force_login(access.user)
    assert [client.get(EDITOR).status_code, save(client).status_code] == [404, 404]
    client.logout()
    assert [client.get(EDITOR).status_code, save(client).status_code] == [302, 302]
    client.force_login(world[0]["owner"])
    assert client.get("/lists/nonsense/conditions/").status_code == 404


# --- several rows at once -------------------------------------------------------------------------------


def change(browser, rows, *, step="change", **values):
    ids = ",".join(str(row.public_id) for row in rows)
    return browser.post(BULK, {"action": "owner", "row": ids, "step": step, **values})


def owners():
    return dict(Customer.objects.values_list("name", "owner__name"))


def test_owners_change_after_a_preview_and_can_be_given_back(as_, world):
    people, customers = world
    browser, rows = as_("lead"), [customers["Nord"], customers["West"]]
    page = browser.post(BULK, {"action": "owner", "row": [str(row.public_id) for row in rows]})
    assert ("2 rows are chosen" in text(page), "Ada Berg" in text(page), "West" in text(page)) == (True, True, True)
    preview = change(browser, rows, step="preview", owner=people["stranger"].public_id)
    assert ("Change 2 rows" in text(preview), "Cleo Dorn" in text(preview)) == (True, True)
    assert owners()["Nord"] == "Ada Berg"
    done = change(browser, rows, owner=people["stranger"].public_id)
    assert [owners()[name] for name in ("Nord", "Süd", "West")] == ["Cleo Dorn", "Ada Berg", "Cleo Dorn"]
    assert "2 rows are changed" in text(browser.get(done.url))
    Customer.objects.filter(name="West").update(owner=people["colleague"])
    undo = BulkChange.objects.get().get_absolute_url()
    after = browser.post(undo, follow=True)
    assert said(after) == "1 row is as it was before. 1 row was changed since and stays."
    assert [owners()[name] for name in ("Nord", "West")] == ["Ada Berg", "Ben Colm"]
    assert browser.post(undo).status_code == 404
    assert AuditEntry.objects.filter(verb="customer.owner_changed").count() == 3


def test_all_that_the_list_finds_can_be_chosen(as_, world):
    people, _customers = world
    found = {"action": "owner", "everything": "1", "query": "segment=Mid", "step": "change"}
    as_("admin").post(BULK, found | {"owner": people["stranger"].public_id})
    assert [owners()[name] for name in ("Nord", "Süd", "West")] == ["Cleo Dorn", "Cleo Dorn", "Ada Berg"]


def test_a_foreign_id_refuses_the_whole(as_, world):
    people, customers = world
    for wrong in (str(uuid4()), "nonsense", "1"):
        rows = f"{customers['Nord'].public_id},{wrong}"
        data = {"action": "owner", "row": rows, "step": "change", "owner": people["stranger"].public_id}
        assert as_("lead").post(BULK, data).status_code == 404
    assert owners()["Nord"] == "Ada Berg"


@pytest.mark.parametrize("who", ["owner", "colleague", "analyst", "viewer"])
def test_who_may_not_change_owners_changes_none(as_, world, who):
    people, customers = world
    answer = change(as_(who), [customers["Nord"]], owner=people["colleague"].public_id)
    assert (answer.status_code, owners()["Nord"], BulkChange.objects.count()) == (302, "Ada Berg", 0)
    assert 'name="row"' not in text(as_(who).get(LIST))


@pytest.mark.parametrize("owner", ["", "x", "viewer"])
def test_a_wrong_choice_is_said_at_the_field(as_, world, owner):
    people, customers = world
    chosen = people[owner].public_id if owner in people else owner
    page = change(as_("lead"), [customers["Nord"]], owner=chosen)
    assert (page.status_code, "invalid-feedback" in text(page), owners()["Nord"]) == (422, True, "Ada Berg")


def test_only_whoever_changed_takes_it_back(as_, world):
    people, customers = world
    change(as_("lead"), [customers["Nord"]], owner=people["stranger"].public_id)
    assert as_("admin").post(BulkChange.objects.get().get_absolute_url()).status_code == 404
    assert owners()["Nord"] == "Cleo Dorn"


def test_lists_speak_german(as_, world):
    people, _customers = world
    people["lead"].language = "de"
    people["lead"].save()
    page = text(as_("lead").get(LIST, {"where": '["segment","is","Mid"]'}))
    assert ("Nur wo Segment ist Mid" in page, "Spalten" in page, "Ansichten" in page) == (True, True, True)
    assert reverse("dashboards:customers_csv") in page
