"""Two administrators who close the door on each other at the same moment: one of them stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from accounts.models import Role, User
from accounts.staff import services
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def deactivate_each_other():
    pair = [make_user(Role.ADMIN), make_user(Role.ADMIN)]
    barrier = Barrier(2)

    def act(place):
        try:
            barrier.wait(timeout=20)
            services.deactivate(pair[place], by=pair[1 - place])
            return "done"
        except ValidationError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(act, range(2)))


def test_one_administrator_always_stays():
    for _number in range(5):
        assert deactivate_each_other() == ["done", "last_admin"]
        assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1
        User.objects.update(is_active=False)
