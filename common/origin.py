"""Where a deed comes from: a page, the API, the sweep, an import, the simulator (R5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_origin: ContextVar[str] = ContextVar("origin", default="system")


def current_origin() -> str:
    """The origin that history entries written now carry."""
    return _origin.get()


@contextmanager
def origin(name: str) -> Iterator[None]:
    """Everything recorded inside carries this origin."""
    token = _origin.set(name)
    try:
        yield
    finally:
        _origin.reset(token)
