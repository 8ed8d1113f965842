"""The rehearsal from its beginning to its verdict."""

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools import children, places, processes, servers
from devtools.chaos.gateways import Gateway
from devtools.chaos.judging import Verdict, Window, judge
from devtools.chaos.load import Load
from devtools.chaos.stage import BRIEF, LADDER, Fault, Stage, stop_everything_for_longer_than_a_ladder
from devtools.places import LOGS, ROOT, Trouble

WARM_UP = 10.0
# A message whose sender was killed is claimed for five minutes before another one sends it.
SETTLED_WITHIN = 420.0
BY_NAME = {fault.__name__: fault for fault in [*BRIEF, stop_everything_for_longer_than_a_ladder]}
PENDING = """
SELECT (SELECT count(*) FROM sla_clock WHERE kind = 'dispatch' AND next_at <= now() AND ended_at IS NULL)
     + (SELECT count(*) FROM escalation_escalation WHERE next_at <= now() AND noticed_at IS NULL)
     + (SELECT count(*) FROM notifications_message WHERE state IN ('waiting', 'sending'))
"""


def run(arguments: list[str]) -> int:
    """Rehearse; 0 when everything that was due happened once, 1 otherwise."""
    options = _read(arguments)
    dice = random.Random(options.seed)
    gateway = Gateway()
    with servers.throwaway_pair("chaos", forgetful=False) as pair:
        port = processes.choose_port()
        env = servers.make_environment(
            pair.addresses,
            RATE_PERSON="100000/min",
            RATE_ANONYMOUS="100000/min",
            SMS_GATEWAY="notifications.sms.HttpGateway",
            SMS_URL=gateway.start(),
            SMS_SECRET=places.get_secrets()["secret_key"],
            SMS_TIMEOUT="3",
            EMAIL_URL=f"filemail:///{LOGS.parent / 'chaos-mail'}",
        )
        tokens = _prepare(env)
        stage = Stage(pair, port, env, gateway)
        load = Load(port=port, tokens=tokens, rate=options.rate, dice=random.Random(options.seed + 1))
        with _running(stage):
            began = time.time()
            load.start()
            stage.watch(WARM_UP)
            windows = _break_things(stage, dice, faults=options.faults, until=began + options.minutes * 60)
            load.stop()
            until = time.time()
            children.say("load has stopped; waiting for what is due")
            _settle(stage)
            verdict = judge(stage.sql, matters=load.matters, windows=windows, diary=gateway.diary, until=until - SLACK)
        gateway.stop()
    _tell(verdict, windows, load)
    if options.json:
        options.json.write_text(json.dumps(_as_data(verdict, windows, load, options), indent=2) + "\n")
    return 0 if verdict.holds and not load.refused else 1


SLACK = 2.0


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of load and faults (10); settling comes on top")
    parser.add_argument("--seed", type=int, default=1, help="of the order of faults and of who is left to breach")
    parser.add_argument("--rate", type=float, default=2, help="tickets accepted a second (2)")
    parser.add_argument("--json", type=Path, help="where to write the verdict")
    parser.add_argument("--faults", nargs="*", choices=sorted(BY_NAME), help="only these, in turn")
    return parser.parse_args(arguments)


def _prepare(env: dict[str, str]) -> dict[str, str]:
    """Migrate, load defaults and staff, make the limits short, and return tokens by login."""
    for command in (["-m", "devtools.prepare", "--logins"], ["manage.py", "rehearse"]):
        _python(env, *command)
    return {login: _python(env, "manage.py", "api_token", login).strip() for login in ("rosa", "sam")}


def _python(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise Trouble(f"{' '.join(arguments)} failed: {last}")
    return done.stdout


@contextmanager
def _running(stage: Stage) -> Iterator[None]:
    try:
        stage.start()
        yield
    finally:
        stage.stop()


def _break_things(stage: Stage, dice: random.Random, *, faults: list[str] | None, until: float) -> list[Window]:
    """One fault after the other, each kind in turn in a new order, until the time is up."""
    windows: list[Window] = []
    chosen: list[Fault] = [BY_NAME[name] for name in faults] if faults is not None else list(BRIEF)
    if faults is None and until - time.time() > 2 * LADDER:
        windows.append(_feel(stage, stop_everything_for_longer_than_a_ladder))
    while chosen and time.time() < until - 10:
        dice.shuffle(chosen)
        for fault in chosen:
            if time.time() >= until - 10:
                break
            windows.append(_feel(stage, fault))
    stage.watch(max(0.0, until - time.time()))
    return windows


def _feel(stage: Stage, fault: Fault) -> Window:
    name = fault.__name__.replace("_", " ")
    children.say(name)
    begins = time.time()
    fault(stage)
    return Window(name, begins, time.time())


def _settle(stage: Stage) -> None:
    """Wait until nothing is due any more. Raises Trouble when that does not come about."""
    end = time.monotonic() + SETTLED_WITHIN
    while stage.sql(PENDING) != [(0,)]:
        if time.monotonic() > end:
            children.say(f"still pending after {SETTLED_WITHIN:.0f} s: {stage.sql(PENDING)[0][0]}")
            return
        stage.watch(1)


def _tell(verdict: Verdict, windows: list[Window], load: Load) -> None:
    print(f"\n{len(windows)} faults; " + ", ".join(f"{count} {name}" for name, count in verdict.counts.items()))
    print(f"\n{'late (s)':48} steps    p50    p99   most")
    for fault, late in verdict.lateness.items():
        print(f"{fault:48} {late['steps']:5.0f} {late['p50']:6.2f} {late['p99']:6.2f} {late['most']:6.2f}")
    print()
    for name, wrongs in [*verdict.wrongs.items(), ("refused", load.refused)]:
        print(f"{name.replace('_', ' '):26} {len(wrongs)}")
        for wrong in wrongs[:10]:
            print(f"    {wrong}")


def _as_data(verdict: Verdict, windows: list[Window], load: Load, options: argparse.Namespace) -> dict[str, object]:
    return {
        "minutes": options.minutes,
        "seed": options.seed,
        "rate": options.rate,
        "faults": [window.fault for window in windows],
        "counts": verdict.counts,
        "lateness": verdict.lateness,
        "wrongs": verdict.wrongs | {"refused": load.refused},
        "holds": verdict.holds and not load.refused,
    }
