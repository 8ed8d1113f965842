"""A gateway for short messages that keeps a diary, and that can fail in the ways that real ones do."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SLOW = 8.0  # seconds; longer than the desk waits for an answer in this run
FAILING = ("times out", "answers 500", "answers twice")


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    key: str
    at: float
    answered: str


@dataclass
class Gateway:
    """An HTTP server on a thread of its own; `mode` says how it behaves just now."""

    mode: str = "well"
    diary: list[Received] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None

    def start(self) -> str:
        """Serve, and return the address."""
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                gateway._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Keep the terminal for what matters."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}/messages"

    def stop(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        mode = self.mode
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        key = request.headers.get("Idempotency-Key") or str(json.loads(body or b"{}").get("key", ""))
        with self._lock:
            self.diary.append(Received(key, time.time(), mode))
        if mode == "times out":
            time.sleep(SLOW)
            return
        if mode == "answers 500":
            _say(request, 500, b'{"error": "out of order"}')
            return
        _say(request, 200, b'{"status": "accepted"}')
        if mode == "answers twice":
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


def _say(request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
