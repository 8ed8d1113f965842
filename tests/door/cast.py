"""What a customer does at their own door."""

import re
from typing import Any

from django.test import Client

from common.tokens import figures_of
from door.human import _terms
from notifications.models import Message
from selfservice.actions import asking
from selfservice.models import StatusRequest
from tests.people import ORDINARY, a_record, category

NUMBER = "12055550188"
FORM = f"/complain/{ORDINARY}/"


def browser(language: str = "en") -> Client:
    """Somebody's browser."""
    return Client(headers={"accept-language": language})


def a_complaint(**given: Any) -> dict[str, Any]:
    """All that the form asks for, but for the question."""
    record = {f"record.{name}": value for name, value in a_record(category()).items()}
    return {"number": NUMBER, "happened": "The fee is on the bill twice.", **record, **given}


def solved(page: Any) -> dict[str, str]:
    """The answer to the question that a page asks."""
    puzzle = page.context["form"]["puzzle"].value()
    return {"puzzle": puzzle, "sum": str(sum(_terms(puzzle)))}


def send(client: Client, clock: Any, address: str = FORM, **given: Any) -> Any:
    """Open the form, take a little time over it as people do, and send it."""
    answers = solved(client.get(address))
    clock.shift(10)
    return client.post(address, {**a_complaint(), **answers, **given})


def ask(client: Client, clock: Any, reference: str) -> Any:
    """Ask how a matter stands."""
    answers = solved(client.get("/status/"))
    clock.shift(10)
    return client.post("/status/", {"reference": reference, **answers})


def receipt_of(answer: Any, client: Client) -> str:
    """The number on the page that follows."""
    shown = client.get(answer.url).content.decode()
    return re.search(r"W-\d{10}", shown)[0]  # type: ignore[index]


def figures_sent(request: StatusRequest) -> str:
    """The figures that the message spells out."""
    message = Message.objects.get(key=f"status_code:{request.pk}:sms")
    return figures_of(message.context["code"], purpose=asking.PURPOSE)
