"""Which case the page 'which policy wins' is asked about."""

from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Category, Ticket
from complaints.states import Medium, Scope, Urgency
from contact.agreements import LONGER_LIMIT_DAYS, LONGER_LIMIT_REFUSED
from customers.models.customers import Brand, Tier
from sla.kinds import Kind, Variant
from sla.models import Clock
from sla.querysets import Situation

NO_SCOPE = "none"
OPEN = [("", pgettext_lazy("selector", "not said"))]


class Case(forms.Form):
    """A case that no ticket needs to be: its clock, its category, and whatever else a policy can ask for."""

    kind = forms.ChoiceField(label=_("clock"), choices=Kind.choices)
    variant = forms.ChoiceField(label=_("case"), choices=[*OPEN, *Variant.choices], required=False)
    category = forms.ModelChoiceField(
        label=_("category"),
        queryset=Category.objects.order_by("path"),
        to_field_name="code",
        empty_label=None,
    )
    urgency = forms.ChoiceField(label=_("urgency"), choices=[*OPEN, *Urgency.choices], required=False)
    brand = forms.ChoiceField(label=_("brand"), choices=[*OPEN, *Brand.choices], required=False)
    tier = forms.ChoiceField(label=_("tier"), choices=[*OPEN, *Tier.choices], required=False)
    scope = forms.ChoiceField(
        label=_("scope"),
        choices=[("", _("as the category says")), *Scope.choices, (NO_SCOPE, _("none"))],
        required=False,
    )
    medium = forms.ChoiceField(label=_("medium"), choices=[*OPEN, *Medium.choices], required=False)
    days = forms.IntegerField(
        label=_("working days agreed"),
        required=False,
        min_value=LONGER_LIMIT_DAYS.start,
        max_value=LONGER_LIMIT_DAYS.stop - 1,
        error_messages=dict.fromkeys(["min_value", "max_value", "invalid"], LONGER_LIMIT_REFUSED),
    )
    at = forms.DateTimeField(
        label=_("at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: now."),
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, auto_id="case-%s")
        self.fields["category"].label_from_instance = _indented  # type: ignore[attr-defined]

    @property
    def situation(self) -> Situation:
        """The case as policies are chosen by it, once the form is valid."""
        said = self.cleaned_data
        scope = said["scope"] or said["category"].special_scope
        return Situation(
            kind=said["kind"],
            category=said["category"],
            urgency=said["urgency"],
            brand=said["brand"],
            tier=said["tier"],
            scope="" if scope == NO_SCOPE else scope,
            medium=said["medium"],
            variant=said["variant"],
            consented_days=said["days"],
        )


def _indented(category: Category) -> str:
    return f"{' ' * 3 * (category.depth - 1)}{category.name}"


def address_of(ticket: Ticket, clock: Clock) -> str:
    """The page asked about the case of a clock, at the instant at which it arose."""
    situation = Situation.of(ticket, clock.kind, variant=clock.variant)
    asked = {
        "kind": clock.kind,
        "variant": clock.variant,
        "category": situation.category.code,
        "urgency": situation.urgency,
        "brand": situation.brand,
        "tier": situation.tier,
        "medium": situation.medium,
        "days": clock.consented_days if clock.consented_days is not None else "",
        "at": timezone.localtime(clock.opened_at).replace(tzinfo=None).isoformat(),
    }
    return f"{reverse('desk:which_policy')}?{urlencode({name: value for name, value in asked.items() if value})}"
