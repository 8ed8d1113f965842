"""`./dev check` and `./dev fix`: everything that reads the code without running the tests."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from devtools.places import ROOT, Trouble

# Never reached: the checks read code. They see what production would see.
ENVIRONMENT = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "for-the-checks-only-and-long-enough-to-look-like-one-0123456789",
    "DEBUG": "false",
    "HTTPS": "true",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


@dataclass(frozen=True)
class Check:
    """One check: its name on screen and the module that does it."""

    name: str
    arguments: tuple[str, ...]


# The slowest first, so that the quick ones run beside it.
CHECKS = [
    Check("types", ("mypy",)),
    Check("django: checks, migrations, templates", ("devtools.djangochecks",)),
    Check("import contracts", ("importlinter.cli", "lint")),
    Check("templates' style", ("djlint", "templates", "--lint", "--quiet")),
    Check("lint", ("ruff", "check", "--output-format", "concise")),
    Check("format", ("ruff", "format", "--check", "--output-format", "concise")),
]


def check(arguments: list[str]) -> int:
    """Run all checks at once and print what those that failed had to say."""
    if arguments:
        raise Trouble("`check` takes no arguments.")
    failed = []
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        running = {pool.submit(_run, one): one for one in CHECKS}
        for done in as_completed(running):
            one, (code, output, seconds) = running[done], done.result()
            print(f"{'ok    ' if code == 0 else 'FAILED'}  {one.name}  ({seconds:.1f} s)", flush=True)
            if code != 0:
                failed.append(one.name)
                print(output.rstrip(), flush=True)
    if failed:
        print(f"\nFailed: {', '.join(failed)}.")
    return 1 if failed else 0


def fix(arguments: list[str]) -> int:
    """Put right what can be put right without a person: lint fixes, then format."""
    for step in (("check", "--fix"), ("format",)):
        subprocess.run([sys.executable, "-m", "ruff", *step, *arguments], cwd=ROOT, check=False)
    return subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", *arguments], cwd=ROOT, check=False
    ).returncode


def _run(one: Check) -> tuple[int, str, float]:
    if one.arguments[:2] == ("djlint", "templates") and not (ROOT / "templates").is_dir():
        return 0, "", 0.0
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *one.arguments],
        cwd=ROOT,
        env=os.environ | ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, time.monotonic() - begin
