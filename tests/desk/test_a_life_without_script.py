"""The essential path with nothing but forms: a browser without scripts sends exactly what the pages hold."""

from html.parser import HTMLParser

from django.urls import reverse

from complaints.models import Ticket
from complaints.states import State
from tests.people import ORDINARY, a_record, category, unit


class Forms(HTMLParser):
    """The forms of a page: their address, what they hold, their buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self.select = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append({"action": given.get("action"), "held": {}, "buttons": set()})
        if not self.forms:
            return
        form = self.forms[-1]
        name = given.get("name", "")
        if tag == "input" and given.get("type") not in {"checkbox", "radio"} and name:
            form["held"][name] = given.get("value", "")
        elif tag == "textarea" and name:
            form["held"][name] = ""
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and "selected" in given:
            form["held"][self.select] = given.get("value", "")
        elif tag == "button" and name:
            form["buttons"].add((name, given.get("value", "")))


def press(browser, page: str, button: tuple[str, str], **typed):
    """Open a page, fill in the form with this button, press it, and follow to where it leads."""
    seen = Forms()
    seen.feed(browser.get(page).content.decode())
    form = next(form for form in seen.forms if button in form["buttons"])
    sent = {**form["held"], **typed, button[0]: button[1]}
    return browser.post(form["action"] or page, {name: each for name, each in sent.items() if each != ""}, follow=True)


def test_a_complaint_lives_from_call_to_conclusion_without_script(as_, ines):
    leaf = category(ORDINARY)
    rosa, sam, wei = as_("rosa"), as_("sam"), as_("wei")

    call = rosa.post(reverse("desk:call"), {"number": ines.number}).url
    press(rosa, call, ("step", "category"), category=str(leaf.pk))
    record = {f"record.{code}": value for code, value in a_record(leaf).items()}
    press(rosa, f"{call}?category={leaf.pk}", ("step", "submit"), happened="A fee that nobody ordered.", **record)
    ticket = Ticket.objects.get()
    page = reverse("desk:ticket", args=[ticket.reference])

    press(sam, reverse("desk:dispatch"), ("deed", "dispatch"), to=str(unit("network").pk))
    press(wei, reverse("desk:queue") + "?tab=unclaimed", ("deed", "claim"))
    press(
        wei,
        page,
        ("deed", "feed_back"),
        process="Compared bill and orders.",
        cause="An order that nobody made.",
        result="Taken off and refunded.",
        advice="Say when the refund arrives.",
    )
    press(rosa, reverse("desk:replies"), ("deed", "begin_reply"))
    press(rosa, page, ("deed", "reply"), text="The money is back on Friday.")
    told = press(rosa, page, ("deed", "conclude"), verdict="accepts", liability="company")

    assert Ticket.objects.get().state == State.CALLBACK
    assert "is concluded as complaint" in told.content.decode()
