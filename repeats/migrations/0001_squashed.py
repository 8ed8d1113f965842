import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("repeats", "0001_which_ticket_repeats_which")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="RepeatRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("within_days", models.PositiveSmallIntegerField(default=30, verbose_name="within (days)")),
                (
                    "levels_alike",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="1: the top type; 2: and the type below it; 3: the very same category.",
                        verbose_name="levels of the category that are the same",
                    ),
                ),
                (
                    "same_address_at_most",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="An address that more customers share tells nobody apart.",
                        verbose_name="customers at one address at most",
                    ),
                ),
            ],
            options={
                "verbose_name": "rules for repeats",
                "verbose_name_plural": "rules for repeats",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_repeat_rules"),
                    models.CheckConstraint(
                        condition=models.Q(("levels_alike__range", (1, 5)), ("within_days__range", (1, 366))),
                        name="repeats_are_looked_for_within_sane_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Repeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("dissatisfied", "answered to no satisfaction"),
                            ("overdue", "overdue"),
                            ("answered", "answered already"),
                            ("open", "accepted already"),
                        ],
                        max_length=20,
                        verbose_name="because it was",
                    ),
                ),
                (
                    "match",
                    models.CharField(
                        choices=[
                            ("customer", "the same customer"),
                            ("number", "the same contact number"),
                            ("address", "the same address"),
                        ],
                        max_length=20,
                        verbose_name="recognised by",
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("found", "found by the system"),
                            ("confirmed", "confirmed"),
                            ("rejected", "rejected"),
                        ],
                        max_length=20,
                        verbose_name="standing",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="repeated_by", to="complaints.ticket"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chain", to="complaints.ticket"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="repeats", to="complaints.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "repeat",
                "verbose_name_plural": "repeats",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("standing", "rejected"), _negated=True),
                        fields=("ticket",),
                        name="a_ticket_repeats_one_other_at_a_time",
                    ),
                    models.UniqueConstraint(fields=("ticket", "earlier"), name="two_tickets_are_judged_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ticket__gt", models.F("earlier"))),
                        name="a_repeat_comes_after_what_it_repeats",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("standing", "found")),
                            models.Q(
                                models.Q(("standing", "found"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="who_decided_about_a_repeat_is_named",
                    ),
                ],
            },
        ),
    ]
