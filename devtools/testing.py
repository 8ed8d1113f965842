"""`./dev test`: everything, in parallel, on servers that last as long as the run."""

import os

from devtools import foreground, servers


def run(arguments: list[str]) -> int:
    """Run pytest. What stands on the command line goes to it; without `-n` two workers share the work."""
    with servers.throwaway("test") as addresses:
        env = servers.make_environment(addresses, DJANGO_SETTINGS_MODULE="tests.settings")
        return foreground.run(foreground.python("-m", "pytest", *_workers(arguments), *arguments), env=env)


def _workers(arguments: list[str]) -> list[str]:
    """Two workers that take over from each other, unless the caller says otherwise or looks inside a running test."""
    says = any(argument.startswith(("-n", "--numprocesses", "--pdb", "--trace")) for argument in arguments)
    return [] if says else ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist=worksteal"]
