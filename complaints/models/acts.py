"""What can be done beside the life (section 3: comment, promise, hold, chase-up, …): when, and by whom.

The moves have their rules on the ticket's transitions; these acts change no state, so this table says what they ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Authority
from complaints.models import permissions as may
from complaints.states import AWAITING_AN_ANSWER, AWAITING_THE_UNIT, HOLDABLE, LIVE, State

if TYPE_CHECKING:
    from complaints.models.ticket import Ticket


@dataclass(frozen=True)
class Act:
    """One deed beside the state: its words in a refusal, the states that allow it, and whose it is."""

    deed: Any
    who: Any
    states: frozenset[State]
    allowed: "Callable[[Ticket, Authority], bool]"


ACTS: dict[str, Act] = {
    "begin_reply": Act(_("reply"), _("who replies"), frozenset({State.REPLYING}), may.replies),
    "release_reply": Act(
        _("release the begun reply"),
        _("who began it, or a supervisor"),
        frozenset({State.REPLYING}),
        may.releases_a_begun_reply,
    ),
    "tell_progress": Act(
        _("tell the customer how it stands"),
        _("who speaks with the customer"),
        AWAITING_AN_ANSWER - {State.REPLIED},
        may.speaks_with_the_customer,
    ),
    "report_interim": Act(
        _("report an interim remedy"),
        _("the lead unit"),
        AWAITING_THE_UNIT,
        may.works_in_lead_unit,
    ),
    "promise": Act(_("agree on a time"), _("who speaks with the customer"), LIVE, may.speaks_with_the_customer),
    "consent": Act(
        _("record a consent"), _("who speaks with the customer"), AWAITING_AN_ANSWER, may.speaks_with_the_customer
    ),
    "ask_assistance": Act(
        _("ask for assistance"),
        _("the lead unit, the dispatch desk or the owner"),
        AWAITING_THE_UNIT | {State.ACCEPTED},
        may.asks_for_assistance,
    ),
    "chase_up": Act(_("add a chase-up"), _("whoever takes the customer's call"), AWAITING_AN_ANSWER, may.takes_calls),
    "add_facts": Act(_("add facts"), _("whoever takes the customer's call"), AWAITING_AN_ANSWER, may.takes_calls),
    "judge_repeat": Act(
        _("say whether it is a repeat"),
        _("whoever has to do with it"),
        frozenset(State) - {State.CANCELLED},
        may.has_a_say,
    ),
    "answer_chase_up": Act(_("answer the chase-up"), _("whoever holds the ticket"), LIVE, may.answers_chase_ups),
    "hold": Act(_("put it on hold"), _("the lead unit, who replies, or a supervisor"), HOLDABLE, may.holds),
    "resume": Act(_("end its hold"), _("the lead unit, who replies, or a supervisor"), HOLDABLE, may.holds),
    "reclassify": Act(
        _("file it otherwise"), _("the owner, a dispatcher or a supervisor"), AWAITING_AN_ANSWER, may.classifies
    ),
    "mark_grave": Act(_("mark it as grave"), _("whoever works on it"), LIVE, may.marks_as_grave),
    "decide_gravity": Act(_("decide how grave it is"), _("a supervisor"), LIVE, may.supervises),
    "escalate": Act(_("escalate it"), _("whoever has to do with it"), LIVE, may.has_a_say),
    "readdress": Act(
        _("change to whom it was put"), _("the owner, a dispatcher or a supervisor"), LIVE, may.classifies
    ),
    "open_case": Act(
        _("put an authority's case on record"),
        _("a supervisor or the legal adviser"),
        frozenset(State) - {State.CANCELLED},
        may.deals_with_authorities,
    ),
    "hand_over": Act(_("hand it over"), _("the owner or a supervisor"), LIVE, may.hands_over),
    "name_replier": Act(
        _("name who replies"), _("the owner, who replies, or a supervisor"), LIVE, may.names_who_replies
    ),
    "request_approval": Act(
        _("put a solution up for approval"),
        _("who handles it or who replies"),
        frozenset({State.ACCEPTED, State.HANDLING, State.REPLYING}),
        may.proposes_solutions,
    ),
    "comment": Act(_("comment on it"), _("whoever has to do with it"), frozenset(State), may.has_a_say),
    "attach": Act(_("add a file"), _("whoever has to do with it"), LIVE, may.has_a_say),
    "remove_file": Act(_("remove a file"), _("who added it, or a supervisor"), LIVE, may.has_a_say),
    "demand": Act(_("put a demand on it"), _("a supervisor"), LIVE, may.supervises),
    "confirm": Act(
        _("confirm the conclusion"), _("a supervisor"), frozenset({State.CALLBACK, State.CLOSED}), may.supervises
    ),
}


def possible_acts(ticket: "Ticket", authority: Authority) -> list[str]:
    """The acts beside the life that this authority may do now, without a query; the actions may know more reasons."""
    return [name for name, act in ACTS.items() if ticket.state in act.states and act.allowed(ticket, authority)]
