"""What an e-mail to a customer says: the words of the letter as it was sent. Read by delivery (`MESSAGE_FACTS`)."""

from typing import Any

from letters.models import Letter
from notifications.models import Message


def facts(message: Message) -> dict[str, Any]:
    """Subject and text of the letter that the message carries; the message itself holds its number only."""
    words = Letter.objects.get(pk=message.context["letter"]).get_current()
    return {"subject": words.subject, "body": words.body}
