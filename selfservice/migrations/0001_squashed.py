import django.db.models.deletion
from django.db import migrations, models

import common.tokens
import selfservice.models


class Migration(migrations.Migration):
    replaces = [("selfservice", "0001_receipts_and_codes")]

    initial = True

    dependencies = [
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=selfservice.models.new_number, max_length=20, unique=True, verbose_name="number"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "chase_up",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.chaseup",
                        verbose_name="chase-up",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="complaints.ticket",
                        verbose_name="ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt",
                "verbose_name_plural": "receipts",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SelfServiceRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_minutes", models.PositiveSmallIntegerField(default=10, verbose_name="a code is good for (min)")),
                ("tries", models.PositiveSmallIntegerField(default=5, verbose_name="tries at one code")),
                (
                    "codes_an_hour",
                    models.PositiveSmallIntegerField(default=3, verbose_name="codes about one ticket in an hour"),
                ),
                ("kept_days", models.PositiveSmallIntegerField(default=7, verbose_name="requests are kept for (days)")),
            ],
            options={
                "verbose_name": "rules of self-service",
                "verbose_name_plural": "rules of self-service",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="there_is_one_row_of_self_service_rules"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code_minutes__range", (1, 60)),
                            ("codes_an_hour__range", (1, 20)),
                            ("tries__range", (1, 10)),
                        ),
                        name="codes_stay_hard_to_guess",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=selfservice.models.new_key, editable=False, max_length=22, unique=True),
                ),
                ("named", models.CharField(max_length=20, verbose_name="what was typed")),
                ("code", models.CharField(default=common.tokens.new_code, editable=False, max_length=40)),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("expires_at", models.DateTimeField(verbose_name="good until")),
                ("looked_up_at", models.DateTimeField(blank=True, null=True, verbose_name="looked up")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only where a code was sent.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.ticket",
                        verbose_name="ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for the status",
                "verbose_name_plural": "requests for the status",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("looked_up_at__isnull", True)),
                        fields=["id"],
                        name="status_requests_to_look_up",
                    ),
                    models.Index(fields=["ticket", "looked_up_at"], name="codes_about_a_ticket"),
                    models.Index(fields=["asked_at"], name="status_requests_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ticket__isnull", True), ("looked_up_at__isnull", False), _connector="OR"),
                        name="a_code_is_sent_after_looking_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_at__isnull", True), ("ticket__isnull", False), _connector="OR"),
                        name="only_a_code_that_was_sent_is_used",
                    ),
                ],
            },
        ),
    ]
