"""The door, on Monday at ten, with nobody counted yet."""

import pytest
from django.core.cache import cache

from tests.desk.conftest import monday_at_ten  # noqa: F401  (fixture)


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    cache.clear()
