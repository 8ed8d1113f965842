"""The customer's own page: the satisfaction survey behind a one-time link, for phones, without signing in (R73).

It tells nothing of the customer or the ticket. A link that does not work tells nothing at all, not even why.
"""

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
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from callbacks.actions.surveys import NothingHere, open_survey
from common.origin import origin
from common.rates import Rate, address_of
from desk.entrance import admits_strangers
from desk.forms.survey import Opinion

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
    """What all pages behind the link have: kept nowhere, found by no search engine, and never named elsewhere.

    `strict-origin` lets a browser name our host and no address. With `no-referrer` it would send `Origin: null` with
    the form, which the protection against forged requests has to refuse.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return csp_replace(NOTHING_BUT_A_FORM)(shown)


@admits_strangers
@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
@sensitive_post_parameters()
@sensitive_variables("token")
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask both questions, and take the answers once."""
    visits = Rate(settings.SURVEY_VISITS_A_MINUTE, seconds=60)
    now = time.time()
    if not visits.admits(f"survey:{address_of(request)}", now=now):
        answer = _page(request, "survey/too_often.html", status=429)
        answer["Retry-After"] = str(ceil(visits.left_of_window(now)))
        return answer
    at = timezone.now()
    try:
        customer = open_survey(token, at=at).callback.ticket.customer
        form = Opinion(request.POST if request.method == "POST" else None, label_suffix="")
        with origin("survey"):
            given = request.method == "POST" and form.is_given(token, at=at)
    except NothingHere:
        return _page(request, "survey/nothing.html", status=404)
    language = _language(request, customer.language)
    if given:
        return redirect(f"{reverse('desk:survey_thanks')}?lang={language}")
    return _page(request, "survey/ask.html", {"form": form}, language=language, status=400 if form.errors else 200)


@admits_strangers
@require_safe
@for_customers
def thanks(request: HttpRequest) -> HttpResponse:
    """Say thank you; the same to everybody."""
    return _page(request, "survey/thanks.html")


def _language(request: HttpRequest, preferred: str = "") -> str:
    """The language that was switched to, else the customer's own where we know it, else the browser's."""
    for wanted in (request.GET.get("lang", ""), preferred):
        if wanted in dict(settings.LANGUAGES):
            return wanted
    return translation.get_language() or settings.LANGUAGE_CODE


def _page(
    request: HttpRequest,
    template: str,
    facts: dict[str, object] | None = None,
    *,
    language: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page in its language; the switch leads to the same address in the other one."""
    spoken = language or _language(request)
    with translation.override(spoken):
        response = render(request, template, facts, status=status)
    response["Content-Language"] = spoken
    return response
