"""The told customer of the reports."""

from tests.reports.conftest import *  # noqa: F403
