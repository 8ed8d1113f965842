from typing import Any

from django.db import migrations


def put_into_the_tree(apps: Any, schema_editor: Any) -> None:
    """Each cause that has no place becomes a root of its own, behind those that have one; an administrator moves it."""
    causes = apps.get_model("complaints", "CauseCode").objects
    taken = causes.filter(path__isnull=False, depth=1).count()
    for number, cause in enumerate(causes.filter(path__isnull=True).order_by("code"), start=taken + 1):
        cause.path, cause.depth, cause.numchild = f"{number:04d}", 1, 0
        cause.save(update_fields=["path", "depth", "numchild"])


class Migration(migrations.Migration):
    """Fill: a place for every cause. May run again."""

    dependencies = [("complaints", "0005_causes_get_a_place_in_a_tree")]

    operations = [migrations.RunPython(put_into_the_tree, migrations.RunPython.noop, elidable=True)]
