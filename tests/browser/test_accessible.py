"""Every workplace before axe, in both languages and by day and night: nothing serious or critical (WCAG 2.2 AA).

What is folded away is opened first, so that it is judged too. A page is drawn once for each language; then the light is
switched where it stands, and what depends on the light is judged again.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import approvals.actions
from approvals.models import SolutionKind
from callbacks.models import CallbackRules
from complaints.actions import handling
from complaints.models import Ticket
from complaints.states import State
from customers.models import WatchRules
from demo.roster import load_roster
from door.human import _terms
from escalation.actions.raising import escalate
from escalation.actions.sweeping import fire_due
from escalation.models import Roster
from selfservice.actions import asking
from selfservice.models import StatusRequest
from sla.actions.publishing import draft_from
from sla.actions.sweeping import call_due
from sla.models import Policy
from tests.callbacks.stories import a_concluded_ticket, a_survey, token_of
from tests.door.cast import figures_sent
from tests.letters.writing import a_submitted
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    ORDINARY,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    category,
    fresh,
    person,
    somebody,
    unit,
)

FOLDER = Path(__file__).parent / "axe"
AXE = FOLDER / "axe-4.14.1.min.js"
CHECKED = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
IN_THE_OTHER_LIGHT = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
LOOK = """async (options) => {
    const beside = document.querySelector('#pane:not([hidden])');  // menus would lie over it
    const folded = [...document.querySelectorAll(`details:not([open]${beside ? ', .me, .pop' : ''})`)];
    folded.forEach((each) => { each.open = true; });
    const found = await axe.run(document, options);
    folded.forEach((each) => { each.open = false; });
    return found;
}"""
COUNTED = "part=accepted&since=2026-03-01&last=2026-03-02"
PHONE = {"viewport": {"width": 390, "height": 844}}
GRAVE = {"serious", "critical"}
BY_DAY = {"locale": "en-US", "color_scheme": "light"}
BY_NIGHT = {"locale": "zh-CN", "color_scheme": "dark"}

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.extended]
in_both_looks = pytest.mark.parametrize("look", [BY_DAY, BY_NIGHT], ids=["english", "chinese"])


def grave_faults_of(page: Page) -> list[str]:
    """What axe finds grave on this page, by day and by night: where, against which rule, in which element."""
    page.add_script_tag(path=AXE)
    found = page.evaluate(LOOK, CHECKED)["violations"]
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.emulate_media(color_scheme="light" if is_dark else "dark")
    found += page.evaluate(LOOK, IN_THE_OTHER_LIGHT)["violations"]
    page.emulate_media(color_scheme="dark" if is_dark else "light")
    return [
        f"{page.url}: {fault['id']} ({fault['impact']}) {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


@pytest.fixture
def judged() -> Iterator[Callable[[Page], None]]:
    """Judge a page; all that was found on any of them is told at the end."""
    faults: list[str] = []

    def judge(page: Page) -> None:
        faults.extend(grave_faults_of(page))

    yield judge
    assert faults == [], "\n".join(faults)


@pytest.fixture
def look_around(open_as: Callable[..., Page], judged: Callable[[Page], None]) -> Callable[..., Page]:
    """Sign somebody in, and judge the page at each of the addresses; returns where they are in the end."""

    def walk(username: str, look: dict[str, Any], *addresses: str) -> Page:
        page = open_as(username, **({"bypass_csp": True, "viewport": {"width": 1280, "height": 720}} | look))
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            judged(page)
        return page

    return walk


@pytest.fixture
def a_day(transactional_db: None, monday_at_ten: object) -> SimpleNamespace:
    """A little of everything: new, urgent and overdue, sent out, in hand, to reply, to call back, to approve."""
    overdue = a_ticket(urgency="urgent")
    call_due(MONDAY_TEN)
    fire_due(MONDAY_TEN)
    in_hand, to_reply = a_ticket_in_hand(), a_ticket_to_reply()
    a_dispatched_ticket()
    a_concluded_ticket()
    escalate(fresh(in_hand), reason="The customer called again.", by=person("wei"), at=MONDAY_TEN)
    approvals.actions.request(
        fresh(in_hand),
        kind=SolutionKind.COMPENSATION,
        amount=Decimal(300),
        solution="Half a year free.",
        by=person("wei"),
        at=MONDAY_NINE,
    )
    return SimpleNamespace(overdue=overdue, in_hand=in_hand, to_reply=to_reply, letter=a_submitted(to_reply))


@pytest.fixture
def stranger(live_server: Any, chromium: Browser, monday_at_ten: object) -> Iterator[Callable[..., Page]]:
    """A browser that has not signed in."""
    contexts = []

    def opened(look: dict[str, str]) -> Page:
        context = chromium.new_context(base_url=live_server.url, bypass_csp=True, **look)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def on(ticket: Ticket) -> str:
    """The address of a ticket's page."""
    return f"/tickets/{ticket.reference}/"


