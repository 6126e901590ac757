"""What a known key does, what refers to what, and what no import changes (metrics.md, section 15 rules 4 to 8)."""

import hashlib

from accounts.audit.models import AuditEntry
from accounts.integrations.models import LoadRun
from accounts.integrations.services import load_directory
from accounts.models import Contact, Customer, PortalAccess
from kvi.models import Agreement, Goal, IndicatorVersion, Measurement
from surveys.models import Survey
from tests.factories.accounts import make_customer, make_portal_access, make_user
from tests.factories.facts import make_goal, make_indicator, make_measurement

CUSTOMERS = "external_id,name\nA,Alpha\nB,Beta\n"
GROUPS = "external_id,customer,name\nG,A,g\n"


def counts(loaded, file):
    return next(line for line in loaded.out if line.startswith(file)).split(" ", 1)[1]


def test_present_columns_overwrite_null_included_and_absent_ones_are_left_alone(load):
    def stored():
        return Customer.objects.values_list("name", "segment", "is_test").get()

    load(customers="external_id,name,segment,is_test\nA,Alpha,SMB,true\n")
    same = load(customers="external_id,name\nA,Alpha\n")
    assert (counts(same, "customers"), stored()) == (
        "created=0 updated=0 unchanged=1 rejected=0",
        ("Alpha", "SMB", True),
    )
    emptied = load(customers="external_id,name,segment,is_test\nA,Alfa,,\n")
    assert (counts(emptied, "customers"), stored()) == (
        "created=0 updated=1 unchanged=0 rejected=0",
        ("Alfa", "", False),
    )


def test_nothing_is_deleted(load):
    load(customers=CUSTOMERS)
    load(customers="external_id,name\nC,Gamma\n")
    assert set(Customer.objects.values_list("external_id", flat=True)) == {"A", "B", "C"}


def test_a_row_rule_sees_what_is_stored_where_the_file_is_silent(load):
    load(customers="external_id,name,billing_overdue_days,billing_as_of\nA,a,3,2024-01-01\n")
    loaded = load(customers="external_id,name,billing_as_of\nA,a,\n")
    assert loaded.err == ['customers.csv:2:billing_as_of:missing_value: ""']


def test_a_stored_row_never_changes_its_parent(load):
    load(
        customers=CUSTOMERS,
        user_groups=GROUPS,
        contacts="external_id,customer\nP,A\n",
        subscriptions="external_id,customer,start_date,mrr,currency\nS,A,2024-01-01,1,EUR\n",
        survey_invitations="external_id,survey,kind,customer,sent_at\nI,V,nps,A,2024-01-01\n",
        survey_responses="external_id,survey,kind,customer,answered_at\nR,V,nps,A,2024-01-01\n",
        goals="external_id,customer,scope,name,start_date\nO,A,collective,n,2024-01-01\n",
    )
    moved = load(
        user_groups="external_id,customer,name\nG,B,\n",
        contacts="external_id,customer\nP,B\n",
        subscriptions="external_id,customer,start_date,mrr,currency\nS,B,x,1,EUR\n",
        survey_invitations="external_id,survey,kind,customer,sent_at\nI,V2,nps,B,2024-01-01\n",
        survey_responses="external_id,survey,kind,customer,answered_at\nR,V,nps,,2024-01-01\n",
        goals="external_id,customer,scope,name,start_date\nO,B,collective,n,2024-01-01\n",
    )
    assert moved.err == [
        'user_groups.csv:2:customer:conflict: "B"',
        'contacts.csv:2:customer:conflict: "B"',
        'subscriptions.csv:2:customer:conflict: "B"',
        'survey_invitations.csv:2:survey:conflict: "V2"',
        'survey_responses.csv:2:customer:conflict: ""',
        'goals.csv:2:customer:conflict: "B"',
    ]
    assert not Survey.objects.filter(external_id="V2").exists()


def test_a_reference_finds_rows_accepted_in_this_load_and_not_rejected_ones(load):
    loaded = load(
        customers="external_id,name\nA,Alpha\nB,\n",
        user_groups="external_id,customer,name\nGA,A,g\nGB,B,g\n",
        contacts="external_id,customer,user_group\nP,A,GA\nQ,A,GB\n",
    )
    assert loaded.err == [
        'customers.csv:3:name:missing_value: ""',
        'user_groups.csv:3:customer:unknown_reference: "B"',
        'contacts.csv:3:user_group:unknown_reference: "GB"',
    ]


def test_a_key_is_used_by_the_first_accepted_row_and_tested_between_columns_and_row_rules(load):
    rows = ("A,,", "A,x,5", "A,x,", "A,y,5", "A,y,z", "A,z,")
    loaded = load(customers="external_id,name,billing_overdue_days\n" + "\n".join(rows))
    assert loaded.err == [
        'customers.csv:2:name:missing_value: ""',
        'customers.csv:3:billing_as_of:missing_value: ""',
        'customers.csv:5:external_id:duplicate_key: "A"',
        'customers.csv:6:billing_overdue_days:bad_value: "z"',
        'customers.csv:7:external_id:duplicate_key: "A"',
    ]
    assert Customer.objects.get().name == "x"


