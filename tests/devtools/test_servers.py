"""The embedded servers start, keep what they should, and leave nothing behind."""

import os
import secrets
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from devtools import places, postgres, processes
from devtools.places import Trouble
from devtools.postgres import Postgres
from devtools.processes import Identity
from devtools.servers import Pair, kept
from devtools.valkey import Valkey


@pytest.fixture
def pair():
    places.lay_out()
    pair = Pair(f"test-{secrets.token_hex(4)}", forgetful=True)
    yield pair
    pair.destroy(logs=True)


def ask(url, question):
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_both_servers_answer_and_know_chinese(pair):
    addresses = pair.start()

    assert ask(addresses.database_url, "SHOW server_encoding") == "UTF8"
    assert ask(addresses.database_url, "SELECT datcollate FROM pg_database WHERE datname = 'desk'") == "C.UTF-8"
    assert ask(addresses.database_url, "CREATE EXTENSION pg_trgm; SELECT show_trgm('网络很慢')")
    assert redis.Redis.from_url(addresses.redis_url).ping()


def test_servers_refuse_who_has_no_password(pair):
    addresses = pair.start()

    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(f"postgres://desk@127.0.0.1:{pair.postgres.port}/desk")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=pair.valkey.port).ping()
    assert addresses.database_url.startswith("postgres://desk:")


def test_secrets_are_for_their_owner_only():
    places.lay_out()
    places.get_secrets()

    assert stat.S_IMODE((places.LOCAL / "secrets.json").stat().st_mode) == 0o600


def test_kept_servers_hold_their_data_for_the_next_command_until_it_begins_afresh():
    name = f"test-{secrets.token_hex(4)}"
    try:
        with kept(name) as addresses:
            connection = psycopg2.connect(addresses.database_url)
            with connection, connection.cursor() as cursor:
                cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
            connection.close()
            with pytest.raises(Trouble, match="Another command"), kept(name):
                pass

        with kept(name) as addresses:
            assert ask(addresses.database_url, "SELECT answer FROM kept") == 42
        with kept(name, afresh=True) as addresses:
            assert ask(addresses.database_url, "SELECT to_regclass('kept')") is None
    finally:
        Pair(name).destroy(logs=True)
        (places.LOCAL / f"{name}.lock").unlink(missing_ok=True)


def test_what_lasts_as_long_as_a_run_is_in_memory_where_there_is_plenty_and_leaves_nothing_there(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "MEMORY", tmp_path)
    monkeypatch.setattr(os.path, "ismount", lambda path: path == tmp_path)
    monkeypatch.setattr(postgres, "MEMORY_NEEDED", 1)

    passing, lasting = Postgres("test-memory", forgetful=True), Postgres("test-memory")
    [ours] = tmp_path.iterdir()
    passing.destroy()

    assert passing.data.is_relative_to(ours) and not lasting.data.is_relative_to(tmp_path)
    assert not ours.exists()


def test_a_folder_in_memory_that_somebody_else_has_made_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "MEMORY", tmp_path)
    monkeypatch.setattr(os.path, "ismount", lambda path: path == tmp_path)
    monkeypatch.setattr(postgres, "MEMORY_NEEDED", 1)
    ours = postgres.find_memory()
    ours.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    ours.symlink_to(elsewhere)

    assert postgres.find_memory() is None


def test_little_memory_is_left_alone(monkeypatch):
    monkeypatch.setattr(postgres, "MEMORY_NEEDED", 1 << 60)

    assert postgres.find_memory() is None


def test_data_outlive_a_stop(pair):
    addresses = pair.start()
    connection = psycopg2.connect(addresses.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    connection.close()

    pair.stop()
    addresses = pair.start()

    assert ask(addresses.database_url, "SELECT answer FROM kept") == 42


def test_a_server_left_over_from_a_crash_is_ended_and_replaced(pair):
    pair.start()
    pair.valkey.stop()
    left_over = pair.postgres.process

    again = Postgres(pair.postgres.data.parent.name, forgetful=True)
    again.start()
    again.wait()

    assert left_over.wait(5) == 0
    again.stop()


def test_a_stale_pid_file_with_somebody_elses_number_does_not_hinder(pair):
    pair.start()
    pair.stop()
    (pair.postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{pair.postgres.data}\n")

    pair.start()

    assert ask(pair.postgres.url(), "SELECT 1") == 1


def test_a_child_dies_with_a_killed_parent(tmp_path):
    program = (
        "import os, signal, sys; from pathlib import Path; from devtools import processes\n"
        "child = processes.start(['sleep', '600'], log=Path(sys.argv[1]), env=os.environ, cwd=Path('/'))\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "log")], cwd=places.ROOT, capture_output=True, text=True
    )
    child = int(done.stdout)

    assert done.returncode == -signal.SIGKILL
    for _ in range(50):
        status = Path(f"/proc/{child}/stat")
        if not status.exists() or status.read_text().split()[2] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child is still alive")


def test_a_taken_port_is_not_chosen_again():
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]

        assert not processes.is_free(taken)
        assert processes.choose_port(remembered=taken) != taken


def test_a_private_folder_is_out_of_reach_for_others(tmp_path):
    stranger = Identity(uid=54321, gid=54321)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "checkout").mkdir(mode=0o755)

    assert not postgres.can_reach(home / "checkout", stranger)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_valkey_remembers_its_port_while_it_is_free(pair):
    pair.valkey.start()
    pair.valkey.wait()
    port = pair.valkey.port
    pair.valkey.stop()

    again = Valkey(pair.valkey.folder.parent.name)
    again.start(remembered_port=port)
    again.wait()
    again.stop()

    assert again.port == port
