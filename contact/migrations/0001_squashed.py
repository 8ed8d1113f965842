import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("contact", "0001_initial"),
        ("contact", "0002_a_longer_limit_says_how_many_days"),
        ("contact", "0003_what_a_customer_asked_for"),
        ("contact", "0004_contacts_to_follow_up"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "matter",
                "verbose_name_plural": "matters",
            },
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts", models.TimeField(default=datetime.time(20, 0), verbose_name="from")),
                ("ends", models.TimeField(default=datetime.time(8, 0), verbose_name="until")),
                ("grace_minutes", models.PositiveIntegerField(default=60, verbose_name="grace in minutes")),
                (
                    "promise_margin_minutes",
                    models.PositiveIntegerField(
                        default=30,
                        help_text="A time agreed with the customer permits contact from that instant on, for so long.",
                        verbose_name="margin around a promise in minutes",
                    ),
                ),
            ],
            options={
                "verbose_name": "quiet hours",
                "verbose_name_plural": "quiet hours",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_quiet_hours")
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("reply", "reply"),
                            ("progress", "progress"),
                            ("follow_up", "follow-up"),
                            ("callback", "callback"),
                            ("survey", "survey"),
                            ("outreach", "outreach"),
                            ("receipt", "receipt"),
                            ("code", "code that was asked for"),
                        ],
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                ("medium", models.CharField(max_length=20, verbose_name="medium")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("hours", "within permitted hours"),
                            ("consent", "the customer consented"),
                            ("promise", "agreed with the customer"),
                            ("asked", "the customer asked for it just now"),
                        ],
                        max_length=20,
                        verbose_name="ground",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="contact.matter"
                    ),
                ),
            ],
            options={
                "verbose_name": "contact with a customer",
                "verbose_name_plural": "contacts with customers",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["matter", "at"], name="contacts_of_a_matter")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("night", "contact in quiet hours"),
                            ("longer_limit", "a longer limit"),
                            ("hold", "the matter on hold"),
                        ],
                        max_length=20,
                        verbose_name="to what",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="working days")),
                ("evidence", models.CharField(max_length=300, verbose_name="evidence")),
                ("given_at", models.DateTimeField(verbose_name="given")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="contact.matter"
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ["-given_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True), name="a_consent_names_its_evidence"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days__isnull", False), ("days__range", (4, 7)), ("what", "longer_limit")),
                            models.Q(models.Q(("what", "longer_limit"), _negated=True), ("days__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_longer_limit_is_4_to_7_working_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agreed_for", models.DateTimeField(verbose_name="agreed for")),
                ("agreed_at", models.DateTimeField(verbose_name="agreed")),
                ("agreed_with", models.CharField(blank=True, max_length=120, verbose_name="agreed with")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("evidence", models.CharField(max_length=300, verbose_name="evidence")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="promises", to="contact.matter"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "ordering": ["-agreed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agreed_for__gt", models.F("agreed_at"))), name="a_promise_lies_ahead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True), name="a_promise_names_its_evidence"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("matter",),
                        name="one_promise_holds_for_a_matter",
                    ),
                ],
            },
        ),
    ]
