from tests.reports.conftest import *  # noqa: F403 - the told customer
