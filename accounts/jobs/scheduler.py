"""The beat that leaves a sign of life in the database."""

import time

from accounts.jobs import services
from cs_portal.kit.jobs import LOOK_AGAIN, OneBeat


class Beat(OneBeat):
    _noted: float | None = None

    def alive(self) -> None:
        now = time.monotonic()
        if self._noted is None or now - self._noted >= LOOK_AGAIN:
            services.beat("beat")
            self._noted = now
