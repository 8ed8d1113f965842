"""Agent, on a call: who is it, what stands open, what is it about; solved on the spot or submitted for dispatch."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import push_url

from common.kept import one_edition
from common.refusals import Refusal
from complaints.actions import acceptance, callers
from complaints.models import Category, Ticket
from complaints.models.permissions import ACCEPTING
from complaints.states import LIVE
from contact.models import Promise
from customers import actions as customers
from customers.actions import Unknown
from customers.models import Customer, Flag
from customers.watching import with_rules
from desk import deeds, enclosing, queries
from desk.access import open_customer
from desk.below import LISTS
from desk.drafts import CALLS, Shelf
from desk.enclosing import Enclosed
from desk.entrance import DeskRequest, admits
from desk.forms.acceptance import Acceptance, LookUp
from desk.forms.beside import ChaseUpDeed
from desk.moments import short
from desk.whole import whole
from desk.workplaces import ANSWERING, TAKING_CALLS
from repeats.chains import chains_among
from sla.preview import preview

RECENT = timedelta(days=90)
RECENT_SHOWN = 10
NEW_NUMBER = "number of the caller"
ADDRESS = re.compile(r"(?:tel|sips?|callto):(?://)?(?P<number>[^@;?]+).*", re.IGNORECASE)
"""What a softphone may call a number; what stands behind it is of no use here."""
BARE_PLUS = re.compile(r"^ 86(?=\d{7,})")
"""In an address a plus that was left as it is means a blank."""
NOT_KEPT = {"csrfmiddlewaretoken", "step", "find", enclosing.CHOSEN, enclosing.DROPPED}


@admits(*TAKING_CALLS)
def call(request: DeskRequest) -> HttpResponse:
    """Look a caller up, by number or by the reference of a ticket.

    A softphone hands the number over in the address (`?number=`); that fills it in and shows nothing. The look-up is
    logged (R1), so it stays a submission: the page's script makes it at once, without script a person does.
    """
    handed_over = _number_in(request.GET.get("number", "")) if request.method == "GET" else ""
    form = LookUp(request.POST or None, initial={"number": handed_over})
    if request.method == "POST" and form.is_valid():
        try:
            return _open(request, form.cleaned_data["number"])
        except Refusal as refusal:
            form.add_error("number", str(refusal))
            return render(request, "desk/call.html", {"form": form}, status=refusal.status)
    drafts = _drafts(request).everything()
    known = Customer.objects.in_bulk([int(key) for key in drafts if key.isdigit()])
    unfinished = [(known.get(int(key)) if key.isdigit() else None, draft) for key, draft in drafts.items()]
    return render(
        request,
        "desk/call.html",
        {"form": form, "unfinished": unfinished, "handed_over": handed_over} | _below(request),
        status=400 if form.errors else 200,
    )


def _number_in(handed_over: str) -> str:
    """The number that a softphone means: some hand over a whole `tel:` or `sip:` address, some a plus as it is."""
    number = BARE_PLUS.sub("+86", handed_over).strip()
    found = ADDRESS.fullmatch(number)
    return unquote(found["number"]) if found else number


def look_up(request: DeskRequest, words: str) -> str:
    """The address of the caller's page; the look-up is logged (R1). Raises Refusal."""
    return _address(_found(request, words))


def _open(request: DeskRequest, words: str) -> HttpResponse:
    """The caller's page: at once where a script asks for it, which spares the agent a page load. Raises Refusal."""
    caller = _found(request, words)
    if not request.htmx:
        return redirect(_address(caller))
    with one_edition():
        return push_url(_look(request, caller), _address(caller))


