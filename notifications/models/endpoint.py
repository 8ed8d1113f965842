"""Where webhooks go: other systems, and the robots of group chats."""

from typing import Self

from auditlog.registry import auditlog
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named
from notifications.gateways.addresses import NotAllowed, split
from notifications.kinds import Format, Kind

FROM_SETTINGS = "settings"


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Which endpoints get what."""

    def in_use_for(self, kind: str) -> list["Endpoint"]:
        """Those that messages of a kind go to; among them the one that the settings name, if they name one."""
        if settings.WEBHOOK_URL:
            self.get_or_create(code=FROM_SETTINGS, defaults={"name_zh": "配置的地址", "name_en": "From the settings"})
        in_use = self.filter(is_active=True).filter(Q(kinds=[]) | Q(kinds__contains=[kind])).order_by("code")
        return [endpoint for endpoint in in_use if endpoint.address]

    def any_in_use(self) -> bool:
        """Whether a webhook would reach anybody."""
        return bool(settings.WEBHOOK_URL) or self.filter(is_active=True).exclude(url="").exists()

    def with_code(self, code: str) -> Self:
        """The one with this code, if there is one."""
        return self.filter(code=code)


class Endpoint(Named):
    """One address outside the house, with the form in which it wants to be told.

    The one with the code 'settings' has its address and secret from the environment.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    format = models.CharField(_("format"), max_length=10, choices=Format, default=Format.JSON)
    url = models.CharField(
        _("address"), max_length=500, blank=True, help_text=_("Of a robot: the whole address that the chat gives out.")
    )
    secret = models.CharField(
        _("secret"), max_length=200, blank=True, help_text=_("With which requests are signed; robots may have none.")
    )
    kinds = ArrayField(
        models.CharField(max_length=40, choices=Kind),
        verbose_name=_("kinds of messages"),
        default=list,
        blank=True,
        help_text=_("Empty: all."),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("endpoint of webhooks")
        verbose_name_plural = _("endpoints of webhooks")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(url="") | Q(code=FROM_SETTINGS), name="an_endpoint_of_ones_own_has_an_address"
            ),
            models.CheckConstraint(
                condition=~Q(format=Format.JSON) | ~Q(secret="") | Q(code=FROM_SETTINGS),
                name="a_request_to_another_system_is_signed",
                violation_error_message=_("Another system needs a secret, to tell our requests from others."),
            ),
        ]

    @property
    def address(self) -> str:
        """Where it is."""
        return self.url or (settings.WEBHOOK_URL if self.code == FROM_SETTINGS else "")

    @property
    def key(self) -> str:
        """With what its requests are signed."""
        return self.secret or (settings.WEBHOOK_SECRET if self.code == FROM_SETTINGS else "")

    @property
    def circuit(self) -> str:
        """The name of its circuit."""
        return f"webhook:{self.code}"

    def clean(self) -> None:
        """Refuse an address to which nothing could ever be sent. Raises ValidationError."""
        try:
            if self.url:
                split(self.url)
        except NotAllowed as error:
            raise ValidationError({"url": str(error)}) from error


auditlog.register(Endpoint, mask_fields=["secret", "url"])
