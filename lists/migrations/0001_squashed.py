import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("lists", "0001_initial"), ("lists", "0002_views_of_queues_and_shared_ones")]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Columns",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="columns",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="columns"
                    ),
                ),
            ],
            options={
                "verbose_name": "columns",
                "verbose_name_plural": "columns",
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="filter")),
                (
                    "format",
                    models.CharField(choices=[("csv", "CSV"), ("xlsx", "XLSX")], max_length=10, verbose_name="format"),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                (
                    "stage",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("ready", "ready"), ("failed", "failed")],
                        default="waiting",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("ordered_at", models.DateTimeField(verbose_name="ordered")),
                ("ready_at", models.DateTimeField(null=True, verbose_name="ready")),
                ("rows", models.PositiveIntegerField(null=True, verbose_name="rows")),
                ("grants", models.CharField(blank=True, max_length=64)),
                ("content", models.BinaryField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exports", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-ordered_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("stage", "waiting")), fields=["ordered_at"], name="exports_to_make"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "ready"), _negated=True),
                            models.Q(("content__isnull", False), ("ready_at__isnull", False), ("rows__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_ready_export_has_its_file",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[("tickets", "all tickets"), ("queue", "unit queue")],
                        db_default="tickets",
                        default="tickets",
                        max_length=10,
                        verbose_name="list",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="filter")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shared_with",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_views",
                        to="accounts.unit",
                        verbose_name="shared with",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "place", "name"), name="a_view_of_that_name_is_kept_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__in", ["tickets", "queue"])), name="a_view_is_of_a_known_list"
                    ),
                ],
            },
        ),
    ]
