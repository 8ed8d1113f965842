"""The desk in its own processes, as `./dev up` starts it, and somebody who has signed in and looks at it."""

import json
import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Event, Lock, Thread

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Person
from devtools import children, processes

PATIENCE = 60  # seconds


@contextmanager
def running(*names: str) -> Iterator[int]:
    """Of web, worker and beat those that are named, on the database that is connected to; gives the web's port."""
    port = processes.choose_port()
    chosen = [child for child in children.of_the_desk(port, dict(os.environ), run="bench-") if child.name in names]
    try:
        for child in chosen:
            child.ensure(time.monotonic())
            if child.name == "web":
                children.wait_for_web(port, child)
        yield port
    finally:
        children.stop_all([child.process for child in chosen if child.process is not None])


def cookie_of(username: str) -> str:
    """A new session of somebody of the staff, as their browser sends it."""
    person = Person.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Ear(Thread):
    """An open stream of the desk's pages: when it first named a ticket, or said that everything is to be fetched."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._cookie = cookie
        self._named: list[tuple[float, Collection[str]]] = []
        self._afresh: list[float] = []
        self._lock = Lock()
        self.is_open = Event()

    def run(self) -> None:
        """Listen until the stream ends."""
        self._connection.request("GET", "/live/", headers={"Cookie": self._cookie})
        answer = self._connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"the stream answered {answer.status}")
        event = ""
        while line := answer.readline().decode():
            name, _colon, value = line.rstrip("\n").partition(":")
            if name == "event":
                event = value.strip()
            elif name == "data":
                self._hear(event, json.loads(value), time.time())

    def heard_of(self, reference: str, *, since: float) -> float | None:
        """When, in seconds of the epoch, its browser was told to fetch what concerns a ticket; None if not yet."""
        with self._lock:
            named = [at for at, references in self._named if at >= since and reference in references]
            return min([*named, *(at for at in self._afresh if at >= since)], default=None)

    def _hear(self, event: str, data: dict[str, object], at: float) -> None:
        with self._lock:
            if event == "hint":
                self._named.append((at, frozenset(data["tickets"])))  # type: ignore[call-overload]
            elif event == "afresh":
                self._afresh.append(at)
                self.is_open.set()


class Looking(Thread):
    """Somebody who looks at a page again and again, over a connection of their own each time."""

    def __init__(self, port: int, cookie: str, page: str, *, pause: float) -> None:
        super().__init__(daemon=True)
        self.port, self.cookie, self.page, self.pause = port, cookie, page, pause
        self.seconds: list[float] = []
        self.failed = 0
        self._over = Event()

    def run(self) -> None:
        """Look until told to end."""
        while not self._over.wait(self.pause):
            begun = time.perf_counter()
            connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            connection.request("GET", self.page, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            answer.read()
            connection.close()
            self.failed += answer.status != 200
            self.seconds.append(time.perf_counter() - begun)

    def end(self) -> list[float]:
        """The seconds that each look took. Raises RuntimeError where the page was refused."""
        self._over.set()
        self.join()
        if self.failed:
            raise RuntimeError(f"{self.page} was refused {self.failed} times")
        return self.seconds
