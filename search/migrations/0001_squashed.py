import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("search", "0001_initial")]

    initial = True

    dependencies = [
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wording",
                        serialize=False,
                        to="complaints.ticket",
                    ),
                ),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("words", django.contrib.postgres.search.SearchVectorField(verbose_name="words")),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wordings",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="tickets_by_wording"),
                    models.Index(fields=["-raised_at", "-ticket"], name="wordings_newest_first"),
                ],
            },
        ),
    ]
