"""What all tests share."""

import os
import shutil

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs Chromium where there is none; on CI it has to be there."""
    if item.get_closest_marker("browser") and not os.environ.get("CI") and shutil.which("chromium") is None:
        pytest.skip("needs chromium on the PATH")
