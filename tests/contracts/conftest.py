"""Worlds that a whole module of contracts looks at: made once, and each test takes back what it changed in them."""

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def kept_for_the_module(django_db_setup, django_db_blocker):
    """What is written before the first test stays until the last; the tests' own transactions lie within."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
