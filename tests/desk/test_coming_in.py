"""Who may come in, and how: signing in, the guard on every view, language and light."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from common import coming
from desk.urls import urlpatterns
from tests.databases import PASSWORD

As = Callable[[str], Client]

PAGES_OF = {
    "desk:call": {"rosa", "lin"},
    "desk:mine": {"rosa"},
    "desk:replies": {"rosa"},
    "desk:dispatch": {"sam"},
    "desk:queue": {"sam", "wei", "noor"},
    "desk:callbacks": set(),
    "desk:board": {"lin"},
    "desk:inbox": {"lin"},
    "desk:figures": {"lin"},
    "desk:tickets": {"rosa", "sam", "wei", "noor", "lin"},
    "desk:messages": {"rosa", "sam", "wei", "noor", "lin"},
    "desk:styleguide": {"rosa", "sam", "wei", "noor", "lin"},
}


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_every_view_says_who_may_come_in(pattern):
    assert pattern.callback.admits


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PAGES_OF))
def test_strangers_are_sent_to_sign_in(name, client):
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("desk:sign_in"))


@pytest.mark.parametrize("username", ["rosa", "sam", "wei", "noor", "lin"])
def test_each_page_is_open_to_its_roles_only(as_: As, username):
    browser = as_(username)

    open_to = {name for name in PAGES_OF if browser.get(reverse(name)).status_code == 200}

    assert open_to == {name for name, people in PAGES_OF.items() if username in people}


@pytest.mark.parametrize(
    ("username", "home"),
    [("rosa", "desk:call"), ("sam", "desk:dispatch"), ("wei", "desk:queue"), ("lin", "desk:board")],
)
def test_each_begins_the_day_at_their_workplace(as_: As, username, home):
    answer = as_(username).get("/")

    assert answer.url == reverse(home)


def test_signing_in_changes_the_session_and_leads_on_inside_only(client, rosa):
    client.get(reverse("desk:sign_in"))
    before = client.session.session_key

    answer = client.post(
        reverse("desk:sign_in") + "?next=https://elsewhere.example/",
        {"username": "rosa", "password": PASSWORD, "next": "https://elsewhere.example/"},
    )

    assert answer.status_code == 302
    assert answer.url == "/"
    assert client.session.session_key != before


def test_wrong_and_unknown_names_are_told_the_same_words(client, rosa):
    def told(username: str) -> str:
        page = client.post(reverse("desk:sign_in"), {"username": username, "password": "wrong-as-can-be"})
        assert page.status_code == 200
        return page.content.decode().split('role="alert"')[1].split("</div>")[0]

    assert told("rosa") == told("nobody-of-this-name")


def test_too_many_attempts_close_the_door_for_a_while(client, rosa, settings):
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("desk:sign_in"), {"username": "rosa", "password": "wrong-as-can-be"})

    assert answer.status_code == 429
    assert b"Too many attempts" in answer.content


def test_signing_out_ends_the_session(as_: As):
    browser = as_("rosa")

    browser.post(reverse("desk:sign_out"))

    assert browser.get(reverse("desk:mine")).status_code == 302


def test_somebody_who_was_deactivated_is_out_at_once(as_: As, rosa):
    browser = as_("rosa")
    rosa.is_active = False
    rosa.save(update_fields=["is_active"])

    assert browser.get(reverse("desk:mine")).status_code == 302


def test_the_page_speaks_the_browsers_language_until_somebody_switches(client, db):
    chinese = client.get(reverse("desk:sign_in"), headers={"accept-language": "zh-CN,zh;q=0.9"})
    client.post(reverse("desk:language"), {"language": "en", "next": "/sign-in/"})
    english = client.get(reverse("desk:sign_in"), headers={"accept-language": "zh-CN,zh;q=0.9"})

    assert "登录" in chinese.content.decode()
    assert '<html lang="zh-hans"' in chinese.content.decode()
    assert "Sign in" in english.content.decode()


def test_light_and_dark_are_kept_and_nothing_else_is(client, db):
    client.post(reverse("desk:theme"), {"theme": "dark", "next": "/sign-in/"})
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()

    outside = client.post(reverse("desk:theme"), {"theme": '"><script>', "next": "https://elsewhere.example/"})

    assert outside.url == "/"
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()


def test_the_language_of_messages_is_ones_own_to_choose(as_: As, rosa):
    as_("rosa").post(reverse("desk:settings"), {"language": "en"})

    rosa.refresh_from_db()
    assert rosa.language == "en"


def test_pages_are_never_stored_by_caches(as_: As):
    assert "no-store" in as_("rosa").get(reverse("desk:mine"))["Cache-Control"]


def test_who_comes_while_a_past_is_being_made_is_told_why_the_desk_is_empty(client, db):
    told = "The demonstration's past is being made: 821 of 2224 complaints."

    coming.say(821, of=2224)
    meanwhile = client.get(reverse("desk:sign_in")).content.decode()
    coming.say(2224, of=2224)
    afterwards = client.get(reverse("desk:sign_in")).content.decode()

    assert told in meanwhile
    assert "2224" not in afterwards


def test_pages_that_name_no_sign_are_given_the_desks(client):
    assert client.get("/favicon.ico").url.endswith(".svg")
