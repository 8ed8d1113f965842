"""Who opened what of a customer, and why (R1, R2)."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from common.rules import OneRow


class DisclosureRules(OneRow):
    """The one row that says how long a look-up opens a customer, and how much one person may open in an hour."""

    look_up_lasts_minutes = models.PositiveIntegerField(_("a look-up opens a customer for (min)"), default=30)
    look_ups_per_hour = models.PositiveIntegerField(_("look-ups of one person in an hour at most"), default=120)
    disclosures_per_hour = models.PositiveIntegerField(
        _("full values that one person opens in an hour at most"), default=20
    )

    class Meta:
        verbose_name = _("rules for opening customers")
        verbose_name_plural = _("rules for opening customers")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_disclosure_rules")]

    def __str__(self) -> str:
        return str(_("rules for opening customers"))


class LookupQuerySet(models.QuerySet["Lookup"]):
    """Questions to look-ups."""

    def open_for(self, person: Person, at: datetime) -> Self:
        """Made by this person so lately that the customer is still open to them."""
        lasts = timedelta(minutes=DisclosureRules.current().look_up_lasts_minutes)
        return self.filter(by=person, at__gt=at - lasts, at__lte=at)


class Lookup(models.Model):
    """Somebody opened a customer by number or reference, as anyone who answers a caller must (R1)."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="lookups")
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    origin = models.CharField(max_length=20)

    objects = LookupQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer look-up")
        verbose_name_plural = _("customer look-ups")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "at"], name="look_ups_by_person")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_id} → {self.customer_id}"


class Disclosure(models.Model):
    """Somebody opened a full value that is masked otherwise, with a reason (R2)."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="disclosures")
    field = models.CharField(_("what"), max_length=30)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "at"], name="disclosures_by_person")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_id} → {self.customer_id}.{self.field}"
