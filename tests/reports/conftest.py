"""Value reports, with their files in a place of their own."""

import pytest

from tests.factories.reports import issue, tell


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def told(db, media):
    return tell()


@pytest.fixture
def issued(told):
    return issue(told)