def _found(request: DeskRequest, words: str) -> Customer | None:
    """Who has this number or this ticket; None for a number nobody knows yet, which is kept for their page."""
    by_reference = Customer.objects.filter(tickets__reference=words.strip().upper()).first()
    if by_reference is not None:
        customers.open_customer(by_reference, by=request.user, at=request.at)
        return by_reference
    try:
        return customers.look_up(words, by=request.user, at=request.at).customer
    except Unknown:
        if not request.authority.holds(*ACCEPTING):
            raise
        request.session[NEW_NUMBER] = words.strip()
        return None


def _address(caller: Customer | None) -> str:
    return reverse("desk:customer", args=[caller.pk]) if caller is not None else reverse("desk:stranger")


@admits(*TAKING_CALLS)
def customer(request: DeskRequest, pk: int) -> HttpResponse:
    """A caller who is known: what stands open, and a new matter."""
    return _accept(request, open_customer(request, pk))


@admits(*ACCEPTING)
def stranger(request: DeskRequest) -> HttpResponse:
    """A caller whom nobody knows yet: that never stands in the way of acceptance (R14)."""
    return _accept(request, None)


@admits(*ACCEPTING)
def categories(request: DeskRequest) -> HttpResponse:
    """The leaves that match some letters: in a name, the pinyin or the code."""
    found = _leaves(request.POST.get("find", ""))
    return render(
        request,
        "desk/customer.html#leaves",
        {"groups": _grouped(found), "chosen": request.POST.get("category", ""), "found": len(found)},
    )


def _look(request: DeskRequest, caller: Customer | None) -> HttpResponse:
    """The page as somebody finds it who opens it: with what was typed before an interruption."""
    typed = _drafts(request).typed(_key(caller))
    begun = _begin(request, caller, typed)
    return _page(request, caller, begun, enclosing.of_draft(request, typed), is_drafted=bool(typed))


def _accept(request: DeskRequest, caller: Customer | None) -> HttpResponse:
    """Look, or take one of the steps of an acceptance: keep or forget a draft, choose a category, submit."""
    if request.method != "POST":
        return _look(request, caller)
    key, step = _key(caller), request.POST.get("step", "")
    if step == "draft":
        _keep(request, key)
        return render(request, "desk/customer.html#kept", {"kept_at": request.at})
    if step == "forget":
        enclosing.forget(request)
        _forget(request, key)
        return redirect(request.path)
    files = enclosing.take_in(request)
    if files.changed:
        _keep(request, key, files)
    if request.POST.get("deed"):
        return _chase_up(request, caller)
    submitting = step in {"submit", "resolve"}
    begun = _begin(request, caller, request.POST, judges=submitting)
    if submitting and (ticket := _accepted(request, begun.form, files, resolves=step == "resolve")) is not None:
        _forget(request, key)
        _tell(request, ticket)
        return redirect("desk:ticket", reference=ticket.reference)
    if step == "category":
        _keep(request, key, files)
    return _page(request, caller, begun, files, is_drafted=not submitting)


@dataclass(frozen=True)
class Begun:
    """An acceptance as far as it has come."""

    form: Acceptance
    category: Category | None
    limits: Any


def _begin(request: DeskRequest, caller: Customer | None, data: QueryDict | None, *, judges: bool = False) -> Begun:
    """What was typed so far as a form, and what it leads to; its errors are told only where it is to be judged."""
    category = _category(data.get("category", "") if data else request.GET.get("category", ""))
    form = Acceptance(
        data if judges else None,
        customer=caller,
        category=category,
        initial=_typed(data) or {"number": request.session.get(NEW_NUMBER, ""), "category": category},
    )
    limits = _limits(request, caller, category, data)
    form.asks_about_night = bool(limits and limits.asks_about_night)
    return Begun(form, category, limits)


def _page(
    request: DeskRequest, caller: Customer | None, begun: Begun, files: Enclosed, *, is_drafted: bool
) -> HttpResponse:
    step, category = request.POST.get("step", ""), begun.category
    facts = (
        _facts(request, caller)
        | _below(request)
        | {
            "form": begun.form,
            "category": category,
            "limits": begun.limits,
            "groups": _grouped(_leaves("")),
            "chosen": str(category.pk) if category else "",
            "accepts": request.authority.holds(*ACCEPTING),
            "drafted": is_drafted,
            "files": files,
            "resolving": step == "resolve",
        }
    )
    if caller is not None and category is not None:
        facts["rival"] = acceptance.open_duplicate(caller, category)
        if facts["rival"] is not None:
            chases = deeds.offer(
                [ChaseUpDeed], facts["rival"], person=request.user, authority=request.authority, at=request.at
            )
            facts["chase"] = chases[0] if chases else None
    template = "desk/customer.html#matter" if request.htmx and step == "category" else "desk/customer.html"
    return render(request, template, facts, status=400 if files.refused else begun.form.status)


def _accepted(request: DeskRequest, form: Acceptance, files: Enclosed, *, resolves: bool) -> Ticket | None:
    """Accept, and solve at once where the agent did; or None with the errors in the form and nothing saved."""
    for refusal in files.refused:
        form.add_error(None, refusal)
    if not form.is_valid():
        return None
    form.require_night_answer()
    if form.errors:
        return None
    try:
        with transaction.atomic():
            outcome = form.outcome() if resolves else None
            ticket = callers.accept_from(
                form.caller(),
                matter=form.matter(),
                contacting=form.contacting(),
                unit=callers.desk_of(request.user, at=request.at),
                by=request.user,
                at=request.at,
                raised_at=form.raised,
                duplicate_reason=form.cleaned_data["duplicate_reason"],
                routes=outcome is None,
            )
            ticket = enclosing.put_on(ticket, files, request=request)
            if outcome is not None:
                acceptance.resolve_on_site(ticket, outcome=outcome, by=request.user, at=request.at)
    except Refusal as refusal:
        form.explain(refusal)
        return None
    return ticket


def _tell(request: DeskRequest, ticket: Ticket) -> None:
    """The result with what the customer is told: the reference and the due time (R10)."""
    told = Ticket.objects.get(pk=ticket.pk)
    if told.resolved_on_site_at is not None:
        messages.success(request, _("%(ticket)s was solved on the spot.") % {"ticket": told.reference})
    elif told.reply_due_at is not None:
        messages.success(
            request,
            _("Accepted. Tell the customer: reference %(ticket)s, an answer by %(moment)s.")
            % {"ticket": told.reference, "moment": short(told.reply_due_at, request.at)},
        )
    else:
        messages.success(request, _("Accepted. Tell the customer: reference %(ticket)s.") % {"ticket": told.reference})


def _chase_up(request: DeskRequest, caller: Customer | None) -> HttpResponse:
    """The customer asks again about an open matter, instead of a second ticket (R15)."""
    ticket = whole(Ticket.objects.filter(customer=caller, reference=request.POST.get("ticket", "")), request.at)
    if ticket is None or caller is None:
        return redirect(request.path)
    deed = ChaseUpDeed(request.POST, ticket=ticket, person=request.user, authority=request.authority, at=request.at)
    result = deed.succeeds()
    if result is not None:
        messages.success(request, result)
        return redirect(request.path)
    return render(
        request,
        "desk/customer.html",
        _facts(request, caller) | {"chase": deed, "rival": ticket, "accepts": False},
        status=deed.status,
    )


def _facts(request: DeskRequest, caller: Customer | None) -> dict[str, Any]:
    """What the agent sees at once (R14)."""
    if caller is None:
        return {"caller": None}
    since = request.at - RECENT
    tickets = Ticket.objects.filter(customer=caller)
    ended = tickets.exclude(state__in=LIVE).filter(raised_at__gte=since).by_due()[:RECENT_SHOWN]
    lines = list(queries.as_lines(tickets.filter(Q(state__in=LIVE) | Q(pk__in=ended.values("pk")))))
    open_tickets = [ticket for ticket in lines if ticket.is_live]
    recent = [ticket for ticket in lines if not ticket.is_live]
    flags = with_rules(list(Flag.objects.in_force(request.at).filter(customer=caller).order_by("kind")))
    return {
        "caller": caller,
        "flags": flags,
        "rules": [flag for flag in flags if flag.handling_rule],
        "open_tickets": open_tickets,
        "recent": recent,
        "repeats": chains_among([*open_tickets, *recent]),
        "promises": _promises(open_tickets, request.at),
    }


