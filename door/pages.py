"""What all of the customer's own pages have: a language, a light, a limit of visits, and nothing that is kept."""

import time
from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Concatenate, ParamSpec

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from common.entrance import admits_strangers
from common.rates import Rate, address_of

Rest = ParamSpec("Rest")

NOTHING_BUT_A_FORM = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [NONE],
    "connect-src": [NONE],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}


def for_customers(view: Callable[Concatenate[HttpRequest, Rest], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Anybody comes in, each address so often a minute; kept nowhere, found by no search engine, never named elsewhere.

    `strict-origin` lets a browser name our host and no address. With `no-referrer` it would send `Origin: null` with
    the form, which the protection against forged requests has to refuse.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        visits = Rate(settings.DOOR_VISITS_A_MINUTE, seconds=60)
        now = time.time()
        if visits.admits(f"door:{address_of(request)}", now=now):
            response = view(request, *args, **kwargs)
        else:
            response = too_often(request, seconds=visits.left_of_window(now))
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return admits_strangers(csp_replace(NOTHING_BUT_A_FORM)(shown))


def too_often(request: HttpRequest, *, seconds: float) -> HttpResponse:
    """Come back later; says to machines when."""
    answer = page(request, "door/too_often.html", status=429)
    answer["Retry-After"] = str(ceil(seconds))
    return answer


def language_of(request: HttpRequest, preferred: str = "") -> str:
    """The language that was switched to, else the customer's own where we know it, else the browser's."""
    for wanted in (request.GET.get("lang", ""), preferred):
        if wanted in dict(settings.LANGUAGES):
            return wanted
    return translation.get_language() or settings.LANGUAGE_CODE


def page(
    request: HttpRequest,
    template: str,
    facts: dict[str, object] | None = None,
    *,
    language: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page in its language; the switch leads to the same address in the other one."""
    spoken = language or language_of(request)
    with translation.override(spoken):
        response = render(request, template, facts, status=status)
    response["Content-Language"] = spoken
    return response
