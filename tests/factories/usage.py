"""Users of the vendor's product."""

from itertools import count
from typing import Any

from accounts.models import Customer, EndUser

_numbers = count(1)


def make_end_user(customer: Customer, **fields: Any) -> EndUser:
    return EndUser.objects.create(customer=customer, **{"external_id": f"U-{next(_numbers)}", **fields})
