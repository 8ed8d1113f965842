import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import calendars.models.calendars


class Migration(migrations.Migration):
    replaces = [("calendars", "0001_initial")]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        ("common", "0002_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                (
                    "tz",
                    models.CharField(
                        default="Asia/Shanghai",
                        max_length=60,
                        validators=[calendars.models.calendars.validate_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "weekly",
                    models.JSONField(
                        help_text='For instance {"mon": [["08:00", "12:00"], ["13:00", "18:00"]]}. A close at or before its open is on the next day. A weekday that is not named is closed.',
                        validators=[calendars.models.calendars.validate_weekly],
                        verbose_name="hours by weekday",
                    ),
                ),
                (
                    "follows_official_days",
                    models.BooleanField(
                        default=False,
                        help_text="Closed on days off, open on shifted working days.",
                        verbose_name="follows the official days",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="changed at"
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar",
                "verbose_name_plural": "calendars",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="OfficialDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("date", models.DateField(unique=True, verbose_name="date")),
                (
                    "is_working",
                    models.BooleanField(
                        help_text="A shifted working day, 调休上班; else a day off.", verbose_name="working day"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="A notice can name days at the end of the year before.",
                        verbose_name="year of the notice",
                    ),
                ),
            ],
            options={
                "verbose_name": "official day",
                "verbose_name_plural": "official days",
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="UnitHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_hours",
                        to="calendars.calendar",
                        verbose_name="calendar",
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="accounts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit's hours",
                "verbose_name_plural": "units' hours",
                "ordering": ["unit__path"],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(verbose_name="date")),
                (
                    "intervals",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text='For instance [["09:00", "12:00"]]; [] is closed.',
                        validators=[calendars.models.calendars.validate_intervals],
                        verbose_name="hours",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="calendars.calendar",
                        verbose_name="calendar",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="It holds for the units below too. Empty: for everybody.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "override",
                "verbose_name_plural": "overrides",
                "ordering": ["date", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("calendar", "unit", "date"),
                        name="a_day_is_overridden_once_for_a_unit",
                        nulls_distinct=False,
                        violation_error_message="This day is overridden for this unit already; change that one.",
                    )
                ],
            },
        ),
    ]
