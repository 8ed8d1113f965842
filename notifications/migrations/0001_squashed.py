import django.contrib.postgres.fields
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.text


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_messages_about_vips_and_dissatisfaction"),
        ("notifications", "0003_endpoints_circuits_and_attempts"),
        ("notifications", "0004_messages_of_self_service"),
        ("notifications", "0005_messages_about_new_facts"),
        ("notifications", "0006_messages_about_letters_and_follow_ups"),
        ("notifications", "0007_messages_about_authorities"),
        ("notifications", "0008_messages_about_timers"),
        ("notifications", "0009_only_what_is_looked_for_is_in_an_index"),
        ("notifications", "0010_what_is_on_time_leaves_first"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
        ("contact", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circuit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="way out")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("openings", models.PositiveIntegerField(default=0, verbose_name="opened in a row")),
                ("open_until", models.DateTimeField(blank=True, null=True, verbose_name="open until")),
                ("tried_until", models.DateTimeField(blank=True, null=True, verbose_name="being tried out until")),
                ("changed_at", models.DateTimeField(verbose_name="last changed")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="last error")),
            ],
            options={
                "verbose_name": "way out of the house",
                "verbose_name_plural": "ways out of the house",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tried_until__isnull", True), ("open_until__isnull", False), _connector="OR"
                        ),
                        name="only_an_open_circuit_is_tried_out",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("json", "signed JSON, for another system"),
                            ("wecom", "WeCom robot"),
                            ("dingtalk", "DingTalk robot"),
                            ("feishu", "Feishu robot"),
                        ],
                        default="json",
                        max_length=10,
                        verbose_name="format",
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        blank=True,
                        help_text="Of a robot: the whole address that the chat gives out.",
                        max_length=500,
                        verbose_name="address",
                    ),
                ),
                (
                    "secret",
                    models.CharField(
                        blank=True,
                        help_text="With which requests are signed; robots may have none.",
                        max_length=200,
                        verbose_name="secret",
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("escalation", "escalation"),
                                ("escalation_to_acknowledge", "escalation to acknowledge"),
                                ("escalation_reminder", "reminder of an escalation"),
                                ("grave_dispatched", "grave ticket sent to your unit"),
                                ("demanded", "formal demand"),
                                ("chased_up", "the customer asked again"),
                                ("facts_added", "the customer has told more"),
                                ("reassigned", "ticket reassigned to you"),
                                ("vip_accepted", "a VIP has a new ticket"),
                                ("dissatisfied_with_handling", "dissatisfied with the handling"),
                                ("survey", "satisfaction survey"),
                                ("received", "what the customer reported was received"),
                                ("status_code", "code for asking how it stands"),
                                ("letter_to_approve", "letter to approve"),
                                ("letter_decided", "decision about your letter"),
                                ("interim_remedy", "interim remedy for a customer of yours"),
                                ("follow_up", "follow-up with a customer"),
                                ("written_reply", "written reply"),
                                ("appeal_near", "a customer may appeal to an authority soon"),
                                ("authority_answer_due", "an answer to an authority is due soon"),
                                ("timers_late", "the timers are late"),
                                ("timers_recovered", "the timers are on time again"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        help_text="Empty: all.",
                        size=None,
                        verbose_name="kinds of messages",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "Simplified Chinese"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "endpoint of webhooks",
                "verbose_name_plural": "endpoints of webhooks",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("url", ""), _negated=True), ("code", "settings"), _connector="OR"),
                        name="an_endpoint_of_ones_own_has_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("format", "json"), _negated=True),
                            models.Q(("secret", ""), _negated=True),
                            ("code", "settings"),
                            _connector="OR",
                        ),
                        name="a_request_to_another_system_is_signed",
                        violation_error_message="Another system needs a secret, to tell our requests from others.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\x21-\\x7e]+\\Z", "A key is made of visible ASCII signs."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("escalation", "escalation"),
                            ("escalation_to_acknowledge", "escalation to acknowledge"),
                            ("escalation_reminder", "reminder of an escalation"),
                            ("grave_dispatched", "grave ticket sent to your unit"),
                            ("demanded", "formal demand"),
                            ("chased_up", "the customer asked again"),
                            ("facts_added", "the customer has told more"),
                            ("reassigned", "ticket reassigned to you"),
                            ("vip_accepted", "a VIP has a new ticket"),
                            ("dissatisfied_with_handling", "dissatisfied with the handling"),
                            ("survey", "satisfaction survey"),
                            ("received", "what the customer reported was received"),
                            ("status_code", "code for asking how it stands"),
                            ("letter_to_approve", "letter to approve"),
                            ("letter_decided", "decision about your letter"),
                            ("interim_remedy", "interim remedy for a customer of yours"),
                            ("follow_up", "follow-up with a customer"),
                            ("written_reply", "written reply"),
                            ("appeal_near", "a customer may appeal to an authority soon"),
                            ("authority_answer_due", "an answer to an authority is due soon"),
                            ("timers_late", "the timers are late"),
                            ("timers_recovered", "the timers are on time again"),
                        ],
                        max_length=40,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_app", "in the application"),
                            ("email", "e-mail"),
                            ("sms", "SMS"),
                            ("webhook", "webhook"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "to_address",
                    models.CharField(
                        blank=True,
                        max_length=254,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="to the customer's address",
                    ),
                ),
                ("ticket", models.CharField(blank=True, max_length=20, verbose_name="ticket")),
                (
                    "about",
                    models.CharField(
                        blank=True, help_text="By what it can be withdrawn.", max_length=80, verbose_name="about"
                    ),
                ),
                (
                    "context",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="codes and references",
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("cancelled", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "lane",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "somebody waits for it"), (1, "on time"), (2, "from a backlog")],
                        db_default=1,
                        default=1,
                        verbose_name="lane",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("not_before", models.DateTimeField(blank=True, null=True, verbose_name="not before")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("next_try_at", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                (
                    "endpoint",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="notifications.endpoint",
                        verbose_name="endpoint",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Of a message to a customer: what the gate decides about.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="contact.matter",
                        verbose_name="matter",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["sending", "waiting"])),
                        fields=["lane", "next_try_at", "id"],
                        name="messages_to_deliver_by_lane",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "in_app")),
                        fields=["recipient", "-sent_at", "-id"],
                        name="messages_in_the_application",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["sending", "waiting"]), models.Q(("about", ""), _negated=True)
                        ),
                        fields=["about"],
                        name="messages_to_withdraw",
                    ),
                    models.Index(
                        condition=models.Q(("state", "failed")), fields=["created_at"], name="messages_that_failed"
                    ),
                    models.Index(
                        condition=models.Q(("matter__isnull", False)), fields=["matter"], name="messages_about_a_matter"
                    ),
                    models.Index(
                        condition=models.Q(("endpoint__isnull", False)),
                        fields=["endpoint"],
                        name="messages_to_an_endpoint",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="a_key_tells_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "webhook"), ("recipient__isnull", True), ("to_address", "")),
                            models.Q(
                                models.Q(("channel", "webhook"), _negated=True),
                                ("recipient__isnull", False),
                                ("to_address", ""),
                            ),
                            models.Q(
                                ("channel__in", ["email", "sms"]),
                                ("recipient__isnull", True),
                                models.Q(("to_address", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_message_goes_to_a_person_a_customer_or_the_webhook",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("endpoint__isnull", True), ("channel", "webhook"), _connector="OR"),
                        name="only_a_webhook_goes_to_an_endpoint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("matter__isnull", True), ("to_address", "")),
                            models.Q(models.Q(("to_address", ""), _negated=True), ("matter__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_message_to_a_customer_is_about_a_matter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sending", "waiting"]), _negated=True),
                            ("next_try_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_pending_message_says_when_it_is_tried",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="a_sent_message_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("took_ms", models.PositiveIntegerField(verbose_name="took (ms)")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("sent", "sent"),
                            ("failed", "failed, tried again"),
                            ("refused", "refused, not tried again"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("code", models.PositiveIntegerField(blank=True, null=True, verbose_name="answer's code")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="notifications.message",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt to deliver",
                "verbose_name_plural": "attempts to deliver",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["-at", "-id"], name="attempts_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("error", ""), ("outcome", "sent")),
                            models.Q(
                                models.Q(("outcome", "sent"), _negated=True), models.Q(("error", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="an_attempt_that_failed_says_why",
                    )
                ],
            },
        ),
    ]
