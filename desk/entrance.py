"""Who may come in: every view says it here, and nobody gets past it by another way."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import Authority, Person
from common.kept import one_edition
from common.origin import origin
from common.refusals import Refusal

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

    Strangers are sent to sign in, others get 403. What the view does is recorded as done from a page, and a refusal
    that no form has taken up is shown on a page of its own.
    """

    def guard(view: Page[Rest]) -> AnyPage:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Person):
                if request.htmx:
                    return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)
                return redirect_to_login(request.get_full_path())
            request.at = timezone.now()
            request.authority = request.user.authority(request.at)
            if roles and not request.authority.holds(*roles):
                raise PermissionDenied
            with origin("page"), one_edition() if request.method in SAFE else nullcontext():
                try:
                    response = view(request, *args, **kwargs)
                except Refusal as refusal:
                    response = render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
            add_never_cache_headers(response)
            return response

        guarded.admits = roles or ("everybody who has signed in",)  # type: ignore[attr-defined]
        return guarded

    return guard
