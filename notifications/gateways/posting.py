"""One POST to an address that was looked at: bounded in time and size, no redirect followed, no proxy asked."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Timer

from notifications.gateways import addresses
from notifications.gateways.addresses import Place

LONGEST_BODY = 64 * 1024
LONGEST_ANSWER = 4 * 1024
CONNECT_WITHIN = 5.0


class Unanswered(Exception):
    """No whole answer came in time, or none that is HTTP; whether the request was taken in, nobody knows."""


@dataclass(frozen=True)
class Answer:
    """What came back; at most the beginning of the body."""

    code: int
    body: bytes
    retry_after: str = ""


def post(url: str, body: bytes, *, headers: Mapping[str, str], timeout: float, guarded: bool = True) -> Answer:
    """Send it, and wait `timeout` seconds for the whole of it at most.

    Raises NotAllowed for an address inside the house (unless `guarded` is off: for one that whoever runs the house has
    set) or a body that is too long, Unanswered where no answer comes.
    """
    if len(body) > LONGEST_BODY:
        raise addresses.NotAllowed(f"a body of {len(body)} bytes is too long; at most {LONGEST_BODY} are sent")
    place = addresses.split(url)
    try:
        address = addresses.resolve(place) if guarded else place.host
        return _send(place, address, body, headers=headers, timeout=timeout)
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(f"{type(error).__name__}: {error}") from error


def _send(place: Place, address: str, body: bytes, *, headers: Mapping[str, str], timeout: float) -> Answer:
    connection = _Pinned(place, address, timeout=timeout)
    ended = []

    def end() -> None:
        """Each wait has its own bound; a receiver that sends a byte now and then would go on for ever."""
        ended.append(True)
        connection.cut()

    watch = Timer(timeout, end)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", place.target, body=body, headers={"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        said = answer.read(LONGEST_ANSWER)
        if ended:
            raise TimeoutError(f"no whole answer within {timeout:g} s")
        return Answer(answer.status, said, answer.headers.get("Retry-After", ""))
    except (OSError, http.client.HTTPException) as error:
        # Either the watch or the socket's own bound may come first; before there is a connection it is another bound.
        if ended or (isinstance(error, TimeoutError) and connection.sock is not None):
            raise TimeoutError(f"no whole answer within {timeout:g} s") from error
        raise
    finally:
        watch.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one numeric address that speaks of, and checks the certificate for, the name it stands for."""

    def __init__(self, place: Place, address: str, *, timeout: float) -> None:
        super().__init__(place.host, place.port, timeout=timeout)
        self._place, self._address = place, address
        self.default_port = 443 if place.is_encrypted else 80

    def connect(self) -> None:
        """Connect to the address, and to no other."""
        plain = socket.create_connection(
            (self._address, self.port), min(CONNECT_WITHIN, self.timeout or CONNECT_WITHIN)
        )
        plain.settimeout(self.timeout)
        self.sock = plain
        if self._place.is_encrypted:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End what is going on, from another thread."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself
