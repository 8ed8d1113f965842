"""The page of one ticket, and the list of all that somebody may see."""

from typing import Any

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from approvals.models import Approval
from attachments.models import Attachment
from authorities.models import Case
from complaints.forms import named_record
from complaints.models import Category, Ticket
from complaints.models.acts import possible_acts
from complaints.querysets import TicketQuerySet
from complaints.watching import proposed_flags
from contact import gate
from customers.models.flags import BY_HAND
from customers.watching import MEETING_CUSTOMERS, SUPERVISING
from desk import chips, deeds, drafts, presence, queries, undoing
from desk.access import open_ticket
from desk.columns import ALWAYS, COLUMNS, shown_to
from desk.drawing import drawings_of
from desk.entrance import DeskRequest, admits
from desk.filters import Filter, left_out
from desk.forms.deeds import Deed, asked_for
from desk.forms.which_policy import address_of
from desk.keys import keys_of
from desk.pages import page_of
from desk.stages import stages_of
from desk.story import story_of
from desk.whole import lies_on
from letters.models import Letter
from lists.models import Place, SavedView
from repeats.chains import chain_of, kinds_of
from search import finding


@admits()
def ticket(request: DeskRequest, reference: str) -> HttpResponse:
    """One ticket: how it stands, what this person may do with it now, and its story."""
    seen = open_ticket(request, reference)
    kinds = deeds.for_somebody(reads_only=seen.reads_only)
    posted: Deed | None = None
    if request.method == "POST":
        posted = asked_for(
            kinds, request.POST, ticket=seen.ticket, person=request.user, authority=request.authority, at=request.at
        )
        if posted is None:
            return HttpResponseBadRequest()
        result = posted.succeeds()
        if result is not None:
            drafts.forget(request, seen.ticket, posted.name)
            undoing.tell_of(request, posted, result)
            return redirect(*(posted.leads_to or _next_page(request, seen.ticket)))
        drafts.keep(request, posted)
        seen = open_ticket(request, reference)
    facts = _facts_of(request, seen.ticket, kinds)
    return render(
        request,
        "desk/ticket.html",
        facts | _deeds_of(request, seen.ticket, facts["possible"], posted) | {"reads_only": seen.reads_only},
        status=posted.status if posted else 200,
    )


@admits()
@require_GET
def deed(request: DeskRequest, reference: str, name: str) -> HttpResponse:
    """The form of one deed, for the page that has only named it so far.

    Where it is not possible any more, the page is fetched anew, which says what is; without script the page itself
    shows the form.
    """
    if not request.htmx:
        return redirect(f"{reverse('desk:ticket', args=[reference])}?{urlencode({'deed': name})}#deeds")
    seen = open_ticket(request, reference)
    asked = [kind for kind in deeds.for_somebody(reads_only=seen.reads_only) if kind.name == name]
    offered = deeds.offer(asked, seen.ticket, person=request.user, authority=request.authority, at=request.at)
    if not offered:
        return HttpResponseClientRefresh()
    return render(request, "_components/deed.html", {"deed": offered[0], "keeps": True})


@admits()
@require_POST
def draft(request: DeskRequest, reference: str) -> HttpResponse:
    """Keep what is being typed into a deed of the ticket's page, or let go of it; nothing is done to the ticket."""
    seen = open_ticket(request, reference)
    kinds = deeds.for_somebody(reads_only=seen.reads_only)
    name = request.GET.get("deed", request.POST.get("deed", ""))
    if request.POST.get("step") == "forget":
        drafts.forget(request, seen.ticket, name)
        return redirect("desk:ticket", reference=reference)
    asked = [kind for kind in kinds if kind.name == name]
    offered = deeds.offer(asked, seen.ticket, person=request.user, authority=request.authority, at=request.at)
    kept = [deed for deed in offered if drafts.keep(request, deed)]
    return render(
        request,
        "_components/kept.html",
        {"ticket": seen.ticket, "name": name, "kept_at": request.at if kept else None},
    )


@admits()
@require_GET
def peek(request: DeskRequest, reference: str) -> HttpResponse:
    """A ticket in the pane beside a list: enough to know what it is and what is to be done; the page does the rest."""
    seen = open_ticket(request, reference)
    kinds = deeds.for_somebody(reads_only=seen.reads_only)
    facts = _facts_of(request, seen.ticket, kinds)
    usual = [kind for kind in facts["possible"] if kind in deeds.USUAL]
    return render(request, "desk/peek.html", facts | {"usual": usual})


@admits()
@require_http_methods(["GET", "POST"])
def here(request: DeskRequest, reference: str) -> HttpResponse:
    """Said by an open page every so often; answers who else has the ticket open. Posted by a page that is closed."""
    visible = Ticket.objects.visible_to(request.user, request.at)
    ticket = get_object_or_404(visible.only("pk"), reference=reference)
    if request.method == "POST":
        presence.leave(ticket, request.user)
        return HttpResponse(status=204)
    return render(request, "_components/here.html", {"others": presence.look(ticket, request.user, request.at)})


