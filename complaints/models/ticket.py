"""The ticket (工单): one customer's matter, its state and its moves (section 3 of the domain).

A move sets fields and touches nothing else; the actions make moves, write the history and announce them.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, FSMField, FSMModelMixin, transition

from accounts.models import Authority, Person, Unit
from common.refusals import Stale
from common.text import refuse_control_characters
from complaints.models import permissions as may
from complaints.querysets import TicketQuerySet
from complaints.states import (
    AWAITING_THE_UNIT,
    LIVE,
    REOPENABLE,
    Addressee,
    Level,
    Liability,
    Medium,
    Nature,
    State,
    Urgency,
    Verdict,
)

MOVES: dict[str, tuple[Any, Any]] = {
    # move: what it is called, who makes it
    "resolve_on_site": (_("solve on the spot"), _("the owner")),
    "return_for_completion": (_("return for completion"), _("a dispatcher")),
    "resubmit": (_("submit again"), _("the owner")),
    "dispatch": (_("dispatch"), _("a dispatcher")),
    "handle_at_desk": (_("handle at the desk"), _("a dispatcher")),
    "recall": (_("recall"), _("a dispatcher")),
    "claim": (_("claim"), _("a handler of the lead unit")),
    "release": (_("release"), _("its handler or a supervisor")),
    "assign": (_("assign"), _("the unit's lead or a supervisor")),
    "transfer": (_("transfer"), _("the lead unit or a supervisor")),
    "send_back": (_("send back"), _("the lead unit")),
    "feed_back": (_("feed back"), _("its handler")),
    "reject_feedback": (_("reject the feedback"), _("who replies")),
    "reply": (_("reply"), _("who replies")),
    "conclude": (_("conclude"), _("who replies")),
    "conclude_unreachable": (_("conclude as unreachable"), _("who replies")),
    "reopen": (_("reopen"), _("an agent, a callback agent or a supervisor")),
    "finish_callback": (_("finish the callback"), _("a callback agent")),
    "cancel": (_("cancel"), _("the owner or a supervisor")),
}

WRITTEN_BY_CLOCKS = ("next_due_at", "next_due_kind", "reply_due_at")
BY_DUE = ("next_due_at", "raised_at", "id")
"""In which order lists show tickets (`TicketQuerySet.by_due`); an index that ends so is read as far as a page goes."""


def person(name: Any, **options: Any) -> Any:
    """A reference to somebody that may be empty and that is never lost."""
    return models.ForeignKey(
        "accounts.Person", verbose_name=name, null=True, blank=True, on_delete=models.PROTECT, **options
    )


def unit(name: Any, **options: Any) -> Any:
    """A reference to a unit that may be empty and that is never lost."""
    return models.ForeignKey(
        "accounts.Unit", verbose_name=name, null=True, blank=True, on_delete=models.PROTECT, **options
    )


def is_first_contact(ticket: "Ticket") -> bool:
    """Nothing was dispatched yet in any round."""
    return ticket.dispatches == 0


def no_approval_is_open(ticket: "Ticket") -> bool:
    """Nothing awaits an approval (R33, R41)."""
    return ticket.open_approvals == 0


def nobody_else_has_it(ticket: "Ticket") -> bool:
    """Nobody has claimed it."""
    return ticket.handler_id is None


class Ticket(FSMModelMixin, models.Model):
    """One customer's matter, from acceptance to archive; everything hangs on it."""

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    state = FSMField(_("state"), max_length=20, choices=State, default=State.ACCEPTED, protected=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    matter = models.OneToOneField("contact.Matter", on_delete=models.PROTECT, related_name="ticket")

    nature = models.CharField(_("nature"), max_length=20, choices=Nature, default=Nature.COMPLAINT)
    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.PROTECT, related_name="tickets"
    )
    contact_person = models.ForeignKey(
        "customers.ContactPerson",
        verbose_name=_("person complaining"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
    )
    contact_number = models.CharField(_("contact number"), max_length=32, blank=True)
    preferred_medium = models.CharField(_("preferred way of reply"), max_length=20, choices=Medium, blank=True)
    medium = models.CharField(_("medium"), max_length=20, choices=Medium)
    addressee = models.CharField(_("addressee"), max_length=20, choices=Addressee, default=Addressee.CENTRE)
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    category = models.ForeignKey(
        "complaints.Category", verbose_name=_("category"), on_delete=models.PROTECT, related_name="tickets"
    )
    urgency = models.CharField(_("urgency"), max_length=20, choices=Urgency)
    is_grave = models.BooleanField(_("grave"), default=False)
    record = models.JSONField(_("record"), default=dict, blank=True)
    happened = models.TextField(_("what happened"), validators=[refuse_control_characters])
    wanted = models.TextField(_("what the customer wants"), blank=True, validators=[refuse_control_characters])
    recording = models.CharField(_("recording reference"), max_length=120, blank=True)
    external_id = models.CharField(_("external id"), max_length=120, null=True, blank=True, unique=True)
    duplicate_reason = models.CharField(_("why another ticket"), max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", verbose_name=_("merged into")
    )

    raised_at = models.DateTimeField(_("raised"))
    accepted_at = models.DateTimeField(_("accepted"))
    submitted_at = models.DateTimeField(_("submitted"))
    accepted_by = person(_("accepted by"), related_name="accepted_tickets")
    accepting_unit = models.ForeignKey(
        "accounts.Unit", verbose_name=_("accepted at"), on_delete=models.PROTECT, related_name="accepted_tickets"
    )
    owner = person(_("owner"), related_name="owned_tickets")
    desk = unit(_("dispatch desk"), related_name="reviewed_tickets")

    lead_unit = unit(_("lead unit"), related_name="led_tickets")
    last_unit = unit(_("last handling unit"), related_name="+")
    dispatched_at = models.DateTimeField(_("dispatched"), null=True, blank=True)
    dispatches = models.PositiveSmallIntegerField(_("times dispatched"), default=0)
    transfers = models.PositiveSmallIntegerField(_("times transferred"), default=0)
    send_backs = models.PositiveSmallIntegerField(_("times sent back or returned"), default=0)
    handler = person(_("handler"), related_name="handled_tickets")
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    touched_at = models.DateTimeField(_("last worked on"), null=True, blank=True)
    last_handler = person(_("last handler"), related_name="+")
    fed_back_at = models.DateTimeField(_("fed back"), null=True, blank=True)
    rejections = models.PositiveSmallIntegerField(_("feedbacks rejected"), default=0)

    replier = person(_("who replies"), related_name="tickets_to_reply")
    replying_by = person(_("has begun a reply"), related_name="+")
    replying_since = models.DateTimeField(_("reply begun"), null=True, blank=True)
    open_approvals = models.PositiveSmallIntegerField(_("open approvals"), default=0)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    replied_by = person(_("replied by"), related_name="+")

    verdict = models.CharField(_("the customer"), max_length=20, choices=Verdict, blank=True)
    liability = models.CharField(_("liability"), max_length=20, choices=Liability, blank=True)
    resolved_on_site_at = models.DateTimeField(_("solved on the spot"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("concluded"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)

    held_since = models.DateTimeField(_("held since"), null=True, blank=True)
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    chased = models.PositiveSmallIntegerField(_("chase-ups"), default=0)

    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True)
    next_due_kind = models.CharField(_("what is due next"), max_length=20, blank=True)
    reply_due_at = models.DateTimeField(_("reply due"), null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State)), name="a_ticket_is_in_a_known_state"),
            models.CheckConstraint(condition=Q(urgency__in=list(Urgency)), name="a_ticket_has_a_known_urgency"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DISPATCHED, State.HANDLING, State.REPLYING]) | Q(lead_unit__isnull=False),
                name="a_dispatched_ticket_has_a_lead_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HANDLING) | Q(handler__isnull=False), name="a_ticket_in_handling_has_a_handler"
            ),
            models.CheckConstraint(
                condition=Q(held_since__isnull=True, held_until__isnull=True)
                | Q(held_since__isnull=False, held_until__isnull=False),
                name="a_held_ticket_says_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CLOSED, State.CANCELLED]) | Q(held_until__isnull=True),
                name="an_ended_ticket_is_not_held",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed_at__isnull=False), name="a_closed_ticket_says_when"
            ),
        ]
        indexes = [
            models.Index(fields=[*BY_DUE], condition=Q(state__in=sorted(LIVE)), name="live_by_due"),
            models.Index(
                fields=["lead_unit", "state", *BY_DUE],
                include=["dispatched_at"],
                condition=Q(state__in=sorted(AWAITING_THE_UNIT)),
                name="unit_queue_by_due",
            ),
            models.Index(fields=["handler", *BY_DUE], condition=Q(state="handling"), name="in_hand_by_due"),
            models.Index(
                fields=["lead_unit"], condition=Q(state="handling", rejections__gt=0), name="rejected_in_hand"
            ),
            models.Index(fields=["desk", "state", *BY_DUE], condition=Q(state__in=sorted(LIVE)), name="desk_by_due"),
            models.Index(fields=["state", *BY_DUE], condition=Q(state__in=sorted(LIVE)), name="state_by_due"),
            models.Index(fields=["desk", "state"], name="tickets_of_a_desk"),
            models.Index(fields=["owner", "state"], name="tickets_of_an_owner"),
            models.Index(fields=["customer", "-raised_at"], name="tickets_of_a_customer"),
            models.Index(fields=["contact_number"], name="tickets_by_contact_number"),
            models.Index(fields=["accepted_at"], name="tickets_by_accepted"),
            models.Index(fields=["raised_at"], name="tickets_by_raised"),
            # All that is asked of a claim that nobody touched: it is asked every few seconds, and most are touched.
            models.Index(
                fields=["claimed_at"],
                condition=Q(
                    state="handling", touched_at__isnull=True, held_until__isnull=True, fed_back_at__isnull=True
                ),
                name="untouched_claims_to_give_back",
            ),
            models.Index(
                fields=["replying_since"], condition=Q(replying_since__isnull=False), name="begun_replies_to_expire"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # the plugin has made one
        """As Django's own, which goes through all choices at each call; lists call it for every line."""
        return str(State(self.state).label)

    # Answers without a query

    @property
    def is_live(self) -> bool:
        """Neither closed nor cancelled."""
        return self.state in LIVE

    @property
    def is_escalated(self) -> bool:
        """An escalated complaint (升级投诉): put to anybody but this centre (R11)."""
        return self.addressee != Addressee.CENTRE

    @property
    def is_held(self) -> bool:
        """On hold (R6)."""
        return self.held_until is not None

    @property
    def who_replies(self) -> Person | None:
        """The person named for the reply, else the owner (R40)."""
        return self.replier or self.owner

    @property
    def holder(self) -> Person | None:
        """Who has the ticket in hand now; None where a whole desk does (R32)."""
        if self.state in {State.HANDLING, State.DISPATCHED}:
            return self.handler
        if self.state in {State.REPLYING, State.REPLIED}:
            return self.who_replies
        return self.owner if self.state == State.RETURNED else None

    @property
    def holding_unit(self) -> Unit:
        """The unit that has the ticket in hand now, from which an escalation climbs (R90)."""
        if self.state in {State.DISPATCHED, State.HANDLING} and self.lead_unit is not None:
            return self.lead_unit
        if self.state == State.ACCEPTED and self.desk is not None:
            return self.desk
        return self.accepting_unit

    # Moves

    @transition(
        field=state,
        source=State.ACCEPTED,
        target=State.CALLBACK,
        permission=may.by_people(may.owns),
        conditions=[is_first_contact],
    )
    def resolve_on_site(self, *, at: datetime, nature: str, verdict: str, liability: str) -> None:
        self.nature, self.verdict, self.liability = nature, verdict, liability
        self.resolved_on_site_at = self.concluded_at = self.replied_at = at
        self.replied_by = self.owner

    @transition(field=state, source=State.ACCEPTED, target=State.RETURNED, permission=may.by_people(may.dispatches))
    def return_for_completion(self, *, at: datetime) -> None:
        self.send_backs += 1

    @transition(field=state, source=State.RETURNED, target=State.ACCEPTED, permission=may.by_people(may.owns))
    def resubmit(self, *, at: datetime) -> None:
        self.submitted_at = at

    @transition(field=state, source=State.ACCEPTED, target=State.DISPATCHED, permission=may.dispatches)
    def dispatch(self, *, at: datetime, to: Unit) -> None:
        self._go_to(to, at=at)
        self.dispatches += 1

    @transition(field=state, source=State.ACCEPTED, target=State.HANDLING, permission=may.by_people(may.dispatches))
    def handle_at_desk(self, *, at: datetime, handler: Person) -> None:
        if self.desk is None:
            raise ValueError("a ticket without a dispatch desk cannot be handled at it")
        self._go_to(self.desk, at=at)
        self._put_in_hand(handler, at=at)
        self.dispatches += 1

    @transition(
        field=state,
        source=State.DISPATCHED,
        target=State.ACCEPTED,
        permission=may.by_people(may.dispatches),
        conditions=[nobody_else_has_it],
    )
    def recall(self, *, at: datetime) -> None:
        self.lead_unit = None
        self.submitted_at = at

    @transition(field=state, source=State.DISPATCHED, target=State.HANDLING, permission=may.by_people(may.claims))
    def claim(self, *, at: datetime, handler: Person) -> None:
        self._put_in_hand(handler, at=at)

    @transition(field=state, source=State.HANDLING, target=State.DISPATCHED, permission=may.releases)
    def release(self, *, at: datetime) -> None:
        self._take_out_of_hand()

    @transition(field=state, source=list(AWAITING_THE_UNIT), target=State.HANDLING, permission=may.assigns)
    def assign(self, *, at: datetime, to: Person) -> None:
        self._put_in_hand(to, at=at)

    @transition(field=state, source=list(AWAITING_THE_UNIT), target=State.DISPATCHED, permission=may.transfers)
    def transfer(self, *, at: datetime, to: Unit) -> None:
        self._take_out_of_hand()
        self._go_to(to, at=at)
        self.transfers += 1

    @transition(
        field=state, source=list(AWAITING_THE_UNIT), target=State.ACCEPTED, permission=may.by_people(may.sends_back)
    )
    def send_back(self, *, at: datetime) -> None:
        self._take_out_of_hand()
        self.lead_unit = None
        self.submitted_at = at
        self.send_backs += 1

    @transition(field=state, source=State.HANDLING, target=State.REPLYING, permission=may.by_people(may.handles))
    def feed_back(self, *, at: datetime) -> None:
        self.fed_back_at = self.touched_at = at

    @transition(field=state, source=State.REPLYING, target=State.HANDLING, permission=may.by_people(may.replies))
    def reject_feedback(self, *, at: datetime) -> None:
        self.rejections += 1
        self.claimed_at = at
        self.touched_at = None
        self.forget_begun_reply()

    @transition(
        field=state,
        source=State.REPLYING,
        target=State.REPLIED,
        permission=may.by_people(may.replies),
        conditions=[no_approval_is_open],
    )
    def reply(self, *, at: datetime, replied_by: Person | None) -> None:
        self.replied_at, self.replied_by = at, replied_by
        self.forget_begun_reply()

    @transition(field=state, source=State.REPLIED, target=State.CALLBACK, permission=may.by_people(may.replies))
    def conclude(self, *, at: datetime, nature: str, verdict: str, liability: str) -> None:
        self.nature, self.verdict, self.liability = nature, verdict, liability
        self.concluded_at = at

    @transition(field=state, source=State.REPLYING, target=State.CLOSED, permission=may.by_people(may.replies))
    def conclude_unreachable(self, *, at: datetime, nature: str, liability: str) -> None:
        self.nature, self.verdict, self.liability = nature, Verdict.UNKNOWN, liability
        self.concluded_at = self.closed_at = at
        self.forget_begun_reply()

    @transition(
        field=state,
        source=list(REOPENABLE),
        target=GET_STATE(
            lambda self, **facts: State.DISPATCHED if self.last_unit_id else State.ACCEPTED,
            states=[State.DISPATCHED, State.ACCEPTED],
        ),
        permission=may.reopens,
    )
    def reopen(self, *, at: datetime) -> None:
        self.round += 1
        self.reopened_at = self.submitted_at = at
        self.lead_unit = self.last_unit
        self._take_out_of_hand()
        self.replied_at = self.replied_by = self.concluded_at = self.closed_at = self.fed_back_at = None
        self.verdict = self.liability = ""
        if self.lead_unit is not None:
            self.dispatched_at = at
            self.dispatches += 1

    @transition(field=state, source=State.CALLBACK, target=State.CLOSED, permission=may.calls_back)
    def finish_callback(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(
        field=state,
        source=list(LIVE),
        target=State.CANCELLED,
        permission=may.by_people(may.cancels),
    )
    def cancel(self, *, at: datetime, merged_into: "Ticket | None" = None) -> None:
        self.merged_into = merged_into
        self.cancelled_at = at
        self.forget_begun_reply()

    # What several moves share

    def _go_to(self, to: Unit, *, at: datetime) -> None:
        self.lead_unit = self.last_unit = to
        self.dispatched_at = at

    def _put_in_hand(self, handler: Person, *, at: datetime) -> None:
        self.handler = self.last_handler = handler
        self.claimed_at = at
        self.touched_at = None

    def _take_out_of_hand(self) -> None:
        self.handler = None
        self.claimed_at = self.touched_at = None

    def forget_begun_reply(self) -> None:
        """Nobody has a reply in the making any more (R42)."""
        self.replying_by = None
        self.replying_since = None

    # Saving on the view that was read

    def save_move(self) -> None:
        """Save, provided that nobody has changed the ticket since it was read. Raises Stale (409) with what changed."""
        self.version += 1
        self.save(
            force_update=True,
            update_fields=[
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name not in WRITTEN_BY_CLOCKS
            ],
        )

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, *rest: Any) -> Any:
        if not update_fields or "version" not in update_fields:
            return super()._do_update(base_qs, using, pk_val, values, update_fields, *rest)
        seen = self.version - 1
        updated = super()._do_update(base_qs.filter(version=seen), using, pk_val, values, update_fields, *rest)
        if not updated:
            raise self.stale(seen)
        return updated

    def stale(self, seen: int) -> Stale:
        """The refusal for a write made on an old view: how it stands now and what has changed since (R4, R42)."""
        current = Ticket.objects.only("state", "version", "reference").get(pk=self.pk)
        changes = [
            {"kind": entry.kind, "by": str(entry.by or ""), "at": entry.at}
            for entry in self.entries.filter(version__gt=seen).select_related("by")
        ]
        return Stale(
            _now("%(ticket)s has changed since you opened it and is now %(state)s; look at it again and decide anew.")
            % {"ticket": self.reference, "state": current.get_state_display()},
            code="changed_meanwhile",
            state=current.state,
            version=current.version,
            changes=changes,
        )

    # Explaining a refusal

    def possible_moves(self, authority: Authority) -> list[str]:
        """The moves that this authority may make now, in the order of the life."""
        available = {move.name for move in self.get_available_user_state_transitions(authority)}
        return [name for name in MOVES if name in available]

    def standing(self, authority: Authority) -> dict[str, Any]:
        """How it stands and what can be done by whoever asks; goes with every refusal (R3)."""
        return {"state": self.state, "version": self.version, "possible": self.possible_moves(authority)}

    def why_not(self, move: str, authority: Authority) -> str:
        """Why this move cannot be made now, and what can be done instead."""
        label = MOVES[move][0]
        if move == "resolve_on_site" and self.state == State.ACCEPTED:
            return _now("%(ticket)s was dispatched already; it is answered by a reply.") % {"ticket": self.reference}
        if move == "reply" and self.state == State.REPLYING:
            return _now("%(ticket)s awaits an approval; reply once it is decided.") % {"ticket": self.reference}
        possible = [str(MOVES[name][0]) for name in self.possible_moves(authority)]
        if not possible:
            return _now("%(ticket)s is %(state)s; you cannot '%(move)s' it, and nothing is yours to do on it now.") % {
                "ticket": self.reference,
                "state": self.get_state_display(),
                "move": label,
            }
        return _now("%(ticket)s is %(state)s; you cannot '%(move)s' it now, but you can: %(possible)s.") % {
            "ticket": self.reference,
            "state": self.get_state_display(),
            "move": label,
            "possible": ", ".join(possible),
        }

    def who_may(self, move: str) -> str:
        """Who makes this move, in words."""
        return str(MOVES[move][1])
