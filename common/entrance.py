"""Views that anybody may open, signed in or not; each says so."""

from collections.abc import Callable

from django.http.response import HttpResponseBase


def admits_strangers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Anybody comes in, signed in or not."""
    view.admits = ("anybody",)  # type: ignore[attr-defined]
    return view
