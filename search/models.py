"""What can be found: the words of each ticket, kept beside it by the database itself.

Triggers (first migration) write this table, so that no way of writing a ticket, a bulk import included, can leave its
words out, and none can name words that the ticket does not have. Nothing else writes it.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Wording(models.Model):
    """The words said about one ticket: its matter, its record, feedbacks, replies, remedies and notes.

    `words` holds Latin words and numbers as they are, lowered, and Chinese as pairs of neighbouring characters, since
    Chinese does not say where a word ends.
    """

    ticket = models.OneToOneField(
        "complaints.Ticket", primary_key=True, on_delete=models.CASCADE, related_name="wording"
    )
    raised_at = models.DateTimeField(_("raised"))
    words = SearchVectorField(_("words"))

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        indexes = [
            GinIndex(fields=["words"], name="tickets_by_wording"),
            models.Index(fields=["-raised_at", "-ticket"], name="wordings_newest_first"),
        ]

    def __str__(self) -> str:
        return str(self.ticket_id)
