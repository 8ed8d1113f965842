"""Files on an asynchronous server: read a piece at a time, in a thread, while it is sent."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice
from typing import cast

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

TOGETHER = 32
"""Blocks read in one go: 128 KiB of a file, so that a script or a style is one piece."""


class PieceByPiece:
    """Middleware: a file that a view or the static files hand out is not read whole before its first byte leaves.

    Django would read all of it into memory and warn of that. An answer that is asynchronous already is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Around everything that answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(request, ASGIRequest) and isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _pieces(iter(cast(Iterator[bytes], response.streaming_content)))
        return response


async def _pieces(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while piece := await sync_to_async(_read)(blocks):
        yield piece


def _read(blocks: Iterator[bytes]) -> bytes:
    return b"".join(islice(blocks, TOGETHER))