def _promises(tickets: Collection[Ticket], at: datetime) -> list[tuple[Promise, Ticket]]:
    """What was agreed with the caller for a time to come, the next first, each with its ticket (R14)."""
    about = {ticket.matter_id: ticket for ticket in tickets}
    made = Promise.objects.holding(at).filter(matter__in=list(about), agreed_for__gt=at)
    return [(promise, about[promise.matter_id]) for promise in made.order_by("agreed_for", "pk")]


def _below(request: DeskRequest) -> dict[str, Any]:
    """The lists below the call, which the page asks for when it is there; only who answers for tickets has them."""
    return {"below": LISTS if request.authority.holds(*ANSWERING) else (), "begins": True}


def _limits(request: DeskRequest, caller: Customer | None, category: Category | None, data: Any) -> Any:
    if category is None or not request.authority.holds(*ACCEPTING):
        return None
    return preview(
        caller or Customer(),
        category=category,
        urgency=str(data.get("urgency", "")) if data else "",
        medium=str(data.get("medium", "")) if data else "",
        unit=callers.desk_of(request.user, at=request.at),
        raised_at=_raised(data, request.at),
        at=request.at,
    )


def _raised(data: Any, now: datetime) -> datetime:
    """When the matter was raised, as far as it was typed and can be; the form says what is wrong with anything else."""
    typed = str(data.get("raised_at", "")) if data else ""
    try:
        raised = timezone.make_aware(datetime.fromisoformat(typed))
    except (ValueError, OverflowError):
        return now
    return raised if now - acceptance.LONGEST_AGO <= raised <= now else now


def _category(pk: str) -> Category | None:
    if not pk.isdigit():
        return None
    return Category.objects.choosable().select_related("lead_unit").filter(pk=int(pk)).first()


def _leaves(letters: str) -> list[Category]:
    letters = letters.strip()[:40]
    if letters:
        return list(Category.objects.choosable().order_by("path").called(letters))
    return [category for category in Category.kept.get().values() if category.is_choosable]


def _grouped(leaves: list[Category]) -> list[tuple[str, list[Category]]]:
    """Leaves under the names of what stands above them."""
    above = {part.path: part.name for part in Category.kept.get().values() if part.numchild}
    groups: dict[str, list[Category]] = {}
    step = Category.steplen
    for leaf in leaves:
        ends = range(step, len(leaf.path), step)
        groups.setdefault(" › ".join(above.get(leaf.path[:end], "") for end in ends), []).append(leaf)
    return list(groups.items())


# A call that was interrupted: what was typed so far rests in the session and ends with it.


def _key(caller: Customer | None) -> str:
    return str(caller.pk) if caller else "new"


def _drafts(request: DeskRequest) -> Shelf:
    return Shelf(request.session, CALLS)


def _typed(data: QueryDict | None) -> dict[str, Any]:
    """What was typed so far, as initial values of a form that is not judged yet."""
    return {name: data.get(name) for name in data if name not in NOT_KEPT} if data else {}


def _keep(request: DeskRequest, key: str, files: Enclosed | None = None) -> None:
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT}
    if files is not None:
        typed[enclosing.WAITING] = files.keys
    _drafts(request).keep(key, typed, at=request.at)


def _forget(request: DeskRequest, key: str) -> None:
    _drafts(request).forget(key)
    if key == "new":
        request.session.pop(NEW_NUMBER, None)
