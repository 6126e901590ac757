"""The embedded broker over plain files."""

import json
import threading

import pytest
from kombu import Connection, Exchange, Queue

from cs_portal.kit.broker import Transport


@pytest.fixture
def connection(tmp_path):
    folders = {"data_folder_in": tmp_path / "q", "data_folder_out": tmp_path / "q", "control_folder": tmp_path / "c"}
    options = {name: str(path) for name, path in folders.items()}
    with Connection(transport=Transport, transport_options=options) as connection:
        yield connection


def test_messages_arrive_in_order_and_leave_nothing_behind(connection, tmp_path):
    with connection.SimpleQueue("ordered") as queue:
        for number in range(3):
            queue.put({"id": number})
        received = []
        for _ in range(3):
            message = queue.get(timeout=5)
            received.append(message.payload)
            message.ack()
    assert received == [{"id": 0}, {"id": 1}, {"id": 2}]
    assert list((tmp_path / "q").iterdir()) == []


def test_a_reader_never_sees_half_a_message(connection, tmp_path):
    """The original fills a file after it has shown it: a reader in between would stumble over an empty one."""
    seen, done = [], threading.Event()

    def read():
        while not done.is_set():
            for path in (tmp_path / "q").glob("*.msg"):
                seen.append(json.loads(path.read_text()))
                path.unlink()

    with connection.SimpleQueue("whole") as queue:
        reader = threading.Thread(target=read)
        reader.start()
        for number in range(200):
            queue.put({"id": number, "padding": "x" * 5000})
        done.set()
        reader.join()
    assert len(seen) + len(list((tmp_path / "q").glob("*.msg"))) == 200


def test_binding_at_the_same_time_keeps_every_queue(connection):
    work, names = Exchange("work"), {f"queue{number}" for number in range(8)}

    def bind(name):
        with connection.clone() as own:
            Queue(name, exchange=work, routing_key=name).bind(own.channel()).declare()

    threads = [threading.Thread(target=bind, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {entry.queue for entry in connection.channel().get_table("work")} == names
