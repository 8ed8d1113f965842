"""Settings come from the environment, and logs stay one line per record."""

import ast
import json
import logging
import os
import re
import subprocess
import sys

import pytest
import yaml

from config.logs import JsonLine
from devtools.places import ROOT

ENOUGH = {"SECRET_KEY": "s", "DATABASE_URL": "postgres://u@127.0.0.1:1/n", "REDIS_URL": "redis://127.0.0.1:1/0"}


def start_with(said="s.DEBUG, s.SESSION_COOKIE_SECURE", **environment):
    return subprocess.run(
        [sys.executable, "-c", f"import config.settings as s; print({said})"],
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://u:hidden@127.0.0.1/n"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("REDIS_URL", "amqp://u:hidden@127.0.0.1/"),
    ],
)
def test_an_address_of_another_kind_stops_the_start_and_tells_no_password(name, value):
    done = start_with(**ENOUGH | {name: value})

    last = done.stderr.splitlines()[-1]
    assert done.returncode != 0
    assert f"{name} is not an address of the kind that is needed. Set it to " in last
    assert "hidden" not in last


def test_what_the_databases_address_asks_for_is_asked_for():
    done = start_with(
        "s.DATABASES['default']['OPTIONS']['sslmode'], s.DATABASES['default']['OPTIONS']['application_name']",
        **ENOUGH | {"DATABASE_URL": "postgres://u@127.0.0.1:1/n?sslmode=verify-full", "APPLICATION_NAME": "web"},
    )

    assert done.stdout.split() == ["verify-full", "web"]


def test_without_further_words_the_settings_are_those_of_production():
    assert start_with(**ENOUGH).stdout.split() == ["False", "True"]


def test_a_line_break_in_a_log_message_begins_no_new_line():
    record = logging.makeLogRecord(
        {"msg": "Not Found: %s", "args": ("/a\r\nINFO forged\x1b[2J",), "levelname": "WARNING"}
    )

    line = JsonLine().format(record)

    assert "\n" not in line and "\r" not in line and "\x1b" not in line
    assert json.loads(line)["message"] == "Not Found: /a\r\nINFO forged\x1b[2J"


SETTINGS = (ROOT / "config" / "settings.py").read_text()
# Where things lie inside the image, and what only a developer wants: they are not for .env beside docker-compose.yml.
THE_IMAGES_OWN = {"MEDIA_ROOT", "ATTACHMENTS_ROOT", "SMS_FILE", "STATIC_FROM_SOURCE", "DEBUG"}


def read_from_the_environment() -> set[str]:
    """The names that the settings ask the environment for: the first argument of `env.…` and of our own readers."""
    found = set()
    for call in ast.walk(ast.parse(SETTINGS)):
        if not (isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)):
            continue
        match call.func:
            case ast.Attribute(value=ast.Name(id="env")) | ast.Name(id="needed" | "address" | "networks"):
                found.add(str(call.args[0].value))
    return found


def test_the_settings_are_found_in_their_source():
    assert {"SECRET_KEY", "SMS_INBOUND_SECRET", "METRICS_NETWORKS", "EMAIL_URL"} <= read_from_the_environment()
    written = set(re.findall(r'(?:env\.\w+|needed|address|networks)\(\s*"([A-Z_]+)"', SETTINGS))
    assert read_from_the_environment() == written


def test_every_variable_that_the_settings_read_is_named_in_the_docs_and_no_other():
    named = set()
    for row in re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE):
        named |= set(re.findall(r"`([A-Z_]+)`", row))

    assert named == read_from_the_environment()


def test_every_variable_that_the_settings_read_reaches_the_containers():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    for name in ("prepare", "web", "worker", "beat"):
        assert set(services[name]["environment"]) == read_from_the_environment() - THE_IMAGES_OWN, name
