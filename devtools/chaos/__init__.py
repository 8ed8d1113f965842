"""`./dev chaos`: the desk under load while one thing after the other breaks; then each deadline is accounted for.

What has to have happened is worked out from the tickets' histories by plain code (`judging`), which knows nothing of
the applications and shares nothing with the sweep. See docs/reliability.md.
"""

from devtools.chaos.run import run

__all__ = ["run"]
