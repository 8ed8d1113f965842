"""What `./dev up` says when it cannot start: one clear line, and an exit code that is not zero."""

import errno
import os
import socket
import time

import pytest

from devtools import places, processes, up
from devtools.children import Child
from devtools.places import Trouble
from devtools.servers import Addresses


@pytest.fixture
def no_servers_given(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setattr("devtools.servers.LOCAL", tmp_path)
    monkeypatch.setattr("devtools.places.LOCAL", tmp_path)


@pytest.mark.usefixtures("no_servers_given")
def test_a_taken_port_is_said_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]

        with pytest.raises(Trouble, match=rf"^Port {port} is taken\. Choose another with `\./dev up --port N`\.$"):
            up.run(["--port", str(port)])


@pytest.mark.usefixtures("no_servers_given")
def test_a_port_that_needs_more_rights_is_not_called_taken(monkeypatch):
    def refuse(_socket, _address):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)  # as the kernel does for whoever is not root

    with pytest.raises(Trouble, match=r"^Port 80 needs more rights than yours.*`\./dev up --port 8080`") as trouble:
        up.run(["--port", "80"])

    assert "taken" not in str(trouble.value)


@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_an_impossible_port_is_refused(port):
    with pytest.raises(Trouble, match="is no port; choose one from 1 to 65535"):
        up.run([f"--port={port}"])


def test_links_in_messages_lead_to_the_port_that_is_served(monkeypatch):
    addresses = Addresses("postgres://here/desk", "redis://here/0")
    monkeypatch.delenv("PUBLIC_URL", raising=False)

    of_the_port = up.make_environment(addresses, port=9000)["PUBLIC_URL"]
    monkeypatch.setenv("PUBLIC_URL", "https://desk.example")
    of_the_operator = up.make_environment(addresses, port=9000)["PUBLIC_URL"]

    assert of_the_port == "http://127.0.0.1:9000"
    assert of_the_operator == "https://desk.example"


@pytest.mark.usefixtures("no_servers_given")
def test_a_second_start_names_the_first():
    places.lay_out()
    places.note("running", command="up", pid=4711, address="http://127.0.0.1:8000/")

    with (
        places.hold(places.LOCAL / "main.lock"),
        pytest.raises(Trouble, match=r"already running at http://127\.0\.0\.1:8000/ \(process 4711\)"),
    ):
        up.run([])


@pytest.mark.usefixtures("no_servers_given")
def test_half_an_address_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")

    with pytest.raises(Trouble, match="Set both DATABASE_URL and REDIS_URL"):
        up.run([])


def test_a_full_disk_is_said_before_anything_is_written(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "ROOM_NEEDED", 2**62)

    with pytest.raises(Trouble, match="The disk is full"):
        places.ask_for_room(tmp_path)


def test_a_dead_child_is_started_again_later_each_time(tmp_path):
    started = []

    def start():
        started.append(time.monotonic())
        return processes.start(["false"], log=tmp_path / "log", env=os.environ, cwd=tmp_path)

    child = Child("web", places.LOGS / "web.log", start)
    child.ensure(100.0)
    child.process.wait()
    child.ensure(100.5)
    child.ensure(101.4)
    assert len(started) == 1

    child.ensure(101.5)
    child.process.wait()
    child.ensure(102.0)
    child.ensure(103.9)
    assert len(started) == 2

    child.ensure(104.0)
    assert len(started) == 3
    child.process.wait()
