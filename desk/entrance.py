"""Who may come in: every view says it here, and nobody gets past it by another way."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from accounts.models import Authority, Person
from common.kept import one_edition
from common.origin import origin
from common.refusals import Refusal
from desk.unsent import Unsent, page_it_was_sent_from

Rest = ParamSpec("Rest")
SAFE = {"GET", "HEAD"}


class DeskRequest(HttpRequest):
    """A request of somebody who has come in: the clock was read once, and what they may do is known."""

    user: Person
    htmx: HtmxDetails
    at: datetime
    authority: Authority


Page = Callable[Concatenate[DeskRequest, Rest], HttpResponseBase]
AnyPage = Callable[..., HttpResponseBase]


def admits(*roles: str) -> Callable[[Page[Rest]], AnyPage]:
    """Only people who hold one of these roles come in; without roles, everybody who has signed in.

    What only reads sees one edition of the configuration, asked for once.

    Strangers are sent to sign in, and what they have written goes with them; others get 403. What the view does is
    recorded as done from a page, and a refusal that no form has taken up is shown on a page of its own. So is what was
    written into something that is not, or no longer, there for this person.
    """

    def guard(view: Page[Rest]) -> AnyPage:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Person):
                return _ask_to_sign_in(request)
            request.at = timezone.now()
            request.authority = request.user.authority(request.at)
            if roles and not request.authority.holds(*roles):
                raise PermissionDenied
            with origin("page"), one_edition() if request.method in SAFE else nullcontext():
                try:
                    response = view(request, *args, **kwargs)
                except Refusal as refusal:
                    response = render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
                except Http404:
                    unsent = Unsent.of(request)
                    if request.htmx or not unsent.words:
                        raise
                    response = render(request, "desk/not_taken.html", unsent.shown(), status=404)
            add_never_cache_headers(response)
            return response

        guarded.admits = roles or ("everybody who has signed in",)  # type: ignore[attr-defined]
        return guarded

    return guard


def _ask_to_sign_in(request: Any) -> HttpResponse:
    """To the page to sign in, and from there to where one was.

    A page that asks by itself is only told: somebody may be writing on it. What was written and sent is carried along.
    """
    if request.htmx:
        address = redirect_to_login(request.htmx.current_url_abs_path or "/").url
        return trigger_client_event(HttpResponse(status=204), "signedOut", {"address": address})
    if request.method in SAFE:
        return redirect_to_login(request.get_full_path())
    unsent = Unsent.of(request)
    if not unsent.words:
        return redirect_to_login(page_it_was_sent_from(request))
    response = render(request, "desk/sign_in.html", unsent.shown(), status=403)
    add_never_cache_headers(response)
    return response
