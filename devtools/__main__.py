"""The commands of `./dev`."""

import argparse
import signal
import sys
from collections.abc import Callable
from types import FrameType

from devtools import bench, chaos, checks, lock, manage, testing, up
from devtools.places import Trouble


def main() -> int:
    """Run the command on the command line and return its exit code."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    command, *rest = sys.argv[1:]
    commands: dict[str, Callable[[list[str]], int]] = {
        "up": up.run,
        "test": testing.run,
        "check": checks.check,
        "fix": checks.fix,
        "bench": bench.run,
        "chaos": chaos.run,
        "manage": manage.run,
        "lock": lock.run,
    }
    try:
        return commands[command](rest)
    except Trouble as trouble:
        print(f"./dev {command}: {trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno == 28:
            print(f"./dev {command}: The disk is full. Make room and start again.", file=sys.stderr)
            return 1
        raise
    except argparse.ArgumentError as error:
        print(f"./dev {command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
