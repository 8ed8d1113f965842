"""Coming in, going out, and how the pages look and speak."""

from typing import Any

from django import forms
from django.conf import settings as configured
from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from accounts.leaving import left_behind
from accounts.models import Person, Role, Unit
from common import coming
from common.entrance import admits_strangers
from desk.context import THEME_COOKIE, THEMES
from desk.entrance import DeskRequest, admits
from desk.workplaces import home_of

A_YEAR = 60 * 60 * 24 * 365


class TellingForm(forms.ModelForm):
    """How I am told: in which language messages are written, and whether something new rings or gives a notice."""

    language = forms.ChoiceField(
        label=gettext_lazy("language of messages"), choices=configured.LANGUAGES, required=False
    )

    class Meta:
        model = Person
        fields = ["language", "wants_sound", "wants_notices"]


class SignIn(LoginView):
    """The door; who comes while a past is being made for the desk is told why it is empty."""

    template_name = "desk/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {"coming": coming.heard()}


sign_in = admits_strangers(sensitive_post_parameters("password")(SignIn.as_view()))
sign_out = admits_strangers(LogoutView.as_view())
language = admits_strangers(require_POST(set_language))


@admits()
def home(request: DeskRequest) -> HttpResponse:
    """Each to the workplace where their day begins."""
    return redirect(home_of(request.authority))


@admits_strangers
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system says."""
    wanted = request.POST.get("theme", "auto")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = resolve_url("desk:home")
    response = redirect(back)
    if wanted in THEMES:
        response.set_cookie(
            THEME_COOKIE, wanted, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return response


@admits()
def settings(request: DeskRequest) -> HttpResponse:
    """What I may do now, what I own and hold at the end of a shift (R13), and how I am told."""
    form = TellingForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        Person.objects.filter(pk=request.user.pk).update(**form.cleaned_data)
        messages.success(request, _("You are told in this way from now on."))
        return redirect("desk:settings")
    grants = request.authority.grants
    units = Unit.objects.in_bulk({grant.unit_id for grant in grants})
    people = Person.objects.in_bulk({grant.person_id for grant in grants})
    roles = [(Role(grant.role).label, units[grant.unit_id], people[grant.person_id]) for grant in grants]
    facts = {"roles": roles, "form": form, "to_hand_over": left_behind(request.user)}
    return render(request, "desk/settings.html", facts)
