"""How the customer of a ticket is reached in writing."""

import re

from complaints.models import Ticket

_TEXTABLE = re.compile(r"\+?[0-9]{5,20}")


def number_to_text(ticket: Ticket) -> str:
    """The number to which a short message can be sent; empty where there is none."""
    number = re.sub(r"[\s-]", "", ticket.contact_number or ticket.customer.number)
    return number if _TEXTABLE.fullmatch(number) else ""