def test_the_owner_is_a_colleague_by_address_and_any_other_text_stays_text(load):
    anna = make_user(email="anna@vendor.example")
    portal_user = make_portal_access().user
    texts = ["Anna@Vendor.example", portal_user.email, f"\x01{anna.pk}", "\x01x", f"user {anna.pk}", "user x", ""]
    text = "external_id,name,owner\n" + "".join(f"K{number},n,{owner}\n" for number, owner in enumerate(texts))
    load(customers=text)
    stored = Customer.objects.filter(external_id__startswith="K").order_by("external_id")
    assert list(stored.values_list("owner", "owner_text")) == [(anna.pk, ""), *((None, owner) for owner in texts[1:])]
    assert counts(load(customers=text), "customers") == "created=0 updated=0 unchanged=7 rejected=0"


def test_an_import_gives_nobody_access_and_a_new_address_takes_it(load):
    from accounts.access import live_accesses

    access = make_portal_access()
    contact, customer = access.contact, access.contact.customer
    load(
        contacts=f"external_id,customer,email,role\n{contact.external_id},{customer.external_id},new@b.example,admin\n"
    )
    assert list(PortalAccess.objects.all()) == [access]
    assert Contact.objects.get().email == "new@b.example"
    assert not live_accesses(access.user).exists()


KVI = "external_id,goal,valid_from,agreed_on,name,kind,direction,baseline,target\n"
AGREED_KVI = f"{KVI}K,O,2024-01-01,2024-01-01,n,quantitative,increase,1,2\n"


def test_an_imported_agreement_says_so_with_user_and_file_and_is_no_signature(load, tmp_path):
    make_goal(external_id="O", state=Goal.State.DRAFT)
    admin = make_user("admin")
    (tmp_path / "kvis.csv").write_text(AGREED_KVI)
    load_directory(tmp_path, by=admin)
    version = IndicatorVersion.objects.select_related("load_run").get()
    digest = hashlib.sha256(AGREED_KVI.encode()).hexdigest()
    assert (version.state, version.provenance) == ("agreed", "imported")
    assert (version.load_run.by, version.load_run.file, version.load_run.file_hash) == (admin, "kvis.csv", digest)
    assert not Agreement.objects.exists()


def test_only_an_administrator_loads_agreements_and_confirmations(db, tmp_path):
    make_goal(external_id="O")
    make_indicator(external_id="K2")
    (tmp_path / "kvis.csv").write_text(AGREED_KVI)
    (tmp_path / "kvi_measurements.csv").write_text("external_id,kvi,date,value,status\nM,K2,2024-02-01,5,confirmed\n")
    outcome = load_directory(tmp_path, by=make_user("lead"))
    found = [(finding.line, finding.column, finding.code) for file in outcome.files for finding in file.findings]
    assert found == [(2, "agreed_on", "conflict"), (2, "status", "conflict")]
    assert not Measurement.objects.exists()


def test_a_measurement_touched_in_the_portal_takes_no_change(load):
    measurement = make_measurement(make_indicator(external_id="K"), "2024-02-01", 5, external_id="M", comment="so")
    Measurement.objects.update(touched_in_app=True)
    head = "external_id,kvi,date,value"
    assert counts(load(kvi_measurements=f"{head}\nM,K,2024-02-01,5.0\n"), "kvi") == (
        "created=0 updated=0 unchanged=1 rejected=0"
    )
    for text, problem in {
        f"{head}\nM,K,2024-02-01,6\n": 'value:conflict: "6"',
        f"{head},comment\nM,K,2024-02-01,5,\n": 'comment:conflict: ""',
        f"{head},status\nM,K,2024-02-01,5,confirmed\n": 'status:conflict: "confirmed"',
        f"{head}\nM,K,2024-02-02,6\n": 'date:conflict: "2024-02-02"',
    }.items():
        assert load(kvi_measurements=text).err == [f"kvi_measurements.csv:2:{problem}"]
    assert Measurement.objects.get() == measurement
    assert Measurement.objects.values_list("value", "comment", "status").get() == (5, "so", "unconfirmed")


def test_a_goal_is_retired_from_its_day_on(load):
    make_customer(external_id="A")
    head = "external_id,customer,scope,name,start_date,retired_on"
    load(goals=f"{head}\nO1,A,collective,n,2024-01-01,2024-06-01\nO2,A,collective,n,2024-01-01,2199-01-01\n")
    assert list(Goal.objects.order_by("external_id").values_list("state", flat=True)) == ["retired", "draft"]


def test_each_file_leaves_a_run_and_an_audit_entry(load):
    load(customers=CUSTOMERS, user_groups=GROUPS)
    assert list(LoadRun.objects.order_by("pk").values_list("file", "created")) == [
        ("customers.csv", 2),
        ("user_groups.csv", 1),
    ]
    assert AuditEntry.objects.filter(verb="file.loaded").count() == 2
