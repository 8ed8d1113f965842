"""How does my matter stand: by reference and a code sent to the number on record, and no other way (A21)."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.origin import origin
from common.rates import Rate, address_of
from common.refusals import Malformed
from door.forms.status import Code, Which
from door.pages import for_customers, language_of, page, too_often
from selfservice.actions import asking
from selfservice.stages import STEPS

HOUR = 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def ask(request: HttpRequest) -> HttpResponse:
    """For which matter. The answer is the same whether there is one or not."""
    at = timezone.now()
    with translation.override(language_of(request)):
        if request.method != "POST":
            return page(request, "door/ask.html", {"form": Which(at=at, label_suffix="")})
        here = Rate(settings.DOOR_CODES_AN_HOUR, seconds=HOUR)
        if not here.admits(f"status:{address_of(request)}", now=time.time()):
            return too_often(request, seconds=here.left_of_window(time.time()))
        form = Which(request.POST, at=at, label_suffix="")
        if form.is_valid() and form.use_up():
            try:
                asked = asking.ask(form.cleaned_data["reference"], language=translation.get_language() or "", at=at)
                return redirect(f"{reverse('door:status', args=[asked.key])}?lang={language_of(request)}")
            except Malformed as refusal:
                form.add_error("reference", str(refusal))
        return page(request, "door/ask.html", {"form": form}, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
@sensitive_post_parameters()
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Type the code; the right one shows once how it stands. Nothing of that gets an address of its own."""
    with translation.override(language_of(request)):
        form = Code(request.POST if request.method == "POST" else None, label_suffix="")
        if request.method != "POST" or not form.is_valid():
            return page(request, "door/code.html", {"form": form}, status=400 if form.errors else 200)
        try:
            with origin("web"):
                status = asking.open_status(key, form.cleaned_data["code"], at=timezone.now())
        except asking.WrongCode as refusal:
            form.add_error("code", str(refusal))
            return page(request, "door/code.html", {"form": form}, status=refusal.status)
        return page(request, "door/status.html", {"status": status, "steps": STEPS})
