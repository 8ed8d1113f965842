"""The satisfaction survey behind a one-time link, for phones, without signing in (R73).

It tells nothing of the customer or the ticket. A link that does not work tells nothing at all, not even why.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from callbacks.actions.surveys import NothingHere, open_survey
from common.origin import origin
from door.forms.survey import Opinion
from door.pages import for_customers, language_of, page


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
@sensitive_post_parameters()
@sensitive_variables("token")
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask both questions, and take the answers once."""
    at = timezone.now()
    try:
        customer = open_survey(token, at=at).callback.ticket.customer
        form = Opinion(request.POST if request.method == "POST" else None, label_suffix="")
        with origin("survey"):
            given = request.method == "POST" and form.is_given(token, at=at)
    except NothingHere:
        return page(request, "survey/nothing.html", status=404)
    language = language_of(request, customer.language)
    if given:
        return redirect(f"{reverse('door:survey_thanks')}?lang={language}")
    return page(request, "survey/ask.html", {"form": form}, language=language, status=400 if form.errors else 200)


@require_safe
@for_customers
def thanks(request: HttpRequest) -> HttpResponse:
    """Say thank you; the same to everybody."""
    return page(request, "survey/thanks.html")
