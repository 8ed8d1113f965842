"""People at work over HTTP: matters are accepted at a steady rate; some are dispatched soon, others are left to breach.

A request whose answer got lost is made again until it is answered: acceptance carries an external id, by which the desk
knows it again, and a dispatch that has happened already says so.
"""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 6.0  # seconds for one answer
BETWEEN_TRIES = 0.5
DISPATCHED_AFTER = (2.0, 10.0)  # seconds after acceptance; well before the warning
TOO_LATE = 20.0  # seconds; a dispatch that did not get through until then is left


@dataclass
class Matter:
    """One ticket from its customer's side."""

    external_id: str
    is_left: bool
    reference: str = ""
    accepted_at: float = 0.0
    tries: int = 0
    dispatched: bool = False


@dataclass
class Load:
    """The people. `matter_body` and `dispatch_body` say what they type."""

    port: int
    tokens: dict[str, str]
    rate: float
    dice: random.Random
    matters: list[Matter] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin."""
        self._spawn(self._customers)

    def stop(self) -> None:
        """Accept nothing more, and let what has begun come to its end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _spawn(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _customers(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            matter = Matter(external_id=f"chaos-{number}", is_left=self.dice.random() < 0.6)
            self.matters.append(matter)
            self._spawn(self._accompany, matter, 12055550100 + number, self.dice.uniform(*DISPATCHED_AFTER))
            self._stop.wait(1 / self.rate)

    def _accompany(self, matter: Matter, number: int, pause: float) -> None:
        while not matter.reference:
            status, answer = self._post("rosa", "tickets/", _a_matter(number, matter.external_id))
            matter.tries += 1
            if status == 201 or answer.get("code") == "external_id_taken":  # it got through before, unanswered
                matter.reference, matter.accepted_at = answer["reference"], time.time()
            elif 400 <= status < 500 and status != 429:
                self.refused.append(f"{matter.external_id}: {status} {answer}")
                return
            else:
                time.sleep(BETWEEN_TRIES)
        if matter.is_left:
            return
        self._stop.wait(pause)
        while time.time() < matter.accepted_at + TOO_LATE:
            status, answer = self._post("sam", f"tickets/{matter.reference}/dispatch/", {"to": "network"})
            if status == 200 or (status == 409 and answer.get("state") == "dispatched"):
                matter.dispatched = True
                return
            if 400 <= status < 500 and status != 429:
                self.refused.append(f"{matter.reference}: {status} {answer}")
                return
            time.sleep(BETWEEN_TRIES)

    def _post(self, login: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and what was said; 0 when nothing was answered or it was no JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(
                "POST",
                f"/api/v1/{path}",
                json.dumps(body),
                {"Content-Type": "application/json", "Authorization": f"Bearer {self.tokens[login]}"},
            )
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()


def _a_matter(number: int, external_id: str) -> dict[str, Any]:
    return {
        "number": str(number),
        "name": "Rehearsal",
        "category": "billing.charges.monthly-fee",
        "happened": "I was charged twice for one month.",
        "record": {"month": "2026-02", "item": "monthly fee", "amount": "12"},
        "urgency": "ordinary",
        "external_id": external_id,
    }
