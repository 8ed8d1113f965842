"""Settings come from the environment, and logs stay one line per record."""

import json
import logging
import os
import subprocess
import sys

import pytest

from config.logs import JsonLine
from devtools.places import ROOT

ENOUGH = {"SECRET_KEY": "s", "DATABASE_URL": "postgres://u@127.0.0.1:1/n", "REDIS_URL": "redis://127.0.0.1:1/0"}


def start_with(**environment):
    return subprocess.run(
        [sys.executable, "-c", "import config.settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE)"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("missing", sorted(ENOUGH))
def test_a_missing_value_stops_the_start_and_says_how_to_set_it(missing):
    if (ROOT / ".env").exists():
        pytest.skip("this checkout has a .env that fills the gap")

    done = start_with(**{name: value for name, value in ENOUGH.items() if name != missing})

    assert done.returncode != 0
    assert f"{missing} is not set." in done.stderr.splitlines()[-1]


def test_without_further_words_the_settings_are_those_of_production():
    assert start_with(**ENOUGH).stdout.split() == ["False", "True"]


def test_a_line_break_in_a_log_message_begins_no_new_line():
    record = logging.makeLogRecord(
        {"msg": "Not Found: %s", "args": ("/a\r\nINFO forged\x1b[2J",), "levelname": "WARNING"}
    )

    line = JsonLine().format(record)

    assert "\n" not in line and "\r" not in line and "\x1b" not in line
    assert json.loads(line)["message"] == "Not Found: /a\r\nINFO forged\x1b[2J"
