"""The one format in which the API says no: problem documents (RFC 9457) with a stable `code`.

Four questions have four answers: may you see it (404), is it yours to do (403), can it happen now (409), is it well
formed (400). Beside `detail`, which is for people, a problem carries the refusal's facts: how the ticket stands, what
is possible, what changed.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common import nul
from common.refusals import Malformed, Refusal

CONTENT_TYPE = "application/problem+json"
NAMES = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "authentication_failed",
    exceptions.PermissionDenied: "permission_denied",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.ParseError: "not_readable",
    exceptions.Throttled: "throttled",
}


class ProblemOut(serializers.Serializer):
    """What every answer from 400 on looks like."""

    type = serializers.CharField(help_text="A URN made of the code.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; for machines.")
    detail = serializers.CharField(help_text="For people, in their language.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with each field (400); nested fields are joined by dots.",
    )
    state = serializers.CharField(required=False, help_text="How the ticket stands now (403, 409).")
    version = serializers.IntegerField(required=False, help_text="The ticket's version now (403, 409).")
    possible = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What you can do with it now (403, 409)."
    )
    changes = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="What happened since your version (409)."
    )
    reference = serializers.CharField(required=False, help_text="The other ticket that it is about (409).")


def problem(
    status: int, code: str, detail: object, *, headers: Mapping[str, str] | None = None, **facts: Any
) -> Response:
    """A problem document as a response."""
    document = {
        "type": f"urn:complaint-desk:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(detail),
    }
    return Response({**_local(facts), **document}, status=status, headers=headers, content_type=CONTENT_TYPE)


def handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The exception handler of the REST framework: a problem for what is expected, None for what goes up."""
    set_rollback()
    match error:
        case Malformed():
            return problem(error.status, error.code, error, errors=error.errors, **error.facts)
        case Refusal():
            return problem(error.status, error.code, error, **error.facts)
        case exceptions.ValidationError():
            return problem(400, "malformed", _("This is not well formed."), errors=dict(flat(error.detail)))
        case DjangoValidationError():
            return problem(400, "malformed", _("This is not well formed."), errors=dict(flat(error.messages)))
        case ValueError() if nul.was_asked_for(error) and nul.NUL not in context["request"].path:
            return problem(400, "malformed", _("This is not well formed."))
        case Http404():
            return _not_found()
        case ValueError() if nul.was_asked_for(error):
            return _not_found()
        case PermissionDenied():
            return problem(403, "permission_denied", _("This is not yours to do."))
        case SuspiciousOperation() | UnicodeError() | UnreadablePostError():
            return problem(400, "not_readable", _("The request cannot be read."))
        case exceptions.APIException():
            return problem(error.status_code, _code_of(error), error.detail, headers=_headers_of(error))
    return None


def _not_found() -> Response:
    return problem(404, "not_found", _("There is no such thing, or it is not for you to see."))


def flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each field with its messages; nested fields are joined by dots, what concerns the whole stands under 'all'."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from flat(inner, f"{path}.{step}".strip("."))
    elif isinstance(detail, list) and any(isinstance(inner, (Mapping, list)) for inner in detail):
        for position, inner in enumerate(detail):
            yield from flat(inner, f"{path}.{position}".strip("."))
    elif detail:
        messages = detail if isinstance(detail, list) else [detail]
        yield path or "all", [str(message) for message in messages]


def _local(facts: Any) -> Any:
    """Facts with their moments on the business clock, as everywhere in the API."""
    match facts:
        case datetime():
            return timezone.localtime(facts)
        case dict():
            return {name: _local(fact) for name, fact in facts.items()}
        case list():
            return [_local(fact) for fact in facts]
    return facts


def _code_of(error: exceptions.APIException) -> str:
    if isinstance(error.get_codes(), str) and error.get_codes() != error.default_code:
        return str(error.get_codes())
    return NAMES.get(type(error), error.default_code)


def _headers_of(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers
