"""Subscribers and the people who speak for them; filled by import or adapter, never in the way of acceptance (R14)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.text import refuse_control_characters


class Tier(models.TextChoices):
    """How a customer is rated; gold and above are answered one grade faster (R21), VIP by their manager (R40)."""

    ORDINARY = "ordinary", _("ordinary")
    SILVER = "silver", _("silver")
    GOLD = "gold", _("gold")
    VIP = "vip", _("VIP")


class Brand(models.TextChoices):
    """The operator's brands."""

    GOTONE = "gotone", _("GoTone")
    EASYOWN = "easyown", _("Easyown")
    MZONE = "mzone", _("M-Zone")
    BROADBAND = "broadband", _("home broadband")
    ENTERPRISE = "enterprise", _("enterprise")


class Standing(models.TextChoices):
    """By what right somebody complains for a subscriber (R10)."""

    SUBSCRIBER = "subscriber", _("the subscriber")
    FAMILY = "family", _("family")
    EMPLOYEE = "employee", _("employee of the subscriber")
    LAWYER = "lawyer", _("lawyer")
    OTHER = "other", _("another person")


class Customer(models.Model):
    """A subscriber."""

    number = models.CharField(
        _("subscriber's number"), max_length=32, unique=True, validators=[refuse_control_characters]
    )
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[refuse_control_characters])
    identity_number = models.CharField(_("identity number"), max_length=32, blank=True)
    brand = models.CharField(_("brand"), max_length=20, choices=Brand, blank=True)
    tier = models.CharField(_("tier"), max_length=20, choices=Tier, default=Tier.ORDINARY)
    manager = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("customer manager"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="managed_customers",
    )
    branch = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("city branch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="customers",
    )
    address = models.CharField(_("address"), max_length=300, blank=True, validators=[refuse_control_characters])
    language = models.CharField(_("language"), max_length=10, blank=True)
    facts_as_of = models.DateTimeField(_("facts as of"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["number"]
        indexes = [models.Index(fields=["address"], condition=~Q(address=""), name="customers_by_address")]

    def __str__(self) -> str:
        return self.masked_number

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden (R2)."""
        return mask(self.number)

    @property
    def masked_name(self) -> str:
        """The family name, the rest hidden (R2)."""
        return mask_name(self.name)


class ContactPerson(models.Model):
    """Somebody who speaks for a subscriber."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="contact_persons"
    )
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[refuse_control_characters])
    number = models.CharField(_("number"), max_length=32, blank=True, validators=[refuse_control_characters])
    standing = models.CharField(_("standing"), max_length=20, choices=Standing, default=Standing.OTHER)

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.masked_name} ({self.get_standing_display()})"

    @property
    def masked_name(self) -> str:
        """The family name, the rest hidden (R2)."""
        return mask_name(self.name)

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden (R2)."""
        return mask(self.number)


def mask(number: str) -> str:
    """A number with all but its first three and last four signs hidden; short ones keep only the last two (R2)."""
    if len(number) <= 7:
        return "•" * max(len(number) - 2, 0) + number[-2:]
    return number[:3] + "•" * (len(number) - 7) + number[-4:]


def mask_name(name: str) -> str:
    """A name with all but its first sign hidden (R2)."""
    return name[:1] + "*" * max(len(name) - 1, 0)