def beside_the_list(page: Page) -> None:
    """Open the first ticket of the list in the pane."""
    page.locator("a.row[data-peek]").first.click()
    page.wait_for_selector("#pane:not([hidden]) h2")


def test_axe_is_what_was_published_and_listed():
    listed = dict(re.findall(r"\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|", (FOLDER / "README.md").read_text()))

    assert listed == {AXE.name: hashlib.sha256(AXE.read_bytes()).hexdigest()}


def test_axe_would_find_a_fault(open_as):
    page = open_as("rosa", bypass_csp=True, **BY_DAY)
    page.evaluate("document.querySelector('#main').insertAdjacentHTML('beforeend', '<input type=text>')")

    assert [fault for fault in grave_faults_of(page) if ": label (critical)" in fault]


@in_both_looks
def test_axe_would_find_a_fault_of_the_other_light_alone(open_as, look):
    page = open_as("rosa", bypass_csp=True, **look)
    ink = "light-dark(#000, #333)" if look is BY_DAY else "light-dark(#ccc, #fff)"
    word = f'<p style="color: {ink}; background: light-dark(#fff, #222)">hardly to be read</p>'
    page.evaluate("(word) => document.querySelector('#main').insertAdjacentHTML('beforeend', word)", word)

    assert [fault for fault in grave_faults_of(page) if ": color-contrast (serious)" in fault]


@in_both_looks
def test_the_workplaces_of_an_agent(a_day, look_around, judged, look):
    ours = ["/mine/", "/replies/", "/hand-over/", on(a_day.to_reply), f"/letters/{a_day.letter.pk}/"]
    rosa = look_around("rosa", look, *ours)
    rosa.goto("/calls/")
    rosa.wait_for_selector("#below [data-line]")
    judged(rosa)

    rosa.locator("main [name=number]").fill("12055550101")
    rosa.keyboard.press("Enter")
    rosa.wait_for_selector("#accept-category")
    judged(rosa)
    rosa.locator("#accept-category").select_option(str(category(ORDINARY).pk))
    rosa.wait_for_selector('[name^="record."]')
    judged(rosa)
    rosa.keyboard.press("Control+s")
    rosa.wait_for_selector(".problem")
    judged(rosa)


@in_both_looks
def test_the_workplaces_of_a_dispatcher_and_a_handler(a_day, look_around, judged, look):
    look_around("sam", look, "/dispatch/", f"/dispatch/?ticket={a_day.overdue.reference}")
    wei = look_around("wei", look, "/queue/", "/queue/?tab=unclaimed", on(a_day.in_hand), "/tickets/")

    beside_the_list(wei)
    judged(wei)
    wei.goto(on(a_day.in_hand))
    wei.locator("#deeds [name=process]").fill("Measured the line.")
    wei.locator("#deeds [name=process]").blur()
    wei.wait_for_selector("[data-keeps] button")
    judged(wei)


@in_both_looks
def test_a_list_in_which_something_is_new_and_something_gone(a_day, look_around, judged, look):
    wei = look_around("wei", look, "/queue/?tab=unclaimed")
    colleague = somebody("handler", over="network")
    taken = Ticket.objects.filter(state=State.DISPATCHED, lead_unit=unit("network")).get()
    a_dispatched_ticket(urgency="urgent")
    handling.claim(fresh(taken), by=colleague, at=MONDAY_TEN)

    wei.evaluate("htmx.trigger(document.body, 'live:lists')")
    wei.wait_for_selector("tr.away")
    judged(wei)
    wei.keyboard.press(".")
    wei.wait_for_selector("tr.come")
    judged(wei)


