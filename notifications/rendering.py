"""From a message's kind and codes to what its person reads, in their language."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string
from django.utils.timezone import localtime

from common.text import refuse_control_characters
from notifications.models import Message


class Unrenderable(Exception):
    """The message cannot be put into words that are safe to send."""


@dataclass(frozen=True)
class Text:
    """What a message says."""

    subject: str
    body: str


def render(message: Message, *, language: str = "") -> Text:
    """Put a message into words, in its own language unless another is asked for. Raises Unrenderable.

    A kind whose words are no codes, such as a letter, has them fetched by the function that MESSAGE_FACTS names.

    The first line of the template is the subject. The result is plain text and not escaped for HTML; a page that shows
    it escapes it, as it does everything. A subject with line breaks or control characters is refused (it is a header).
    """
    facts: dict[str, Any] = {
        "ticket": message.ticket,
        **{name: _read(name, it) for name, it in message.context.items()},
    }
    if message.kind in settings.MESSAGE_FACTS:
        facts |= import_string(settings.MESSAGE_FACTS[message.kind])(message)
    with translation.override(language or message.language):
        # Only the engine's own template, inside the one that `get_template` wraps, can be rendered without escaping.
        template = get_template(f"notifications/{message.kind}.txt").template  # type: ignore[attr-defined]
        written = template.render(Context(facts, autoescape=False))
    subject, _newline, body = written.strip().partition("\n")
    try:
        refuse_control_characters(subject)
        refuse_control_characters(body)
    except ValidationError as error:
        raise Unrenderable(str(error.messages[0])) from error
    if "\r" in subject or "\t" in subject:
        raise Unrenderable(f"the subject of {message.key} holds a line break or a tab")
    return Text(subject=subject.strip(), body=re.sub(r"\n{3,}", "\n\n", body.strip()))


def _read(name: str, value: Any) -> Any:
    """An instant where the name says that it is one, on the business clock; anything else as it is."""
    if name.endswith("_at") and isinstance(value, str) and (instant := parse_datetime(value)) is not None:
        return localtime(instant)
    return value
