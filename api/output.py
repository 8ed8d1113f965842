"""How things look in the API. Names are in the reader's language; numbers and names of customers are masked (R2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Person, Unit
from complaints.models import (
    Assistance,
    Category,
    ChaseUp,
    Conclusion,
    Entry,
    Feedback,
    Hold,
    InterimRemedy,
    Progress,
    ReplyAttempt,
    Ticket,
)
from complaints.models.acts import possible_acts
from complaints.querysets import TicketQuerySet
from contact.models import Consent, Promise
from customers.models import ContactPerson, Customer, Flag
from customers.models.customers import mask
from customers.watching import with_rules
from sla.models import Clock


class PersonOut(serializers.ModelSerializer):
    """Somebody who works here: name and id, nothing else (A11)."""

    name = serializers.CharField()

    class Meta:
        model = Person
        fields: tuple[str, ...] = ("id", "name")


class UnitOut(serializers.ModelSerializer):
    """A unit by its code."""

    name = serializers.CharField()

    class Meta:
        model = Unit
        fields: tuple[str, ...] = ("code", "name")


class CategoryOut(serializers.ModelSerializer):
    """A category by its code."""

    name = serializers.CharField()

    class Meta:
        model = Category
        fields: tuple[str, ...] = ("code", "name")


class FlagOut(serializers.ModelSerializer):
    """Why a customer is watched, and how to deal with them (R80)."""

    class Meta:
        model = Flag
        fields = ("kind", "raised_at", "reason", "handling_rule", "expires_at")


class CustomerOut(serializers.ModelSerializer):
    """A customer, masked."""

    number = serializers.CharField(source="masked_number", help_text="Masked; `reveal` opens it for a reason.")
    name = serializers.CharField(source="masked_name", help_text="Masked.")

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ("id", "number", "name", "tier", "brand")


class ContactPersonOut(serializers.ModelSerializer):
    """Who speaks for a customer, masked."""

    name = serializers.SerializerMethodField()
    number = serializers.SerializerMethodField()

    class Meta:
        model = ContactPerson
        fields = ("name", "number", "standing")

    def get_name(self, person: ContactPerson) -> str:
        """Masked."""
        return person.name[:1] + "*" * max(len(person.name) - 1, 0)

    def get_number(self, person: ContactPerson) -> str:
        """Masked."""
        return mask(person.number)


def flags_of(customer: int, *, now: datetime) -> Any:
    """The flags that a customer carries now, each with its handling rule (R80)."""
    return FlagOut(with_rules(list(Flag.objects.in_force(now).filter(customer=customer))), many=True).data


class CustomerWhole(CustomerOut):
    """A customer at acceptance: flags, manager, how fresh the facts are (R14); masked."""

    manager = PersonOut()
    branch = UnitOut()
    flags = serializers.SerializerMethodField()

    class Meta(CustomerOut.Meta):
        fields: tuple[str, ...] = (*CustomerOut.Meta.fields, "language", "manager", "branch", "facts_as_of", "flags")

    @extend_schema_field(FlagOut(many=True))
    def get_flags(self, customer: Customer) -> Any:
        """Those in force."""
        return flags_of(customer.pk, now=self.context["now"])


class TicketLine(serializers.ModelSerializer):
    """A ticket in a list."""

    category = CategoryOut()
    customer = CustomerOut()
    owner = PersonOut(allow_null=True)
    handler = PersonOut(allow_null=True)
    lead_unit = UnitOut(allow_null=True)

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = (
            "reference",
            "state",
            "version",
            "round",
            "nature",
            "urgency",
            "is_grave",
            "is_escalated",
            "category",
            "customer",
            "owner",
            "handler",
            "lead_unit",
            "raised_at",
            "accepted_at",
            "next_due_at",
            "next_due_kind",
            "reply_due_at",
            "held_until",
            "chased",
            "external_id",
        )
        read_only_fields = fields


class FeedbackOut(serializers.ModelSerializer):
    """What a unit found."""

    unit = UnitOut()
    by = PersonOut(allow_null=True)

    class Meta:
        model = Feedback
        fields = (
            "round", "unit", "handled_at", "process", "cause", "result", "person", "advice", "at", "by",
            "rejected_at", "rejection",
        )  # fmt: skip


class AssistanceOut(serializers.ModelSerializer):
    """What an assisting unit was asked and what it answered."""

    unit = UnitOut()

    class Meta:
        model = Assistance
        fields = ("id", "round", "unit", "kind", "question", "asked_at", "answer", "answered_at", "ended_at")


class ChaseUpOut(serializers.ModelSerializer):
    """The customer asked again."""

    class Meta:
        model = ChaseUp
        fields = ("number", "medium", "text", "at", "answer", "answered_at")


class ReplyAttemptOut(serializers.ModelSerializer):
    """A try at telling the customer."""

    by = PersonOut(allow_null=True)

    class Meta:
        model = ReplyAttempt
        fields = ("round", "medium", "result", "text", "at", "by", "next_at")


class ConclusionOut(serializers.ModelSerializer):
    """How a round ended."""

    cause = serializers.CharField(source="cause.code", default=None, allow_null=True, help_text="Its code.")

    class Meta:
        model = Conclusion
        fields = (
            "round", "verdict", "liability", "nature", "cause", "remedy", "is_repeat", "on_site", "established",
            "solved", "unreachable", "at", "confirmed_at",
        )  # fmt: skip


class ProgressOut(serializers.ModelSerializer):
    """The customer was told how it stands (R34)."""

    by = PersonOut(allow_null=True)

    class Meta:
        model = Progress
        fields = ("round", "medium", "text", "at", "by")


class InterimRemedyOut(serializers.ModelSerializer):
    """What helped the customer at once (R31)."""

    unit = UnitOut()
    by = PersonOut(allow_null=True)

    class Meta:
        model = InterimRemedy
        fields = ("round", "unit", "text", "at", "by")


class HoldOut(serializers.ModelSerializer):
    """A rest."""

    class Meta:
        model = Hold
        fields = ("round", "reason", "text", "customer_consents", "starts_at", "ends_at", "ended_at")


class PromiseOut(serializers.ModelSerializer):
    """A time agreed with the customer."""

    class Meta:
        model = Promise
        fields = ("agreed_for", "agreed_at", "agreed_with", "reason", "evidence", "withdrawn_at")


class ConsentOut(serializers.ModelSerializer):
    """The customer said yes."""

    class Meta:
        model = Consent
        fields = ("what", "days", "evidence", "given_at", "withdrawn_at")


class ClockOut(serializers.ModelSerializer):
    """One obligation: from when, until when, how it ended."""

    unit = UnitOut(help_text="Who owes it.")

    class Meta:
        model = Clock
        fields: tuple[str, ...] = (
            "kind",
            "variant",
            "round",
            "unit",
            "started_at",
            "nominal_due_at",
            "due_at",
            "warn_at",
            "promised_for",
            "extended_to",
            "warned_at",
            "breached_at",
            "held_since",
            "ended_at",
            "outcome",
        )


class TicketOut(TicketLine):
    """A whole ticket, with what its reader may do now."""

    flags = serializers.SerializerMethodField(help_text="That the customer carries now.")
    contact_person = ContactPersonOut(allow_null=True)
    contact_number = serializers.SerializerMethodField()
    record = serializers.SerializerMethodField()
    merged_into = serializers.CharField(source="merged_into.reference", default=None, allow_null=True)
    accepted_by = PersonOut(allow_null=True)
    accepting_unit = UnitOut()
    desk = UnitOut(allow_null=True)
    last_unit = UnitOut(allow_null=True)
    last_handler = PersonOut(allow_null=True)
    replier = PersonOut(allow_null=True)
    replying_by = PersonOut(allow_null=True)
    feedbacks = FeedbackOut(many=True)
    assistances = AssistanceOut(many=True)
    chase_ups = ChaseUpOut(many=True)
    reply_attempts = ReplyAttemptOut(many=True)
    progress = ProgressOut(many=True)
    interim_remedies = InterimRemedyOut(many=True)
    conclusions = ConclusionOut(many=True)
    holds = HoldOut(many=True)
    promises = PromiseOut(source="matter.promises", many=True)
    consents = ConsentOut(source="matter.consents", many=True)
    clocks = ClockOut(many=True)
    possible = serializers.SerializerMethodField()

    class Meta(TicketLine.Meta):
        fields = (
            *TicketLine.Meta.fields,
            "medium",
            "addressee",
            "level",
            "preferred_medium",
            "flags",
            "contact_person",
            "contact_number",
            "record",
            "happened",
            "wanted",
            "recording",
            "duplicate_reason",
            "merged_into",
            "accepted_by",
            "accepting_unit",
            "desk",
            "last_unit",
            "last_handler",
            "replier",
            "replying_by",
            "replying_since",
            "submitted_at",
            "dispatched_at",
            "claimed_at",
            "fed_back_at",
            "replied_at",
            "concluded_at",
            "closed_at",
            "cancelled_at",
            "reopened_at",
            "verdict",
            "liability",
            "held_since",
            "dispatches",
            "transfers",
            "send_backs",
            "rejections",
            "feedbacks",
            "assistances",
            "chase_ups",
            "reply_attempts",
            "progress",
            "interim_remedies",
            "conclusions",
            "holds",
            "promises",
            "consents",
            "clocks",
            "possible",
        )
        read_only_fields = fields

    @classmethod
    def load(cls, ticket: Ticket) -> Ticket:
        """The ticket as the database has it now, with all that is shown, in a fixed number of queries."""
        return whole(Ticket.objects.filter(pk=ticket.pk)).get()

    @extend_schema_field(FlagOut(many=True))
    def get_flags(self, ticket: Ticket) -> Any:
        """Those in force."""
        return flags_of(ticket.customer_id, now=self.context["now"])

    def get_contact_number(self, ticket: Ticket) -> str:
        """Masked; `reveal-contact` opens it for a reason."""
        return mask(ticket.contact_number)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_record(self, ticket: Ticket) -> Mapping[str, str]:
        """What the category requires; phone numbers masked."""
        phones = {field["code"] for field in ticket.category.required_fields if field["kind"] == "phone"}
        return {code: mask(str(value)) if code in phones else value for code, value in ticket.record.items()}

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_possible(self, ticket: Ticket) -> list[str]:
        """The operations that the reader may do now; an address has hyphens where a name has underscores."""
        authority = self.context.get("authority")
        if authority is None:
            return []
        return [*ticket.possible_moves(authority), *possible_acts(ticket, authority)]


def whole(tickets: TicketQuerySet) -> TicketQuerySet:
    """Tickets with all that `TicketOut` shows, in a fixed number of queries."""
    return (
        tickets.with_people()
        .select_related("merged_into")
        .prefetch_related(
            Prefetch("feedbacks", Feedback.objects.select_related("unit", "by")),
            Prefetch("assistances", Assistance.objects.select_related("unit")),
            "chase_ups",
            Prefetch("reply_attempts", ReplyAttempt.objects.select_related("by")),
            Prefetch("progress", Progress.objects.select_related("by")),
            Prefetch("interim_remedies", InterimRemedy.objects.select_related("by", "unit")),
            Prefetch("conclusions", Conclusion.objects.select_related("cause")),
            "holds",
            "matter__promises",
            "matter__consents",
            Prefetch("clocks", Clock.objects.select_related("unit")),
        )
    )


class EntryOut(serializers.ModelSerializer):
    """One line of a ticket's history."""

    by = PersonOut(allow_null=True, help_text="Nobody: the system itself.")
    note = serializers.CharField(source="note.text", default="", help_text="Empty where there is none, or blanked.")
    data = serializers.JSONField(  # type: ignore[assignment]
        help_text="Codes and references."
    )

    class Meta:
        model = Entry
        fields = ("id", "kind", "at", "recorded_at", "by", "origin", "source", "target", "version", "data", "note")
