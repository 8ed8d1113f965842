"""`./dev bench NAME`: one measurement from `benchmarks/` on servers of its own."""

from devtools import foreground, servers
from devtools.places import ROOT, Trouble


def run(arguments: list[str]) -> int:
    """Run `benchmarks/NAME.py` on a fresh, migrated database that holds the shipped defaults."""
    known = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if not path.stem.startswith("_"))
    if not arguments or arguments[0] not in known:
        raise Trouble(f"Say which: {', '.join(known) or 'there are none yet'}.")
    name, *rest = arguments
    with servers.throwaway("bench", forgetful=False) as addresses:
        env = servers.make_environment(addresses, DATABASE_CONN_MAX_AGE="60")
        return foreground.run(foreground.python("-m", "devtools.prepare"), env=env) or foreground.run(
            foreground.python(f"benchmarks/{name}.py", *rest), env=env
        )
