"""How the OpenAPI schema reads our views: each class names its `Input` and `Output`."""

import re
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers

from api.problems import CONTENT_TYPE, ProblemOut

REFUSALS = ("400", "401", "403", "404", "409")


SCHEME = "Bearer"


class DeskSchema(AutoSchema):
    """Takes a view's `Input`, `Output` and `status`, and adds the four answers in their one format."""

    def get_summary(self) -> str | None:
        """The first clause of what the view says of itself."""
        words = (type(self.view).__doc__ or "").strip().splitlines()
        return re.split(r"[.;:](?:\s|$)", words[0])[0] if words else None

    def get_request_serializer(self) -> Any:
        """What a write takes."""
        return getattr(self.view, "Input", None)

    def get_response_serializers(self) -> Any:
        """What comes back, and every way of being refused."""
        status = str(getattr(self.view, "status", 200)) if self.method == "POST" else "200"
        output = getattr(self.view, "Line", None) if self.method == "GET" else None
        refusals = {(code, CONTENT_TYPE): ProblemOut for code in REFUSALS if code != "409" or self.method == "POST"}
        return {status: output or getattr(self.view, "Output", None), **refusals}

    def get_serializer_name(self, serializer: serializers.Serializer, direction: Any) -> str:
        """Nested classes carry their view's name: `ClaimInput`."""
        return type(serializer).__qualname__.replace(".", "")

    def get_override_parameters(self) -> list[Any]:
        """The reference in the path, whose converter the generator does not know, and the version in the header."""
        parameters = []
        if "{reference}" in self.path:
            parameters.append(OpenApiParameter("reference", str, OpenApiParameter.PATH, pattern=r"^T-[0-9]{1,18}$"))
        if self.method == "POST" and "version" in getattr(getattr(self.view, "Input", None), "_declared_fields", {}):
            parameters.append(
                OpenApiParameter(
                    "If-Match",
                    str,
                    OpenApiParameter.HEADER,
                    description="The version that was looked at, as an ETag; the same as `version` in the body.",
                )
            )
        return parameters

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.method == "GET" and isinstance(self.view, generics.ListAPIView)


class TokenScheme(OpenApiAuthenticationExtension):
    """The token in the header, for the schema."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """A bearer token."""
        return build_bearer_security_scheme_object(header_name="Authorization", token_prefix=SCHEME)
