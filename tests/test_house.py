"""The house in order: what no test of a rule would notice."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from common.events import reactions

ROOT = Path(settings.BASE_DIR)
OURS = sorted(config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir())

# The edges, commands and tasks read the clock once and hand it on; everything else is told what time it is.
READERS_OF_THE_CLOCK = re.compile(
    r"(desk|api|door|config|demo|live)/|.*/(admin|tasks|backends)\.py|.*/(management|defaults)/|accounts/sessions\.py|common/moment\.py"
)
CLOCK = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


@cache
def modules() -> dict[str, ast.Module]:
    """Our own modules by path from the root, migrations left out."""
    found = {}
    for app in [*OURS, "config"]:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found[path.relative_to(ROOT).as_posix()] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in our modules, with where it stands."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{path}:{node.lineno}", node


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an expression that is one, else what it ends in."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_there_is_something_to_look_at():
    assert len(OURS) > 10
    assert "complaints/models/ticket.py" in modules()


def test_imports_point_down():
    linted = subprocess.run(
        [sys.executable, "-m", "importlinter.cli", "lint", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_no_import_hides_in_a_function():
    hidden = [
        f"{path}:{inner.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_every_event_stands_in_the_table_of_reactions():
    events = set()
    for app in OURS:
        if not (ROOT / app / "events.py").is_file() or app == "common":
            continue
        module = import_module(f"{app}.events")
        events |= {
            event
            for _name, event in getmembers(module, isclass)
            if event.__module__ == module.__name__ and not event.__subclasses__()
        }

    assert events == set(reactions())


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)


def test_rules_never_ask_what_time_it_is():
    asking = [
        where
        for where, call in calls()
        if isinstance(call.func, ast.Attribute)
        and tuple(dotted(call.func).split(".")[-2:]) in CLOCK
        and not READERS_OF_THE_CLOCK.match(where)
    ]

    assert asking == []


def test_the_database_is_asked_for_the_time_by_edges_and_tasks_only():
    asking = [
        where
        for where, call in calls()
        if dotted(call.func).endswith("database_now") and not READERS_OF_THE_CLOCK.match(where)
    ]

    assert asking == []


def test_no_moment_is_defaulted_by_the_database_or_a_rule():
    """`at: datetime = …` and `now: datetime = …` would let a rule forget whose time it is."""
    defaulted = []
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            arguments = node.args
            pairs = list(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
            positional = [*arguments.posonlyargs, *arguments.args]
            defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
            pairs += list(zip(positional, defaults, strict=True))
            defaulted += [
                f"{path}:{node.lineno}" for name, given in pairs if name.arg in {"at", "now"} and given is not None
            ]

    assert defaulted == []


def test_no_deadline_waits_in_a_queue():
    waiting = [where for where, call in calls() for keyword in call.keywords if keyword.arg in {"eta", "countdown"}]

    assert waiting == []


def test_nobody_changes_a_state_in_bulk():
    """Only moves change a ticket's state; other models' own states go by conditional updates of a single row."""
    bulk = []
    for where, call in calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"update", "bulk_update"}:
            text = ast.unparse(call)
            names_state = any(keyword.arg == "state" for keyword in call.keywords)
            on_tickets = re.search(r"\bTicket\b|\btickets?\b", ast.unparse(call.func.value))
            if (names_state and on_tickets) or (call.func.attr == "bulk_update" and "state" in text):
                bulk.append(where)

    assert bulk == []


def test_what_a_request_brings_never_spills_into_a_query():
    spilled = [
        where
        for where, call in calls()
        for keyword in call.keywords
        if keyword.arg is None and re.search(r"\brequest\.(data|GET|POST|query_params)", ast.unparse(keyword.value))
    ]

    assert spilled == []


def test_no_sql_is_put_together_from_strings():
    put_together = [
        where
        for where, call in calls()
        if dotted(call.func).rpartition(".")[2] in {"execute", "raw", "RawSQL", "extra"}
        and call.args
        and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]

    assert put_together == []


def test_every_model_is_named_in_words_that_are_translated():
    bare = []
    for app in OURS:
        for model in apps.get_app_config(app.rpartition(".")[2]).get_models():
            if model._meta.proxy or not model.__module__.startswith(f"{app}."):
                continue
            for option in ("verbose_name", "verbose_name_plural"):
                if option not in model._meta.original_attrs:
                    bare.append(f"{model._meta.label}.{option}")

    assert bare == []


def test_constraints_are_sentences():
    named_otherwise = [
        f"{model._meta.label}.{constraint.name}"
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if constraint.name.count("_") < 2
    ]

    assert named_otherwise == []


def test_public_actions_say_what_they_do_and_have_types():
    silent = []
    for path, tree in modules().items():
        if "/actions/" not in path:
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            untyped = [
                argument.arg
                for argument in [*node.args.args, *node.args.kwonlyargs]
                if argument.annotation is None and argument.arg != "self"
            ]
            if not ast.get_docstring(node) or node.returns is None or untyped:
                silent.append(f"{path}:{node.lineno} {node.name}")

    assert silent == []
