"""Nothing inside the house is reached, whatever name or form it hides behind (X12)."""

import socket

import pytest

from notifications.gateways import addresses, posting
from notifications.gateways.addresses import NotAllowed
from notifications.gateways.posting import Unanswered, post
from tests.notifications.receiver import a_receiver

INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1",
    "192.0.2.1", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1", "::127.0.0.1", "::a00:1",
    "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700:4700::1111"]

NOT_PLAIN = [
    "", "hook", "//host/hook", "ftp://host/", "file:///etc/passwd", "gopher://host/", "javascript:alert(1)",
    "https://", "https:///hook", "https://user@host/", "https://user:word@host/", "https://host/#part",
    "https://host:0/", "https://host:99999/", "https://host:a/", "https://ho st/", "https://host/\r\nX: y",
    "https://host\\@inside/", "https://[::1/", "https://hôte/", "https://host/" + "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_known(address):
    assert not addresses.is_outside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_and_so_is_what_is_outside(address):
    assert addresses.is_outside(address)


@pytest.mark.parametrize("url", NOT_PLAIN)
def test_only_plain_addresses_are_taken(url):
    with pytest.raises(NotAllowed):
        addresses.split(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"]
)
def test_the_machine_itself_is_not_reached_in_any_spelling(host):
    with a_receiver() as receiver:
        port = receiver.url.rpartition(":")[2]

        with pytest.raises((NotAllowed, Unanswered)):
            post(f"http://{host}:{port}", b"{}", headers={}, timeout=5)

        assert receiver.got == []


def names(monkeypatch, *found: str) -> list[str]:
    """Let the name 'hook.invalid' lead to these addresses; says in a list each time that somebody asks for it."""
    real, asked = socket.getaddrinfo, []

    def lead(host, port, *rest, **options):
        if host != "hook.invalid":
            return real(host, port, *rest, **options)
        asked.append(host)
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in each], socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", lead)
    return asked


def test_a_name_is_asked_for_once_and_the_connection_goes_to_what_was_looked_at(monkeypatch, settings):
    settings.OUTWARD_NETWORKS = ["127.0.0.0/8"]
    asked = names(monkeypatch, "127.0.0.1")
    with a_receiver() as receiver:
        port = receiver.url.split(":")[2].partition("/")[0]

        answer = post(f"http://hook.invalid:{port}/hook", b"{}", headers={}, timeout=5)

        assert answer.code == 204
        assert asked == ["hook.invalid"]
        assert receiver.got[0].headers["Host"] == f"hook.invalid:{port}"


def test_one_forbidden_address_among_several_is_enough(monkeypatch):
    names(monkeypatch, "1.1.1.1", "10.0.0.1")

    with pytest.raises(NotAllowed, match=r"10\.0\.0\.1"):
        addresses.resolve(addresses.split("https://hook.invalid/"))


def test_the_open_internet_is_reached_by_https_only(monkeypatch):
    names(monkeypatch, "1.1.1.1")

    assert addresses.resolve(addresses.split("https://hook.invalid/")) == "1.1.1.1"
    with pytest.raises(NotAllowed, match="without encryption"):
        addresses.resolve(addresses.split("http://hook.invalid/"))


def test_a_network_that_is_named_is_reached_and_its_neighbour_is_not(settings):
    settings.OUTWARD_NETWORKS = ["10.1.0.0/16"]

    assert addresses.resolve(addresses.split("http://10.1.2.3/")) == "10.1.2.3"
    assert addresses.resolve(addresses.split("http://[::ffff:10.1.2.3]/")) == "::ffff:10.1.2.3"
    with pytest.raises(NotAllowed):
        addresses.resolve(addresses.split("http://10.2.0.1/"))


def test_a_name_that_nobody_knows_is_no_answer():
    with pytest.raises(Unanswered):
        post("https://no-such-name.invalid/", b"{}", headers={}, timeout=5)


def test_a_body_that_is_too_long_does_not_leave(settings):
    with pytest.raises(NotAllowed, match="too long"):
        post("https://hook.invalid/", b"x" * (posting.LONGEST_BODY + 1), headers={}, timeout=5)
