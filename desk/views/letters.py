"""The page of a written reply: its words and what they lack, who agreed, what changed, the paper (R41)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import NotYours, Refusal
from complaints.actions import replying
from complaints.models import Feedback, Ticket
from complaints.models import permissions as may
from complaints.states import State
from contact import gate
from customers.watching import handling_rules
from desk import chips
from desk.entrance import DeskRequest, admits
from desk.forms.letters import DecisionForm, WordingForm
from letters import pdf
from letters.actions import approving, drafting, sending
from letters.differences import differences
from letters.kinds import Standing
from letters.models import Letter

CHANGING = {"save", "submit"}


@admits()
def letter(request: DeskRequest, pk: int) -> HttpResponse:
    """One letter, for who writes it, who agrees to it, and who sees its ticket."""
    seen = open_letter(request.user, pk, at=request.at)
    deed = request.POST.get("deed", "")
    words = WordingForm.of(seen.get_current(), medium=seen.medium)
    decision = DecisionForm(initial={"seen": seen.number})
    if request.method == "POST":
        if deed == "check":
            return _check(request, seen)
        if deed == "decide":
            decision = DecisionForm(request.POST)
            done = _decide(request, seen, decision)
        elif deed in CHANGING:
            words = WordingForm(request.POST).naming(seen.medium)
            done = _write(request, seen, words, deed)
        elif deed in {"send", "withdraw"}:
            done = _finish(request, seen, words, deed)
        else:
            return HttpResponseBadRequest()
        if done:
            messages.success(request, done)
            return redirect("desk:letter", pk) if is_open_to(request.user, pk, at=request.at) else redirect("desk:home")
        seen = open_letter(request.user, pk, at=request.at)
    return _page(request, seen, words=words, decision=decision)


@admits()
def paper(request: DeskRequest, pk: int) -> HttpResponse:
    """The letter as PDF; an earlier version where one is asked for."""
    seen = open_letter(request.user, pk, at=request.at)
    asked = request.GET.get("version", str(seen.number))
    words = seen.versions.filter(number=int(asked)).first() if asked.isascii() and asked.isdigit() else None
    if words is None:
        raise Http404
    file = pdf.render(seen, words, at=request.at)
    name = f"{seen.ticket.reference}-{words.number}.pdf"
    return HttpResponse(
        file,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


def open_letter(person: Person, pk: int, *, at: datetime) -> Letter:
    """A letter on a ticket in this person's scope, or one that they decide or decided about. Raises Http404."""
    found = reachable(person, at=at).whole().filter(pk=pk).first()
    if found is None:
        raise Http404
    found.ticket = Ticket.objects.with_people().get(pk=found.ticket_id)
    return found


def reachable(person: Person, *, at: datetime) -> Any:
    """The letters that this person may read."""
    tickets = Ticket.objects.visible_to(person, at).order_by().values("pk")
    everything = Letter.objects.all()
    return (
        everything.filter(ticket__in=tickets)
        | everything.filter(pk__in=Letter.objects.to_decide_for(person, at).values("pk"))
        | everything.filter(pk__in=Letter.objects.decided_by(person.pk).values("pk"))
    )


def is_open_to(person: Person, pk: int, *, at: datetime) -> bool:
    """Whether this person may still read it."""
    return reachable(person, at=at).filter(pk=pk).exists()


def _check(request: DeskRequest, seen: Letter) -> HttpResponse:
    """What the words as they are typed lack, as the page asks while somebody types; nothing is kept."""
    form = WordingForm(request.POST).naming(seen.medium)
    if not form.is_valid():
        return _page(request, seen, words=form, decision=DecisionForm(), found=[])
    found = drafting.check(seen, form.wording)
    if request.htmx:
        return render(request, "desk/letter.html#findings", {"findings": _in_words(found)})
    return _page(request, seen, words=form, decision=DecisionForm(), found=found)


def _write(request: DeskRequest, seen: Letter, form: WordingForm, deed: str) -> str:
    """Keep the words; 'submit' puts them up as well."""
    if not form.is_valid():
        return ""
    try:
        version = drafting.revise(
            seen, wording=form.wording, seen=form.cleaned_data["seen"], by=request.user, at=request.at
        )
        if deed == "save":
            return _("Version %(number)d is kept.") % {"number": version.number}
        approving.submit(seen, seen=version.number, by=request.user, at=request.at)
    except Refusal as refusal:
        form.explain(refusal)
        return ""
    return _("The letter is before the unit's lead.")


def _decide(request: DeskRequest, seen: Letter, form: DecisionForm) -> str:
    if not form.is_valid():
        return ""
    said = form.cleaned_data
    try:
        approving.decide(
            seen,
            approves=said["decision"] == "yes",
            note=said["note"],
            seen=said["seen"],
            by=request.user,
            at=request.at,
        )
    except NotYours:  # there is no form on the page of who may not decide
        raise
    except Refusal as refusal:
        form.explain(refusal)
        return ""
    return _("Your decision about the letter is on record.")


def _finish(request: DeskRequest, seen: Letter, form: WordingForm, deed: str) -> str:
    asked = request.POST.get("seen", "")
    number = int(asked) if asked.isascii() and asked.isdigit() else None
    bound = WordingForm({name: str(value) for name, value in form.initial.items()}).naming(seen.medium)
    try:
        if deed == "withdraw":
            drafting.withdraw(seen, by=request.user, at=request.at)
            return _("The letter is given up.")
        sending.send(seen, seen=number, by=request.user, at=request.at)
    except Refusal as refusal:
        bound.is_valid()
        bound.explain(refusal)
        messages.error(request, " ".join(str(error) for errors in bound.errors.values() for error in errors))
        return ""
    return _("%(ticket)s is replied to; conclude it.") % {"ticket": seen.ticket.reference}


def _page(
    request: DeskRequest, seen: Letter, *, words: WordingForm, decision: DecisionForm, found: list | None = None
) -> HttpResponse:
    ticket = seen.ticket
    latest = seen.get_current()
    authority = request.authority
    versions = list(seen.versions.all())
    before = {version.number + 1: version for version in versions}
    permitted = gate.decide(ticket.matter, at=request.at)
    replies = ticket.state == State.REPLYING and may.replies(ticket, authority)
    return render(
        request,
        "desk/letter.html",
        {
            "letter": seen,
            "ticket": ticket,
            "flags": [flag for flag, _rule in handling_rules(ticket.customer, at=request.at)],
            "sees_ticket": Ticket.objects.visible_to(request.user, request.at).filter(pk=ticket.pk).exists(),
            "latest": latest,
            "words": words,
            "decision": decision,
            "writes": seen.is_open
            and replies
            and not replying.is_begun_by_another(ticket, by=request.user, at=request.at),
            "gives_up": seen.is_open and (replies or may.supervises(ticket, authority)),
            "decides": approving.may_decide(seen, by=request.user, at=request.at),
            "is_draft": seen.standing == Standing.DRAFT,
            "is_approved": seen.standing == Standing.APPROVED,
            "findings": _in_words(found if found is not None else drafting.check(seen, latest)),
            "changes": [
                (version, differences(before[version.number].body, version.body) if version.number in before else [])
                for version in versions
            ],
            "feedbacks": Feedback.objects.filter(ticket=ticket, rejected_at__isnull=True).select_related("unit"),
            "moon": None if permitted.permitted else chips.waiting_for_contact(permitted, request.at),
            "delivery": sending.get_delivery(seen),
        },
        status=max(words.status, decision.status),
    )


def _in_words(found: list) -> list[str]:
    return [drafting.describe(finding) for finding in found]
