"""Deeds done at the same instant by several threads, each with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from common.refusals import Refusal


def together(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """What came of each deed, in their order: its result, or the refusal. Any other error goes up.

    A deed prepares on its own and begins with what `together` waits for: all threads stand at one barrier.
    """
    barrier = Barrier(len(deeds), timeout=30)

    def do(deed: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return deed()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(deeds)) as pool:
        return list(pool.map(do, deeds))
