"""`./dev test`: everything, in parallel, on servers that last as long as the run."""

import os

from devtools import foreground, servers

MOST = 8
"""Each worker has a numbered database of the Redis-protocol server to itself, and there are sixteen."""


def run(arguments: list[str]) -> int:
    """Run pytest. What stands on the command line goes to it; without `-n` several workers share the work."""
    with servers.throwaway("test") as addresses:
        env = servers.make_environment(addresses, DJANGO_SETTINGS_MODULE="tests.settings")
        return foreground.run(foreground.python("-m", "pytest", *_workers(arguments), *arguments), env=env)


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
