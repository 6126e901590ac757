"""What a load changes is kept as what people change is, with the load it belongs to."""

from accounts.audit.models import RecordChange
from accounts.audit.queries import history
from accounts.models import Customer

FIRST = {"customers": "external_id,name,segment\nA,Alpha,Mid\nB,Beta,Mid\n"}
SECOND = {"customers": "external_id,name,segment\nA,Alpha,SMB\nB,Beta,Mid\nC,Gamma,Mid\n"}


def test_a_load_tells_what_it_changed_and_nothing_of_what_it_did_not(load):
    load(**FIRST)
    assert not RecordChange.objects.exists()
    load(**SECOND)
    [line] = history(Customer.objects.get(external_id="A"))
    assert (line.text, [(row.label, row.old, row.new) for row in line.differences]) == (
        "The system loaded a file",
        [("Segment", "Mid", "SMB")],
    )
    assert history(Customer.objects.get(external_id="B")) == []
