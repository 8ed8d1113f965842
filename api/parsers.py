"""Reading request bodies: bounded, UTF-8, JSON as the standard has it."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant

LONGEST_BODY = 512 * 1024


class Json(JSONParser):
    """One JSON object of at most half a megabyte. Raises ParseError (400) for anything else, however deep or broken."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        body = stream.read(LONGEST_BODY + 1)
        if len(body) > LONGEST_BODY:
            raise ParseError(_("The body is longer than %(limit)d bytes.") % {"limit": LONGEST_BODY}, "body_too_long")
        try:
            document = json.loads(body.decode("utf-8"), parse_constant=strict_constant)
            # Half of a surrogate pair can be escaped in JSON but not be stored or sent back.
            json.dumps(document, ensure_ascii=False).encode("utf-8")
        except UnicodeError as error:
            raise ParseError(_("The body is not UTF-8.")) from error
        except RecursionError as error:
            raise ParseError(_("The body is nested too deeply.")) from error
        except ValueError as error:
            raise ParseError(_("The body is not JSON.")) from error
        if not isinstance(document, dict):
            raise ParseError(_("The body is not a JSON object."))
        return document
