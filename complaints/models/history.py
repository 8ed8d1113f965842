"""The history of a ticket: append-only, enforced by the database (R5)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.states import State


class Note(models.Model):
    """Personal text that an entry refers to; retention may blank it, the entry stays."""

    text = models.TextField(_("text"))
    blanked_at = models.DateTimeField(_("blanked"), null=True, blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text[:60]


class Entry(models.Model):
    """One line of a ticket's history: who, when, from where, what from what to what, why.

    Much is written and an index costs each line, so none repeats what a longer one begins with, and none holds lines
    that nobody looks for by it: those of the system by their person, those without a note by their note.
    """

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(_("what"), max_length=40)
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    origin = models.CharField(_("from where"), max_length=20)
    source = models.CharField(_("from"), max_length=20, choices=State, blank=True)
    target = models.CharField(_("to"), max_length=20, choices=State, blank=True)
    version = models.PositiveIntegerField(_("version of the ticket"))
    data = models.JSONField(_("codes and references"), default=dict)
    note = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="entries", db_index=False)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["note"], condition=Q(note__isnull=False), name="a_note_belongs_to_one_entry"
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "id"], name="entries_of_a_ticket"),
            models.Index(fields=["kind", "at"], name="entries_by_kind_and_time"),
            models.Index(fields=["by", "ticket"], condition=Q(by__isnull=False), name="entries_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
