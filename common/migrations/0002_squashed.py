import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("common", "0002_rows_set_aside_and_heartbeats"), ("common", "0004_rows_that_are_given_up")]

    initial = True

    dependencies = [
        ("common", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="task")),
                ("completed_at", models.DateTimeField(verbose_name="completed")),
                ("lag", models.DurationField(default=datetime.timedelta, verbose_name="lag")),
            ],
            options={
                "verbose_name": "heartbeat",
                "verbose_name_plural": "heartbeats",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="what")),
                ("object_id", models.BigIntegerField(verbose_name="which")),
                ("error", models.TextField(verbose_name="error")),
                ("tries", models.PositiveIntegerField(default=1, verbose_name="tries")),
                ("first_failed_at", models.DateTimeField(verbose_name="failed first")),
                ("last_failed_at", models.DateTimeField(verbose_name="failed last")),
                ("next_try_at", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
            ],
            options={
                "verbose_name": "row set aside",
                "verbose_name_plural": "rows set aside",
                "ordering": ["-last_failed_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("kind", "object_id"),
                        name="a_row_is_set_aside_once",
                    )
                ],
            },
        ),
    ]
