"""Subscribers' numbers as people write them, in the one form in which they are kept."""

import re
import unicodedata

from django.utils.translation import gettext as _

from common.refusals import Malformed

LONGEST_NUMBER = 32
_BETWEEN_DIGITS = re.compile(r"[\s().\-‐-―]+")
_COUNTRY = re.compile(r"^(?:\+|00)86(?=\d{7,})")
_NUMBER = re.compile(r"[0-9A-Za-z+@_#*]{3,32}")


def plain_number(text: str) -> str:
    """The number with half-width signs, without blanks, hyphens and the country's code; accounts may hold letters.

    Raises Malformed for what cannot be a number.
    """
    number = _COUNTRY.sub("", _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text)))
    if not _NUMBER.fullmatch(number):
        message = _("Give a subscriber's number: 3 to %(limit)d digits, letters or signs.") % {"limit": LONGEST_NUMBER}
        raise Malformed(message, errors={"number": [message]})
    return number
