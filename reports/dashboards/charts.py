"""Charts of pages over several rooms."""

from collections.abc import Sequence

from cs_portal.metrics.base import Reading


def trend_chart(readings: Sequence[Reading]) -> None:
    return None
