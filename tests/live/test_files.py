"""Files over a real server: they come whole, a piece at a time, and nothing is read before it is sent."""

import http.client
import os
import warnings
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from attachments import actions
from common.streaming import TOGETHER
from tests.attachments.samples import PDF, a_file
from tests.people import MONDAY_TEN, a_ticket, person

pytestmark = pytest.mark.long

BLOCK = 4096
LONG = PDF + os.urandom(BLOCK * TOGETHER * 2)
SCRIPT = "vendor/htmx-2.0.11.min.js"


@pytest.fixture(autouse=True)
def nothing_is_consumed_whole():
    """Django's warning of an answer that it reads before it sends it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="StreamingHttpResponse must consume")
        yield


def fetch(address: str, path: str, cookies: str = "", method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=15)
    connection.request(method, path, headers={"Cookie": cookies})
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_script_comes_whole(address, method):
    with open(finders.find(SCRIPT), "rb") as script:
        content = script.read()

    assert fetch(address, f"/static/{SCRIPT}", method=method) == (200, content if method == "GET" else b"")


def test_a_download_of_several_pieces_comes_whole(address, transactional_db):
    ticket = a_ticket()
    file = actions.attach(ticket, a_file(LONG, "bill.pdf"), by=person("rosa"), at=MONDAY_TEN)
    client = Client()
    client.force_login(person("rosa"), backend="django.contrib.auth.backends.ModelBackend")
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    status, content = fetch(address, reverse("desk:file", args=[ticket.reference, file.key]), cookies)

    assert (status, content) == (200, LONG)
