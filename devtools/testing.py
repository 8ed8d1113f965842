"""`./dev test`: all tests, in parallel, on servers that last as long as the run.

A few that are marked `extended` take as long as hundreds of others. They run with `--whole`, as on CI, and where they
are named; what was left out is said at the end.
"""

import os
from pathlib import Path

from devtools import foreground, servers

WHOLE = "--whole"
EVERYDAY = ["-m", "not extended"]
MOST = 8
"""Each worker has a numbered database of the Redis-protocol server to itself, and there are sixteen."""


def run(arguments: list[str]) -> int:
    """Run pytest. What stands on the command line goes to it; without `-n` several workers share the work."""
    with servers.throwaway("test") as addresses:
        env = servers.make_environment(addresses, DJANGO_SETTINGS_MODULE="tests.settings")
        asked = [argument for argument in arguments if argument != WHOLE]
        chosen = [*_workers(asked), *([] if _is_chosen(arguments) else EVERYDAY), *asked]
        return foreground.run(foreground.python("-m", "pytest", *chosen), env=env)


def _is_chosen(arguments: list[str]) -> bool:
    """Whether the caller says which tests to run: all, by a mark or a word, or by where they are."""
    says = any(argument.startswith((WHOLE, "-m", "-k", "--lf", "--last-failed")) for argument in arguments)
    return says or any(Path(argument.partition("::")[0]).exists() for argument in arguments)


def _workers(arguments: list[str]) -> list[str]:
    """Workers that take over from each other, unless the caller says otherwise or looks inside a running test.

    One more than there are cores: the longest tests mostly wait for the servers that they have broken.
    """
    says = any(argument.startswith(("-n", "--numprocesses", "--pdb", "--trace")) for argument in arguments)
    return (
        []
        if says
        else ["-n", os.environ.get("TEST_WORKERS", str(min((os.cpu_count() or 1) + 1, MOST))), "--dist=worksteal"]
    )
