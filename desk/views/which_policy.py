"""Which policy wins for a case, and why the others do not (R27)."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.entrance import DeskRequest, admits
from desk.forms.which_policy import Case
from desk.moments import exact
from sla.actions.comparing import Contender, Standing, compare
from sla.actions.explaining import describe_limit
from sla.models import Policy

SELECTORS = {
    "scope": gettext_lazy("scope"),
    "category": gettext_lazy("category"),
    "urgency": gettext_lazy("urgency"),
    "brand": gettext_lazy("brand"),
    "tier": gettext_lazy("tier"),
    "medium": gettext_lazy("medium"),
    "variant": gettext_lazy("case"),
}


@admits()
def which_policy(request: DeskRequest) -> HttpResponse:
    """A case, the version that holds for it, and for each other one why it loses."""
    form = Case(request.GET or None)
    lines: list[dict[str, object]] = []
    if form.is_valid():
        contenders = compare(form.situation, at=form.cleaned_data["at"] or request.at)
        lines = list(_lines(contenders))
    return render(
        request,
        "desk/which_policy.html",
        {
            "form": form,
            "is_asked": form.is_bound and form.is_valid(),
            "winner": next((line for line in lines if line["wins"]), None),
            "others": [line for line in lines if not line["wins"]],
        },
        status=400 if form.errors else 200,
    )


def _lines(contenders: list[Contender]) -> Iterator[dict[str, object]]:
    winner = next((each.policy for each in contenders if each.standing == Standing.WINS), None)
    for each in contenders:
        yield {
            "policy": each.policy,
            "wins": each.standing == Standing.WINS,
            "asks": _asked(each.policy),
            "limit": describe_limit(each.policy),
            "why": why(each, winner),
        }


def _asked(policy: Policy) -> list[str]:
    """What a policy asks for, in words; nothing where it is for all."""
    named = [f"{SELECTORS['category']}: {policy.category.name}"] if policy.category is not None else []
    for name in SELECTORS:
        if name != "category" and getattr(policy, name):
            named.append(f"{SELECTORS[name]}: {getattr(policy, f'get_{name}_display')()}")
    return named


def why(contender: Contender, winner: Policy | None) -> str:
    """Why a policy wins or loses, in a sentence."""
    policy, named = contender.policy, ", ".join(str(SELECTORS[name]) for name in contender.selectors)
    if contender.standing == Standing.WINS:
        return _("Of all that match, none says more in a weightier selector.")
    if contender.standing == Standing.OUTWEIGHED:
        return _("It matches, but %(winner)s says more by its %(selector)s.") % {"winner": winner, "selector": named}
    if contender.standing == Standing.DIFFERS:
        return _("It asks for something else: %(selectors)s.") % {"selectors": named}
    if contender.standing == Standing.TOO_FEW_DAYS:
        return _("It allows fewer days than were agreed.")
    if contender.standing == Standing.NOT_YET:
        assert policy.effective_from is not None
        return _("It is in force from %(moment)s only.") % {"moment": exact(policy.effective_from)}
    assert policy.effective_until is not None
    return _("It was in force until %(moment)s.") % {"moment": exact(policy.effective_until)}
