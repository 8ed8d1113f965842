"""One-time links: what a link carries is signed, and neither the database nor a message keeps it whole (R73).

A link's token is a random code and its signature. A row keeps the hash of the code, a message waiting to be sent the
code; only who has the secret key can make the token of it.
"""

import hashlib
import secrets

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

FIGURES = 6
CODE_BYTES = 24  # 192 bits: not to be guessed, and short enough for a short message


def new_code() -> str:
    """A random code, in letters that survive a short message and a link."""
    return secrets.token_urlsafe(CODE_BYTES)


def hash_of(code: str) -> str:
    """What a row keeps of a code; it is random through and through, so a plain hash cannot be searched backwards."""
    return hashlib.sha256(code.encode()).hexdigest()


def sign(code: str, *, purpose: str) -> str:
    """The token for a link: the code with its signature, good for this purpose only."""
    return _signer(purpose).sign(code)


def read(token: str, *, purpose: str) -> str | None:
    """The code of a token; None for one that was guessed, altered or made for another purpose."""
    if not token.isascii():
        return None
    try:
        return _signer(purpose).unsign(token)
    except BadSignature:
        return None


def figures_of(code: str, *, purpose: str) -> str:
    """Six figures to be typed in, made of a random code and the secret key; good for this purpose only.

    Who reads the database sees the code and can make no figures of it.
    """
    digest = salted_hmac(f"figures.{purpose}", code, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**FIGURES:0{FIGURES}d}"


def _signer(purpose: str) -> Signer:
    return Signer(sep=".", salt=f"link.{purpose}")
