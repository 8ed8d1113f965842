"""`./dev bench NAME [--keep | --afresh]`: one measurement from `benchmarks/` on servers of its own."""

from devtools import foreground, servers
from devtools.places import ROOT, Trouble

KEPT = "measured"


def run(arguments: list[str]) -> int:
    """Run `benchmarks/NAME.py` on a migrated database that holds the shipped defaults.

    Its servers are fresh and removed afterwards. With `--keep` they stay from one such run to the next, so that what
    was generated need not be generated again; `--afresh` forgets what was kept, and keeps from there on.
    """
    known = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if not path.stem.startswith("_"))
    if not arguments or arguments[0] not in known:
        raise Trouble(f"Say which: {', '.join(known) or 'there are none yet'}.")
    name, *rest = arguments
    own = {each for each in rest if each in ("--keep", "--afresh")}
    with (
        servers.kept(KEPT, afresh="--afresh" in own) if own else servers.throwaway("bench", forgetful=False, roomy=True)
    ) as addresses:
        env = servers.make_environment(addresses, DATABASE_CONN_MAX_AGE="60")
        return foreground.run(foreground.python("-m", "devtools.prepare"), env=env) or foreground.run(
            foreground.python(f"benchmarks/{name}.py", *(each for each in rest if each not in own)), env=env
        )
