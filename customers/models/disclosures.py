"""Who opened what of a customer, and why (R1, R2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lookup(models.Model):
    """Somebody opened a customer by number or reference, as anyone who answers a caller must (R1)."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="lookups")
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    origin = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("customer look-up")
        verbose_name_plural = _("customer look-ups")
        ordering = ["-at", "-pk"]


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
