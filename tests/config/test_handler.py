"""A request stays in its thread from the first middleware to the view, and comes out of it as it would of Django's."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse
from django.urls import path

from config.handler import InOneThread

seen: list[tuple[str, str]] = []


def remembering(get_response):
    """Middleware that notes in which thread it is."""

    def middleware(request):
        seen.append(("middleware", threading.current_thread().name))
        return get_response(request)

    return middleware


def view(request):
    """Note in which thread it is; `?fail` has it raise."""
    seen.append(("view", threading.current_thread().name))
    if "fail" in request.GET:
        raise RuntimeError("on purpose")
    return HttpResponse(request.body, headers={"Kind": request.method})


def no_such_page(request, exception):
    return HttpResponse(status=404)


urlpatterns = [path("there/", view)]
handler404 = no_such_page


@pytest.fixture
def handler(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [
        f"{__name__}.remembering",
        "django.middleware.common.CommonMiddleware",  # can do without a thread
        f"{__name__}.remembering",
        "common.nul.NoRowHoldsNul",  # likewise
    ]
    seen.clear()
    return InOneThread()


def ask(
    handler, query: str = "", *, address: str = "/there/", body: bytes = b""
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and content of an answer, over the protocol of ASGI."""
    sent: list[dict] = []

    async def receive():
        if not sent and not received:
            received.append(True)
            return {"type": "http.request", "body": body}
        return await asyncio.get_running_loop().create_future()  # nobody hangs up

    async def send(message):
        sent.append(message)

    received: list[bool] = []
    scope = {"type": "http", "method": "POST", "path": address, "query_string": query.encode()}
    scope["headers"] = [(b"host", b"testserver")]
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, handler(scope, receive, send)).result()
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), content


def test_middleware_and_view_work_in_one_thread_which_is_not_the_loops(handler):
    status, headers, content = ask(handler, body=b"words")

    assert (status, headers[b"Kind"], content) == (200, b"POST", b"words")
    assert [who for who, _thread in seen] == ["middleware", "middleware", "view"]
    assert len({thread for _who, thread in seen}) == 1


def test_what_is_not_there_and_what_fails_are_answered(handler):
    assert ask(handler, address="/nowhere/")[0] == 404
    assert ask(handler, "fail=1")[0] == 500
