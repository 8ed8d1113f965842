from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("pulse", "0001_alarms")]

    initial = True

    dependencies = [
        ("common", "0002_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField(verbose_name="began")),
                ("looked_at", models.DateTimeField(verbose_name="last look")),
                ("raised_at", models.DateTimeField(blank=True, null=True, verbose_name="raised")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="over")),
                ("clocks", models.PositiveIntegerField(verbose_name="limits due and not called")),
                ("escalations", models.PositiveIntegerField(verbose_name="escalations due and not raised")),
                ("most", models.PositiveIntegerField(verbose_name="most at once")),
                ("first_due_at", models.DateTimeField(verbose_name="the first was due")),
            ],
            options={
                "verbose_name": "alarm",
                "verbose_name_plural": "alarms",
                "ordering": ["-began_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("ended_at",),
                        name="there_is_one_alarm_at_a_time",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_at__gte", models.F("raised_at")), ("raised_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_alarm_ends_after_it_was_raised",
                    ),
                ],
            },
        ),
    ]