@in_both_looks
def test_the_workplaces_of_callbacks_and_approvals(a_day, look_around, look):
    look_around("wumei", look, "/callbacks/", "/callbacks/campaigns/", "/approvals/")
    look_around("mengyao", look, "/approvals/", f"/letters/{a_day.letter.pk}/")


@in_both_looks
def test_the_workplaces_of_a_supervisor(a_day, look_around, judged, look):
    clock = a_day.overdue.clocks.order_by("pk").first()
    places = ["/board/", "/inbox/", "/inbox/acknowledged/", "/roster/", "/approvals/", "/follow-ups/", "/messages/"]
    figures = ["/figures/", "/figures/on_site/", f"/figures/on_site/tickets/?{COUNTED}"]
    ticket = [on(a_day.overdue), f"{on(a_day.overdue)}clocks/{clock.pk}/"]
    ticket += [f"{on(a_day.in_hand)}reassign/", f"{on(a_day.overdue)}reassign/", "/hand-over/"]
    lin = look_around("lin", look, *places, *figures, *ticket, "/me/", "/lists/exports/", "/tickets/")
    beside_the_list(lin)
    judged(lin)
    lin.keyboard.press("?")
    lin.wait_for_selector("#keys[open]")
    judged(lin)

    lin.goto("/wall/")
    judged(lin)
    lin.goto(lin.locator("#wall-address").input_value())
    judged(lin)


@in_both_looks
def test_the_workplaces_of_an_administrator(a_day, look_around, look):
    draft = draft_from(Policy.objects.get(code="reply-ordinary"))
    case = f"/policies/which/?kind=reply&category={ORDINARY}"

    look_around(
        "admin", look, "/policies/", f"/policies/{draft.pk}/?month=2026-03", "/policies/which/", case, "/styleguide/"
    )


@in_both_looks
def test_the_forms_that_are_configured_by(a_day, look_around, look):
    load_roster(today=MONDAY_TEN.date())
    duty = Roster.objects.filter(exceptions__isnull=False).first()
    rules = [f"callbacks/callbackrules/{CallbackRules.current().pk}", f"customers/watchrules/{WatchRules.current().pk}"]
    forms = [f"/admin/{each}/change/" for each in [*rules, f"escalation/roster/{duty.pk}"]]

    look_around(
        "admin",
        look,
        "/admin/",
        "/admin/escalation/roster/",
        "/admin/escalation/roster/add/",
        *forms,
        f"/admin/accounts/person/{person('jiangtao').pk}/change/",
        "/admin/sla/policy/",
    )


@pytest.mark.parametrize("look", [BY_DAY | PHONE, BY_NIGHT | PHONE], ids=["english", "chinese"])
def test_what_is_done_on_a_phone(a_day, look_around, look):
    load_roster(today=MONDAY_TEN.date())
    look_around("lin", look, "/inbox/", "/board/", "/roster/", on(a_day.overdue), "/approvals/")
    look_around("mengyao", look, "/approvals/")
    look_around("wei", look, "/queue/?tab=unclaimed")


@in_both_looks
def test_signing_in_and_what_is_not_there(stranger, judged, look):
    page = stranger(look)

    for address in ["/sign-in/", "/nothing-here/"]:
        page.goto(address)
        judged(page)


@in_both_looks
def test_the_customers_door(stranger, judged, look, monday_at_ten):
    ticket = a_ticket(customer=a_customer("12055550188"), at=MONDAY_TEN - timedelta(hours=1))
    survey = token_of(a_survey())
    page = stranger(look)
    for address in ["/complain/", "/complain/?q=fee", f"/complain/{ORDINARY}/", f"/s/{survey}"]:
        page.goto(address)
        judged(page)

    page.locator("button").last.click()  # the survey with nothing ticked: its problems
    judged(page)
    page.goto("/status/")
    judged(page)
    page.locator("#id_reference").fill(ticket.reference)
    monday_at_ten.shift(60)
    page.locator("#id_sum").fill(str(sum(_terms(page.locator("[name=puzzle]").input_value()))))
    page.get_by_role("button").last.click()
    page.wait_for_url("**/status/*/**")
    judged(page)
    asking.send_due(MONDAY_TEN)
    page.locator("#id_code").fill(figures_sent(StatusRequest.objects.get()))
    page.get_by_role("button").last.click()
    page.wait_for_selector("[aria-current=step]")
    judged(page)
