"""Whoever shows when something is due reads one stored value, with its offset (S4, S20)."""

import ast
import csv
import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from complaints.actions import agreements
from complaints.models import Ticket
from desk.exporting import as_csv
from escalation.actions.sweeping import fire_due
from notifications.models import Message
from notifications.rendering import render
from sla.actions.sweeping import call_due
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket, fresh, local, person
from tests.sla.cast import clock_of

ROOT = Path(settings.BASE_DIR)
DECIDING = {"decide", "deadline_of", "decide_due"}
MAY_DECIDE = re.compile(r"(sla|replay)/|desk/limits\.py")
"""The clocks themselves, foreign logs, and the preview of a ticket that is not there yet."""


def moments_in(told: Any, name: str = "") -> dict[str, str]:
    """Everything in an answer that is a moment, by where it stands."""
    if isinstance(told, dict):
        return {at: text for key, value in told.items() for at, text in moments_in(value, f"{name}.{key}").items()}
    if isinstance(told, list):
        return {at: text for n, value in enumerate(told) for at, text in moments_in(value, f"{name}.{n}").items()}
    return {name: told} if isinstance(told, str) and re.match(r"\d{4}-\d\d-\d\dT", told) else {}


@pytest.fixture
def ticket(db):
    """With a promise beside its limit, so that there are several moments that could be taken for the due."""
    ticket = a_ticket(of="broadband.speed.slow", at=MONDAY_NINE, routes=False)
    made = {"evidence": "on tape", "reason": "asked for it", "by": person("rosa"), "at": MONDAY_NINE}
    agreements.promise(ticket, agreed_for=local("2026-03-03 10:30"), **made)
    return fresh(ticket)


@pytest.fixture
def as_lin(client, db):
    client.force_login(person("lin"), backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(MONDAY_TEN, tick=False):
        yield client


def test_s20_page_list_and_api_show_the_one_stored_due(as_lin, ticket):
    due = clock_of(ticket, "dispatch").due_at
    api, page = f"/api/v1/tickets/{ticket.reference}/", reverse("desk:ticket", args=[ticket.reference])
    (line,) = as_lin.get("/api/v1/tickets/").json()["results"]
    detail = as_lin.get(api).json()
    clocks = {each["kind"]: each["due_at"] for each in as_lin.get(f"{api}clocks/").json()["clocks"]}

    shown = [line["next_due_at"], detail["next_due_at"], clocks["dispatch"]]
    shown += re.findall(r'data-due="([^"]+)"', as_lin.get(reverse("desk:tickets")).content.decode())
    shown += re.findall(r'data-due="([^"]+)"', as_lin.get(page).content.decode())[:1]

    assert {datetime.fromisoformat(text) for text in shown} == {due} == {ticket.next_due_at}
    reply = clock_of(ticket, "reply").due_at
    assert datetime.fromisoformat(clocks["reply"]) == datetime.fromisoformat(detail["reply_due_at"]) == reply


def test_s20_an_export_shows_the_one_stored_due(as_lin, ticket):
    sheet = as_csv(Ticket.objects.filter(pk=ticket.pk))[0].decode("utf-8-sig")

    (row,) = csv.DictReader(io.StringIO(sheet))

    moments = {name: datetime.fromisoformat(text) for name, text in row.items() if re.match(r"\d{4}-\d\d-\d\dT", text)}
    assert moments["reply due"] == ticket.reply_due_at
    assert ticket.next_due_at in moments.values()
    assert [name for name, at in moments.items() if at.utcoffset() is None] == []


def test_s20_a_message_tells_the_one_stored_due_on_the_business_clock(ticket):
    clock = clock_of(ticket, "dispatch")
    call_due(clock.warn_at)
    fire_due(clock.warn_at)

    (message,) = Message.objects.filter(ticket=ticket.reference, kind="escalation", channel="in_app")[:1]

    due = localtime(clock.due_at)
    assert f"{due:%H:%M, %a} {due.day} {due:%b}" in render(message, language="en").body


def test_s4_every_moment_of_a_message_is_told_on_the_business_clock_by_one_filter():
    told_otherwise = [
        f"{path.name}: {written}"
        for path in (ROOT / "templates" / "notifications").glob("*.txt")
        for written in re.findall(r"\{\{[^}]*(?:_at\b|\|\s*(?:date|time)\b)[^}]*\}\}", path.read_text(encoding="utf-8"))
        if "|moment" not in written
    ]

    assert told_otherwise == []


def test_s4_every_moment_of_the_api_and_of_the_pages_carries_its_offset(as_lin, ticket):
    api = f"/api/v1/tickets/{ticket.reference}/"

    for address in ("/api/v1/tickets/", api, f"{api}clocks/", f"{api}history/"):
        found = moments_in(as_lin.get(address).json())
        assert found
        assert [at for at, text in found.items() if datetime.fromisoformat(text).utcoffset() is None] == [], address
    page = as_lin.get(reverse("desk:ticket", args=[ticket.reference])).content.decode()
    moments = re.findall(r'(?:datetime|data-due|data-starts|data-warns|data-now)="([^"]+)"', page)
    assert moments
    assert [text for text in moments if datetime.fromisoformat(text).utcoffset() is None] == []


def test_s20_nobody_else_works_out_a_due():
    deciding = []
    for path in ROOT.glob("*/**/*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith((".", "tests/", "benchmarks/")) or MAY_DECIDE.match(name):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sla."):
                deciding += [f"{name}: {each.name}" for each in node.names if each.name in DECIDING]

    assert deciding == []


def test_s20_no_template_writes_a_due_without_its_offset():
    written = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "templates").rglob("*.*")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\{\{[^}]*due_at", line) and "due_at.isoformat" not in line
    ]

    assert written == []
