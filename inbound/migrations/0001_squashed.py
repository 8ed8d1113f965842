import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.text


class Migration(migrations.Migration):
    replaces = [("inbound", "0001_short_messages_of_customers")]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("callbacks", "0001_squashed"),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShortMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "gateway_id",
                    models.CharField(max_length=100, unique=True, verbose_name="the gateway's number for it"),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=32, validators=[common.text.refuse_control_characters], verbose_name="from"
                    ),
                ),
                ("text", models.TextField(validators=[common.text.refuse_control_characters], verbose_name="text")),
                ("at", models.DateTimeField(verbose_name="received")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("answered", "answered the survey"),
                            ("chased_up", "chase-up"),
                            ("unmatched", "for somebody to read"),
                        ],
                        default="unmatched",
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="dealt with")),
                (
                    "callback",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="callbacks.callback",
                        verbose_name="callback",
                    ),
                ),
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
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who reads it where nothing follows from it; nobody named: whoever answers customers.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="service desk",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="dealt with by",
                    ),
                ),
            ],
            options={
                "verbose_name": "short message from a customer",
                "verbose_name_plural": "short messages from customers",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "unmatched"), ("settled_at__isnull", True)),
                        fields=["at", "id"],
                        name="short_messages_to_read",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("callback__isnull", False), ("chase_up__isnull", True), ("outcome", "answered")),
                            models.Q(("callback__isnull", True), ("chase_up__isnull", False), ("outcome", "chased_up")),
                            models.Q(("callback__isnull", True), ("chase_up__isnull", True), ("outcome", "unmatched")),
                            _connector="OR",
                        ),
                        name="one_thing_follows_from_a_message",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                            models.Q(
                                ("outcome", "unmatched"), ("settled_at__isnull", False), ("settled_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="what_is_dealt_with_says_by_whom",
                    ),
                ],
            },
        ),
    ]
