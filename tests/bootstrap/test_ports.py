"""The web server's port."""

import socket

import pytest

from cs_bootstrap.ports import free_port
from cs_bootstrap.progress import Failure


def test_a_taken_port_is_passed_over_unless_it_was_asked_for():
    with free_port(None) as port:
        pass
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with free_port(None) as other:
            assert other != port
        with pytest.raises(Failure, match=f"Port {port} is taken"), free_port(port):
            pass


def test_two_that_start_at_once_get_a_port_each_though_nobody_listens_yet():
    with free_port(None) as first, free_port(None) as second:
        assert first != second
        with pytest.raises(Failure, match=f"Port {first} is taken"), free_port(first):
            pass
    with free_port(first) as again:
        assert again == first


def test_while_it_is_held_the_web_server_can_take_it():
    with free_port(None) as port, socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", port))
        server.listen()
