"""Who asks: a token in the header, or the session of a page with its CSRF token."""

from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import Person


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer …`. Tokens are random, expire, and only their hashes are stored (N3)."""

    def authenticate_credentials(self, token: bytes) -> tuple[Person, object]:
        """The person whose token it is. Raises AuthenticationFailed, also for what can be no token at all."""
        if not token.isalnum():
            raise AuthenticationFailed
        return super().authenticate_credentials(token)