@admits()
def tickets(request: DeskRequest) -> HttpResponse:
    """All tickets in this person's scope, filtered; every number of the board opens its tickets here."""
    asked = Filter(request.GET)
    visible = Ticket.objects.visible_to(request.user, request.at)
    chosen = asked.apply(visible, request.at)
    facts = {
        "filter": asked,
        "query": Filter.tidied(request.GET.urlencode()),
        "left_out": left_out(asked),
        "place": Place.TICKETS,
        "views": SavedView.objects.for_person(request.user, Place.TICKETS),
        "columns": shown_to(request.user),
        "all_columns": COLUMNS,
        "always": ALWAYS,
    }
    if asked.asked_words:
        return render(request, "desk/tickets.html", facts | _found(chosen, asked.asked_words))
    return render(request, "desk/tickets.html", facts | {"page": page_of(request, chosen, asked.in_order)})


def _found(chosen: TicketQuerySet, words: str) -> dict[str, Any]:
    """The newest tickets with these words and where the words stand; whether there are more."""
    found = list(finding.newest(queries.as_lines(chosen), words, finding.MOST + 1))
    shown = found[: finding.MOST]
    return {
        "found": shown,
        "has_more": len(found) > len(shown),
        "excerpts": finding.excerpts(shown, words),
    }


def _next_page(request: DeskRequest, ticket: Ticket) -> tuple[str, ...]:
    """Back to the ticket, as long as it is still this person's to see; else to their workplace."""
    if Ticket.objects.visible_to(request.user, request.at).filter(pk=ticket.pk).exists():
        return "desk:ticket", ticket.reference
    return ("desk:home",)


def _facts_of(request: DeskRequest, ticket: Ticket, kinds: tuple[type[Deed], ...]) -> dict[str, Any]:
    possible = deeds.possible(kinds, ticket, person=request.user, authority=request.authority, at=request.at)
    decision = gate.decide_from(ticket.matter.consents.all(), ticket.matter.promises.all(), at=request.at)
    there = lies_on(ticket)
    flags = queries.flags_of(ticket)
    return {
        "ticket": ticket,
        "chip": chips.of_ticket(ticket, request.at),
        "possible": possible,
        "stages": stages_of(ticket),
        "clocks": [(clock, chips.of_clock(clock, request.at)) for clock in ticket.clocks.all()],
        "drawings": [(each, address_of(ticket, each.clock)) for each in drawings_of(ticket, request.at)],
        "record": named_record(ticket.category, ticket.record),
        "categories": _from_leaf_to_top(ticket.category),
        "flags": flags,
        "promise": next((one for one in ticket.matter.promises.all() if one.withdrawn_at is None), None),
        "moon": None if decision.permitted else chips.waiting_for_contact(decision, request.at),
        "proposed_flags": proposed_flags(ticket.customer, at=request.at, held=flags),
        "raises_flags": BY_HAND if request.authority.holds(*MEETING_CUSTOMERS) else (),
        "lifts_flags": request.authority.holds(*SUPERVISING),
        "files": Attachment.objects.on(ticket) if "attachments" in there else (),
        "adds_files": "attach" in possible_acts(ticket, request.authority),
        "chain": chain_of(ticket, by=request.user, at=request.at) if there & {"repeats", "chain"} else (),
        "kinds": kinds_of(ticket, there=there),
        "solutions": Approval.objects.filter(ticket=ticket).with_people() if "approvals" in there else (),
        "letters": Letter.objects.filter(ticket=ticket).with_people().order_by("-pk") if "letters" in there else (),
        "cases": Case.objects.filter(tickets=ticket).order_by("pk") if "cases" in there else (),
        "story": story_of(ticket, request.at),
    }


def _deeds_of(request: DeskRequest, ticket: Ticket, possible: list[type[Deed]], posted: Deed | None) -> dict[str, Any]:
    """What can be done, each with its key: the first usual deed as a form, and what somebody has asked for or begun.

    The others only by name, with None for the form, which is fetched when somebody unfolds it.
    """
    others = [kind for kind in possible if posted is None or kind.name != posted.name]
    first = next((kind for kind in others if kind in deeds.USUAL), None) if posted is None else None
    wanted = drafts.are_kept(request, ticket) | {request.GET.get("deed")}
    made = {
        kind: kind(ticket=ticket, person=request.user, authority=request.authority, at=request.at)
        for kind in others
        if kind is first or kind.name in wanted
    }
    drafts.put_back(request, made.values())
    keys = keys_of(kind.name for kind in others)
    offered = [(kind, made.get(kind), "a" if kind is first else keys[kind.name]) for kind in others]
    further = [each for each in offered if each[0] not in deeds.USUAL]
    return {
        "posted": posted,
        "usual": [each for each in offered if each[0] in deeds.USUAL],
        "further": further,
        "opens_further": any(deed for _kind, deed, _key in further),
    }


def _from_leaf_to_top(category: Category) -> list[Category]:
    """The category and all above it, from what is kept anyway."""
    return sorted(
        (each for each in Category.kept.get().values() if each.covers(category)), key=lambda each: -each.depth
    )
