from typing import Any

from django.db import migrations, models

import complaints.models.category
from complaints.defaults import categories


def read_the_shipped(apps: Any, schema_editor: Any) -> None:
    """Categories that are still called as they were shipped are read as they are shipped now."""
    for row in categories():
        known = apps.get_model("complaints", "Category").objects.filter(code=row["code"], name_zh=row["name_zh"])
        known.filter(pinyin="").update(pinyin=row["pinyin"])


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0012_who_replies_by_tier"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="pinyin",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="How the Chinese name is read: small letters without tones, a space after each syllable.",
                max_length=200,
                validators=[complaints.models.category.check_pinyin],
                verbose_name="pinyin",
            ),
        ),
        migrations.RunPython(read_the_shipped, migrations.RunPython.noop),
    ]
