"""Complaining by the web: what it is about, in plain words; the form; the receipt (R10, R12, R13, R15)."""

import secrets
import time

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from attachments import actions as attachments
from attachments.actions import Holder
from common import tokens
from common.origin import origin
from common.rates import Rate, address_of
from common.refusals import Refusal
from complaints.finding import find_categories
from complaints.models import Category
from customers.models import Customer
from customers.numbers import plain_number
from door.forms.complaint import Complaint
from door.pages import for_customers, language_of, page, too_often
from selfservice.actions.complaining import Files, complain, unit_for
from sla.preview import preview

RECEIVED = "/complain/received/"
FILES_KEY = "files"
HOUR = 60 * 60


@require_safe
@for_customers
def choose(request: HttpRequest) -> HttpResponse:
    """Find what it is about: by words, or down the tree."""
    words = request.GET.get("q", "").strip()[:200]
    inside = Category.objects.filter(code=request.GET.get("in", ""), is_active=True, numchild__gt=0).first()
    below = Category.objects.get_children(inside) if inside is not None else Category.objects.filter(depth=1)
    facts = {
        "words": words,
        "found": find_categories(words) if words else [],
        "inside": inside,
        "above": Category.objects.get_parent(inside) if inside is not None else None,
        "below": below.filter(is_active=True).order_by("path"),
    }
    return page(request, "door/choose.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
@sensitive_post_parameters()
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """The form; what was typed and uploaded stays when something is missing."""
    category = get_object_or_404(Category.objects.choosable(), code=code)
    at = timezone.now()
    with translation.override(language_of(request)):
        if request.method != "POST":
            return _form(request, Complaint(category=category, at=at))
        here = Rate(settings.DOOR_COMPLAINTS_AN_HOUR, seconds=HOUR)
        if not here.admits(f"complain:{address_of(request)}", now=time.time()):
            return too_often(request, seconds=here.left_of_window(time.time()))
        form = Complaint(request.POST, category=category, at=at)
        form.is_valid()
        wanted = [*request.POST.getlist("draft"), *_keep_files(request, form)]
        if not form.is_complete():
            return _form(request, form)
        about = Rate(settings.DOOR_COMPLAINTS_ABOUT_A_NUMBER, seconds=HOUR)
        if not about.admits(f"complain:{tokens.hash_of(_plain(form))}", now=time.time()):
            form.add_error(None, _("We have heard several times about this number just now. Try again in an hour."))
            return _form(request, form, status=429)
        if not form.use_up():
            form.add_error(None, _("This form was sent already; we have it."))
            return _form(request, form, status=409)
        try:
            with origin("web"):
                receipt = complain(
                    form.caller(),
                    matter=form.matter(),
                    contacting=form.contacting(reaches_into_the_night=_reaches_into_the_night(form)),
                    files=Files(_holder(request), wanted),
                    is_another_matter=form.cleaned_data["another_matter"],
                    language=translation.get_language() or "",
                    at=at,
                )
        except Refusal as refusal:
            form.explain(refusal)
            form.give_back()
            return _form(request, form)
    token = tokens.sign(receipt.number, purpose=RECEIVED)
    return redirect(f"{reverse('door:received', args=[token])}?lang={language_of(request)}")


@require_safe
@for_customers
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt: its number, and nothing from which could be told whether there was something open already."""
    number = tokens.read(token, purpose=RECEIVED)
    if number is None:
        raise Http404
    return page(request, "door/received.html", {"number": number})


def _form(request: HttpRequest, form: Complaint, *, status: int = 0) -> HttpResponse:
    waiting = list(_holder(request).drafts)
    return page(
        request,
        "door/tell.html",
        {"form": form, "category": form.category, "waiting": waiting},
        status=status or form.status,
    )


def _keep_files(request: HttpRequest, form: Complaint) -> list[str]:
    """Keep what was uploaded, for this browser, and let go of what is not wanted any more; gives the new ones' keys."""
    unwanted = set(_holder(request).drafts.values_list("key", flat=True)) - set(request.POST.getlist("draft"))
    attachments.discard(unwanted, holder=_holder(request))
    kept: list[str] = []
    for upload in request.FILES.getlist("evidence"):
        if isinstance(upload, UploadedFile):
            if FILES_KEY not in request.session:
                request.session[FILES_KEY] = secrets.token_urlsafe(16)
            try:
                kept.append(attachments.keep(upload, holder=_holder(request), at=form.at).key)
            except Refusal as refusal:
                form.add_error("evidence", f"{upload.name}: {refusal}")
    return kept


def _holder(request: HttpRequest) -> Holder:
    return Holder(key=request.session.get(FILES_KEY, ""))


def _plain(form: Complaint) -> str:
    """The number as it is kept, so that another way of writing it counts as the same."""
    return plain_number(form.cleaned_data["number"])


def _reaches_into_the_night(form: Complaint) -> bool:
    """Whether the limit of an ordinary customer would reach into quiet hours; nobody is looked up for it."""
    limits = preview(
        Customer(),
        category=form.category,
        urgency="",
        medium="web",
        unit=unit_for(Customer()),
        raised_at=form.at,
        at=form.at,
    )
    return limits.asks_about_night
