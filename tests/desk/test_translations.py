"""Everything that people read is there in Simplified Chinese, and what is compiled is what was written."""

import ast
import gettext
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
CALLS = {
    "_",
    "_now",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "gettext_noop",
}
CONTEXT = "\x04"
LITERAL = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"


def written() -> dict[str, str]:
    """The entries of our catalogue: msgid (with its context) to msgstr."""
    entries: dict[str, str] = {}
    for block in (CATALOGUE / "django.po").read_text().split("\n\n"):
        parts: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if match := re.match(r'(msg\w+(?:\[0\])?) (".*")$', line):
                key = match[1]
                parts[key] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                parts[key] += ast.literal_eval(line)
        if "msgid" in parts:
            context = parts["msgctxt"] + CONTEXT if "msgctxt" in parts else ""
            entries[context + parts["msgid"]] = parts.get("msgstr", parts.get("msgstr[0]", ""))
    return entries


def compiled() -> dict[str, str]:
    """What the program reads."""
    with (CATALOGUE / "django.mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key[0] if isinstance(key, tuple) else key: text for key, text in catalog.items()}


def our_folders() -> list[Path]:
    ours = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
    return [*ours, ROOT / "config"]


def said_in_python() -> set[str]:
    said = set()
    for folder in our_folders():
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                words = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if name in CALLS and words and isinstance(words[0], str) and words[0]:
                    said.add(CONTEXT.join(words[:2]) if name.startswith("pgettext") else words[0])
    return said


def said_in_templates() -> set[str]:
    said = set()
    folders = [ROOT / "templates", *(folder / "templates" for folder in our_folders())]
    for path in [path for folder in folders for path in folder.rglob("*") if path.is_file()]:
        source = templatize(path.read_text())
        for call, first, second in re.findall(rf"\b(\w?gettext)\(u?({LITERAL})(?:, ?u?({LITERAL}))?", source):
            words = [ast.literal_eval(each) for each in (first, second) if each]
            said.add(CONTEXT.join(words[:2]) if call == "pgettext" else words[0])
    return said


def test_nothing_is_untranslated_or_doubtful():
    assert [msgid for msgid, text in written().items() if not text] == []
    assert "#, fuzzy" not in (CATALOGUE / "django.po").read_text()


def test_everything_that_the_code_says_is_in_the_catalogue():
    known = set(written())

    assert sorted(said_in_python() - known) == []
    assert sorted(said_in_templates() - known) == []


def test_what_is_compiled_is_what_was_written():
    assert {key: text for key, text in compiled().items() if key} == {
        key: text for key, text in written().items() if key
    }


def test_a_translation_names_the_same_facts():
    named = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

    different = [
        msgid for msgid, text in written().items() if set(named.findall(msgid)) != set(named.findall(text)) and msgid
    ]

    assert different == []
