"""What Django can say about the code without a database: system checks, missing migrations, broken templates."""

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.core.management import CommandError, call_command
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from devtools.places import ROOT


def main() -> int:
    """Run all three and return 1 if one of them failed."""
    django.setup()
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    failed = False
    try:
        call_command("check", deploy=True, fail_level="WARNING")
    except CommandError as error:
        failed = True
        print(error)
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit as leaving:
        failed = failed or bool(leaving.code)
    for name in sorted(set(find_templates())):
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            failed = True
            print(f"template {name}: {error}")
    return int(failed)


def find_templates() -> Iterator[str]:
    """Yield the name of each template of ours."""
    ours = [Path(config.path) / "templates" for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
    for folder in [ROOT / "templates", *ours]:
        yield from (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
