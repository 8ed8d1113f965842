"""What an answer means: taken, not now, or never."""

from datetime import timedelta

from notifications.gateways.posting import Answer

# Too early, too much, too slow; every 5xx is one too.
NOT_NOW = frozenset({408, 425, 429})
LONGEST_WAIT = timedelta(hours=1)


class Failed(Exception):
    """It did not get there; trying again may help. `wait` is how long its receiver asks us to wait, if it does."""

    def __init__(self, message: str, *, code: int | None = None, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.code, self.wait = code, wait


class Refused(Exception):
    """Its receiver does not want it, and would not the next time either."""

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


def judge_code(answer: Answer) -> None:
    """By the code of the answer. Raises Failed or Refused for anything but 2xx; a redirect is not followed."""
    code = answer.code
    if 200 <= code < 300:
        return
    if code >= 500 or code in NOT_NOW:
        raise Failed(f"answered {code}", code=code, wait=_wait(answer))
    raise Refused(f"answered {code}" + (", and redirects are not followed" if code < 400 else ""), code=code)


def _wait(answer: Answer) -> timedelta | None:
    """As long as Retry-After says in seconds, within reason."""
    asked = answer.retry_after.strip()
    if not (asked.isascii() and asked.isdecimal()) or len(asked) > 9:
        return None
    return min(timedelta(seconds=int(asked)), LONGEST_WAIT)
