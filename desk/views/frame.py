"""Coming in, going out, and how the pages look and speak."""

from typing import Any

from django import forms
from django.conf import settings as configured
from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import add_never_cache_headers
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
from desk.unsent import Unsent, came_from_here
from desk.workplaces import home_of

A_YEAR = 60 * 60 * 24 * 365


class TellingForm(forms.ModelForm):
    """How I am told and how I work: the language of messages, whether something new rings or gives a notice, keys."""

    language = forms.ChoiceField(
        label=gettext_lazy("language of messages"), choices=configured.LANGUAGES, required=False
    )

    class Meta:
        model = Person
        fields = ["language", "wants_sound", "wants_notices", "uses_keys"]


class SignIn(LoginView):
    """The door; who comes while a past is being made for the desk is told why it is empty."""

    template_name = "desk/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        unsent = Unsent.carried_by(self.request)
        carried = unsent if unsent.words else None
        return super().get_context_data(**given) | {"coming": coming.heard(), "unsent": carried}

    def form_valid(self, form: Any) -> HttpResponse:
        """Lead on; what was written before the session had ended is shown, and sent where its person wants that."""
        leads_on = super().form_valid(form)
        unsent = Unsent.carried_by(self.request)
        return render(self.request, "desk/send_again.html", unsent.shown()) if unsent.words else leads_on


sign_in = admits_strangers(sensitive_post_parameters("password")(SignIn.as_view()))
sign_out = admits_strangers(LogoutView.as_view())
language = admits_strangers(require_POST(set_language))


def strayed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with a token that is over: where it is our own, as of a tab from before signing in anew, it can go on.

    What another site has sent is refused and not shown. It is named in the settings and has no address.
    """
    match = request.resolver_match
    unsent = Unsent.of(request)
    if match is not None and match.view_name == "desk:sign_in":
        unsent = Unsent.carried_by(request)
    if match is None or match.app_name != "desk" or not came_from_here(request) or not unsent.words:
        return render(request, "403_csrf.html", status=403)
    template = "desk/send_again.html" if isinstance(request.user, Person) else "desk/sign_in.html"
    response = render(request, template, unsent.shown(), status=403)
    add_never_cache_headers(response)
    return response


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
