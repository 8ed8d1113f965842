"""Messages, each try to deliver one, and where they go outside the house."""

from notifications.models.attempt import Attempt
from notifications.models.circuit import Circuit
from notifications.models.endpoint import Endpoint
from notifications.models.message import KEY, Message

__all__ = ["KEY", "Attempt", "Circuit", "Endpoint", "Message"]
