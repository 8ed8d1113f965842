"""The desk on a real ASGI server in a thread, and ears that listen to its streams."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import uvicorn
from django.test import Client

from config.asgi import application
from notifications import outbox
from notifications.kinds import Kind
from tests.people import MONDAY_NINE, person

PATIENCE = 15  # seconds, for what has to come


@contextmanager
def an_asgi_server() -> Iterator[str]:
    """Its address; the server that `./dev up` starts, in this process."""
    server = uvicorn.Server(
        uvicorn.Config(application, port=0, lifespan="off", log_level="warning", timeout_graceful_shutdown=0)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so; fail when it does not come to be."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


class Ear:
    """One open stream of somebody who has signed in."""

    def __init__(self, address: str, username: str, *, since: str = "", client: Client | None = None) -> None:
        self.person = person(username)
        self.client = client or Client()
        if client is None:
            self.client.force_login(self.person, backend="django.contrib.auth.backends.ModelBackend")
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items())
        query = urlencode({"since": since} if since else {})
        self._connection.request("GET", f"/live/?{query}", headers={"Cookie": cookies})
        self.answer = self._connection.getresponse()

    def next(self) -> tuple[str, dict]:
        """The next event's name and data; a heartbeat is called 'comment'."""
        fields: dict[str, str] = {}
        while line := self.answer.readline().decode().rstrip("\n"):
            name, _colon, value = line.partition(":")
            fields[name or "comment"] = value.strip()
        if "comment" in fields:
            return "comment", {}
        return fields.get("event", "end"), json.loads(fields.get("data", "{}"))

    def hint(self) -> dict:
        """The next hint; greetings and fresh starts before it are passed by."""
        while True:
            name, data = self.next()
            assert name != "end"
            if name == "hint":
                return data

    def settle(self) -> "Ear":
        """Wait until the stream is complete, and all that was hinted at before has been heard."""
        while self.next()[0] != "afresh":
            pass
        outbox.put(Kind.REASSIGNED, key=f"settled:{uuid4()}", to=self.person, context={}, at=MONDAY_NINE)
        while not self.hint()["notices"]:
            pass
        return self

    def close(self) -> None:
        """Go away without a word."""
        self._connection.close()
        self.answer.close()
