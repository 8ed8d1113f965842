"""What was sent after its session had ended: it stays on the page to sign in, and goes on when its person says so.

It rests in pages alone, neither in a session nor in the database: until somebody has signed in it is nobody's.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

CARRIED = "unsent:"
"""How the page to sign in names the fields that it only carries along."""
NOT_KEPT = {"csrfmiddlewaretoken"}
MERE_CODE = re.compile(r"[\w.:+-]*", re.ASCII)
"""Numbers, dates, references and choices: what no person has written."""


@dataclass(frozen=True)
class Unsent:
    """A form that did not arrive: where it was sent to, and its fields in their order."""

    address: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Unsent":
        """What this request has sent."""
        fields = [(name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values]
        return cls(request.get_full_path(), tuple(fields), had_files=bool(request.FILES))

    @classmethod
    def carried_by(cls, request: HttpRequest) -> "Unsent":
        """What the page to sign in has carried along; leads nowhere but into this house."""
        address = request.POST.get("next", "")
        if not _is_inside(request, address):
            address = "/"
        fields = [
            (name.removeprefix(CARRIED), value)
            for name, values in request.POST.lists()
            if name.startswith(CARRIED)
            for value in values
        ]
        return cls(address, tuple(fields), had_files=bool(request.POST.get("had_files")))

    @property
    def words(self) -> list[str]:
        """What somebody has written, to be shown; a form without any is not worth carrying along."""
        return [value for _name, value in self.fields if not MERE_CODE.fullmatch(value)]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The fields as the page to sign in names them."""
        return [(CARRIED + name, value) for name, value in self.fields]

    def shown(self) -> dict[str, Any]:
        """What a page is told of it."""
        return {"unsent": self, "next": self.address}


def came_from_here(request: HttpRequest) -> bool:
    """Whether one of our own pages has sent it: another site cannot say so of itself."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())


def page_it_was_sent_from(request: HttpRequest) -> str:
    """Where to go on after signing in, since an address that only takes forms shows nothing."""
    sent_from = request.headers.get("Referer", "")
    return urlsplit(sent_from)._replace(scheme="", netloc="").geturl() if _is_inside(request, sent_from) else "/"


def _is_inside(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
