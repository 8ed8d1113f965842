"""The schema and its page: complete, without warnings, served by ourselves under the strict policy."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from api.urls import OPERATIONS
from tests.people import person

pytestmark = pytest.mark.django_db


def test_the_schema_is_made_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))

    schema = (tmp_path / "schema.yml").read_text()
    for name in OPERATIONS:
        assert f"/api/v1/tickets/{{reference}}/{name}/:" in schema
    assert "application/problem+json" in schema
    assert "ClaimInput" not in schema or "TicketInput" in schema


def test_the_schema_is_for_who_is_signed_in(as_):
    assert Client().get("/api/v1/schema/").status_code == 401
    assert as_("rosa").get("schema/").status_code == 200


def test_the_page_of_the_schema_loads_nothing_from_elsewhere_and_nothing_inline(db):
    client = Client()
    client.force_login(person("rosa"))

    page = client.get("/api/v1/docs/")
    text = page.content.decode()
    script = client.get(re.search(r'src="(/api/v1/docs/[^"]*script[^"]*)"', text)[1].replace("&amp;", "&"))

    assert page.status_code == 200
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in script.content.decode() or "../schema/" in script.content.decode()


def test_strangers_are_sent_to_sign_in_from_the_page(db):
    answer = Client().get("/api/v1/docs/")

    assert (answer.status_code, answer.headers["Location"].startswith("/sign-in/")) == (302, True)
