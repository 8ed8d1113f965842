"""The workplaces: who works at which, and where each person's day begins."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Authority, Role
from complaints.models.permissions import SUPERVISING

TAKING_CALLS = (
    Role.AGENT,
    Role.EXPERT,
    Role.CALLBACK_AGENT,
    Role.CUSTOMER_MANAGER,
    Role.BRANCH_CONTACT,
    *SUPERVISING,
)
ANSWERING = (Role.AGENT, Role.EXPERT, Role.BRANCH_CONTACT, Role.CUSTOMER_MANAGER)
DISPATCHING = (Role.DISPATCHER,)
WORKING_IN_A_UNIT = (Role.HANDLER, Role.UNIT_LEAD, Role.BRANCH_CONTACT, Role.EXPERT)
CALLING_BACK = (Role.CALLBACK_AGENT,)
WATCHING = SUPERVISING
REPORTING = (*SUPERVISING, Role.QUALITY_INSPECTOR, Role.AUDITOR)
FOLLOWING_UP = (Role.CUSTOMER_MANAGER, *SUPERVISING)
APPROVING = (Role.UNIT_LEAD, Role.LEGAL_ADVISER, *SUPERVISING)
FACING_AUTHORITIES = (Role.LEGAL_ADVISER, *REPORTING)
CONFIGURING = (Role.ADMINISTRATOR,)


@dataclass(frozen=True)
class Workplace:
    """One entry of the rail: its page, and whose it is (nobody named: everybody's)."""

    url: str
    label: Any
    icon: str
    roles: tuple[str, ...] = ()
    key: str = ""
    """Under which name `desk.waiting` counts what waits here."""


WORKPLACES = (
    Workplace("desk:board", _("Board"), "layout-dashboard", WATCHING),
    Workplace("desk:inbox", _("Inbox"), "inbox", WATCHING, key="inbox"),
    Workplace("desk:call", _("Take a call"), "phone-call", TAKING_CALLS),
    Workplace("desk:mine", _("My tickets"), "user-check", ANSWERING, key="mine"),
    Workplace("desk:dispatch", _("Dispatch"), "send", DISPATCHING, key="dispatch"),
    Workplace("desk:queue", _("Unit queue"), "tool", WORKING_IN_A_UNIT, key="queue"),
    Workplace("desk:replies", _("Replies"), "message-2", ANSWERING, key="replies"),
    Workplace("desk:callbacks", _("Callbacks"), "phone-check", CALLING_BACK, key="callbacks"),
    Workplace("desk:texts", _("Short messages"), "message-2", TAKING_CALLS),
    Workplace("desk:follow_ups", _("Follow-ups"), "heart-handshake", FOLLOWING_UP, key="follow_ups"),
    Workplace("desk:approvals", _("Approvals"), "checklist", APPROVING, key="approvals"),
    Workplace("desk:authorities", _("Authorities"), "flag", FACING_AUTHORITIES),
    Workplace("desk:figures", _("Figures"), "activity", REPORTING),
    Workplace("desk:policies", _("Policies"), "clock", CONFIGURING),
    Workplace("desk:tickets", _("All tickets"), "list-details"),
)

FIRST_BY_ROLE = (
    (SUPERVISING, "desk:board"),
    (DISPATCHING, "desk:dispatch"),
    (CALLING_BACK, "desk:callbacks"),
    ((Role.AGENT,), "desk:call"),
    (WORKING_IN_A_UNIT, "desk:queue"),
    (ANSWERING, "desk:replies"),
    ((Role.LEGAL_ADVISER,), "desk:approvals"),
)


def rail_of(authority: Authority) -> list[Workplace]:
    """The workplaces that somebody with this authority sees."""
    return [place for place in WORKPLACES if not place.roles or authority.holds(*place.roles)]


def home_of(authority: Authority) -> str:
    """The page with which this person's day begins."""
    return next((url for roles, url in FIRST_BY_ROLE if authority.holds(*roles)), "desk:tickets")
