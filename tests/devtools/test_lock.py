"""The lock file names what is installed, and nothing about where it comes from."""

import re
import tomllib

from devtools.places import ROOT

LOCK = (ROOT / "requirements.lock").read_text()


def test_the_lock_holds_no_address_or_path():
    body = "\n".join(line for line in LOCK.splitlines() if not line.startswith("#"))

    assert not re.search(r"://|\bfile:|/\w+/|--(index|extra|find|trusted)", body)


def test_every_locked_package_has_a_hash():
    packages = re.split(r"(?m)^(?=[a-z])", LOCK)[1:]

    assert packages
    assert all("--hash=sha256:" in package for package in packages)


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.match(r"[\w-]+", line)[0].lower() for line in wanted}

    assert names <= set(re.findall(r"(?m)^([\w.-]+)==", LOCK))


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text().partition("[tool.")[0]
    lines = [line for line in text.splitlines() if re.match(r'\s+"', line)]

    assert lines
    assert all(re.search(r'",\s+# \w+', line) for line in lines)
