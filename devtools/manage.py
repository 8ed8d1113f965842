"""`./dev manage …`: Django's command line on the embedded servers."""

from devtools import foreground, servers


def run(arguments: list[str]) -> int:
    """Run a management command; the servers stay up if `./dev up` has them, else they run as long as the command."""
    with servers.for_command("manage " + " ".join(arguments[:1])) as addresses:
        env = servers.make_environment(addresses, DATABASE_CONN_MAX_AGE="60")
        return foreground.run(foreground.python("manage.py", *arguments), env=env)
