"""The web server as it runs in earnest, and people who are signed in on it and fetch pages over one connection."""

import gzip
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Person
from devtools.processes import choose_port, die_with

READY_WITHIN = 60
LANGUAGE = "zh-hans"
BY_SCRIPT = {"HX-Request": "true"}
COUNTING = """
import time
import django
django.setup()
from desk.tasks import count_boards
while True:
    count_boards()
    time.sleep(1)
"""


@contextmanager
def desk(**more: str) -> Iterator["Desk"]:
    """A web server on a port of its own, as `./dev up` starts it, with static files as gathered."""
    port = choose_port()
    env = os.environ | {"STATIC_FROM_SOURCE": "false", "LOG_LEVEL": "WARNING"} | more
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-access-log", "--no-server-header", "--lifespan", "off", "--timeout-graceful-shutdown", "3"]
    command += ["--timeout-keep-alive", "300"]  # a visitor who waits for the others keeps the connection
    server = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=env,
        preexec_fn=die_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509  we have one thread
    )
    try:
        _wait_for(port)
        yield Desk(port, server.pid)
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + READY_WITHIN
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=READY_WITHIN)
            connection.request("GET", "/livez")
            connection.getresponse().read()
            return
        except OSError:
            if time.monotonic() > end:
                raise TimeoutError("the desk does not answer") from None
            time.sleep(0.1)


@contextmanager
def counting_boards() -> Iterator[None]:
    """A process that counts boards anew every second, as the worker does."""
    worker = subprocess.Popen(
        [sys.executable, "-c", COUNTING],
        cwd=settings.BASE_DIR,
        preexec_fn=die_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509  we have one thread
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


@dataclass(frozen=True)
class Desk:
    """Where the server listens, and its process."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def processor_time(self) -> float:
        """Milliseconds of a processor that its threads have had so far; other work on the machine adds little."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took from the first byte sent to the last byte read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


def session_of(person: Person) -> str:
    """The key of a new session of somebody."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    assert session.session_key is not None
    return session.session_key


@dataclass
class Visitor:
    """Somebody who is signed in, with one browser that keeps its connection."""

    desk: Desk
    person: Person
    session: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session = self.session or session_of(self.person)
        self.cookies = {
            settings.SESSION_COOKIE_NAME: self.session,
            settings.CSRF_COOKIE_NAME: secrets.token_hex(16),
            settings.LANGUAGE_COOKIE_NAME: LANGUAGE,
        }
        self._connection = HTTPConnection("127.0.0.1", self.desk.port, timeout=120)

    def get(self, path: str, *, accepts: str = "gzip") -> Answer:
        """Fetch an address."""
        return self._ask("GET", path, None, {"Accept-Encoding": accepts})

    def post(self, path: str, *, by_script: bool = False, **fields: str) -> Answer:
        """Send a form, as the browser does or as the page's script does."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies[settings.CSRF_COOKIE_NAME],
            "Accept-Encoding": "gzip",
        } | (BY_SCRIPT if by_script else {})
        return self._ask("POST", path, urlencode(fields), headers)

    @staticmethod
    def text_of(answer: Answer) -> str:
        """An answer's text, unpacked."""
        packed = answer.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(answer.body) if packed else answer.body).decode()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        headers = headers | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        begun = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        return Answer(answer.status, _headers(answer), content, time.perf_counter() - begun)


def _headers(answer: HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.getheaders()}
