"""The character that no row can hold: whoever asks for it is told that there is no such thing, and never 500.

Fields of forms and of the API refuse it by name. This is for all that is looked up without a form: parts of an
address, of its query, and keys that a page sends back.
"""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver
from django.utils.deprecation import MiddlewareMixin

NUL = "\x00"
AS_THE_DRIVER_SAYS = "A string literal cannot contain NUL (0x00) characters."


def was_asked_for(error: Exception) -> bool:
    """Whether the database was not even asked, since a NUL stood in what should be looked for or kept."""
    return isinstance(error, ValueError) and str(error) == AS_THE_DRIVER_SAYS


class NoRowHoldsNul(MiddlewareMixin):
    """Answers 404 where the NUL stands in the address, else 400; nothing was written."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A page instead of the exception; other exceptions go up."""
        if not was_asked_for(exception):
            return None
        status, told = (404, Http404()) if NUL in request.path else (400, SuspiciousOperation("NUL"))
        say: Callable[..., HttpResponseBase] = get_resolver().resolve_error_handler(status)
        return say(request, exception=told)
