import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.text


class Migration(migrations.Migration):
    replaces = [
        ("callbacks", "0001_initial"),
        ("callbacks", "0002_campaigns"),
        ("callbacks", "0003_callbacks_that_were_dissatisfied"),
        ("callbacks", "0004_campaigns_call_from_until"),
        ("callbacks", "0005_what_is_said_on_the_phone"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallbackRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=3, verbose_name="attempts before 'unreachable'")),
                (
                    "days",
                    models.PositiveSmallIntegerField(default=2, verbose_name="days these attempts are spread over"),
                ),
                (
                    "survey_hours",
                    models.PositiveSmallIntegerField(default=72, verbose_name="a survey's link works for (hours)"),
                ),
                (
                    "surveys_a_month",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Beyond that they are called.",
                        verbose_name="surveys to one customer in a calendar month",
                    ),
                ),
                (
                    "after_silence",
                    models.CharField(
                        choices=[("phone", "the customer is called"), ("unreachable", "it ends as unreachable")],
                        default="phone",
                        max_length=20,
                        verbose_name="after a survey without an answer",
                    ),
                ),
                (
                    "kept_for_minutes",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="a taken callback is given back after (min)"
                    ),
                ),
                (
                    "script_zh",
                    models.TextField(
                        default="您好，这里是客户服务中心。您之前反映的问题我们已经处理，想占用您一分钟，请您作两项评价。\n请问您对处理结果是否满意？\n请问您对我们的处理过程是否满意？\n（如不满意）请问是哪方面不满意？您是否希望我们继续处理？\n感谢您的支持，祝您生活愉快！",
                        validators=[common.text.refuse_control_characters],
                        verbose_name="what is said on the phone, in Chinese",
                    ),
                ),
                (
                    "script_en",
                    models.TextField(
                        default="Good day, this is the customer service centre. We have dealt with the matter that you told us about.\nMay I ask you two short questions?\nAre you satisfied with the result?\nAre you satisfied with how we handled it?\n(If not:) What are you dissatisfied with? Do you wish us to go on with it?\nThank you, and goodbye.",
                        validators=[common.text.refuse_control_characters],
                        verbose_name="what is said on the phone, in English",
                    ),
                ),
            ],
            options={
                "verbose_name": "callback rules",
                "verbose_name_plural": "callback rules",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_callback_rules"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("attempts__gte", 1),
                            ("days__gte", 1),
                            ("days__lte", models.F("attempts")),
                            ("survey_hours__gte", 1),
                        ),
                        name="attempts_can_be_spread_over_their_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="Its first day.", verbose_name="month")),
                (
                    "sample",
                    models.CharField(
                        choices=[
                            ("all", "all of them"),
                            ("share", "a random share"),
                            ("dissatisfied", "all that the customer did not accept"),
                            ("reopened", "all that were opened again"),
                            ("liable", "all with the company liable"),
                        ],
                        max_length=20,
                        verbose_name="sample",
                    ),
                ),
                ("share", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="share in per cent")),
                (
                    "seed",
                    models.BigIntegerField(
                        help_text="By which a random draw can be made again.", verbose_name="seed of the draw"
                    ),
                ),
                (
                    "calls_from",
                    models.DateField(blank=True, help_text="Empty: at once.", null=True, verbose_name="calls from"),
                ),
                (
                    "calls_until",
                    models.DateField(
                        blank=True,
                        help_text="Its last day; who was not called by then is called no more. Empty: until everybody was.",
                        null=True,
                        verbose_name="calls until",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "callback campaign",
                "verbose_name_plural": "callback campaigns",
                "ordering": ["-started_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sample", "share"), ("share__isnull", False), ("share__range", (1, 100))),
                            models.Q(models.Q(("sample", "share"), _negated=True), ("share__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_random_share_says_how_large",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="a_campaign_begins_with_its_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("calls_from__isnull", True),
                            ("calls_until__isnull", True),
                            ("calls_until__gte", models.F("calls_from")),
                            _connector="OR",
                        ),
                        name="a_campaign_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(fields=("month", "unit", "sample"), name="a_campaign_is_drawn_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "mode",
                    models.CharField(
                        choices=[("phone", "phone"), ("survey", "SMS survey")], max_length=20, verbose_name="by"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("answered", "answered"),
                            ("unreachable", "unreachable"),
                            ("exempt", "exempt"),
                            ("cancelled", "cancelled"),
                        ],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "exemption",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("coverage_unsolved", "network coverage without a solution"),
                            ("not_established", "not established, accepted on the spot"),
                            ("nature", "neither complaint nor opinion"),
                        ],
                        max_length=30,
                        verbose_name="exempt because",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("planned_for", models.DateTimeField(verbose_name="planned for")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
                ("taken_until", models.DateTimeField(blank=True, null=True, verbose_name="given back")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "with_result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "satisfied"),
                            ("neutral", "neutral"),
                            ("dissatisfied", "dissatisfied"),
                            ("unreachable", "unreachable"),
                        ],
                        max_length=20,
                        verbose_name="with the result",
                    ),
                ),
                (
                    "with_handling",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "satisfied"),
                            ("neutral", "neutral"),
                            ("dissatisfied", "dissatisfied"),
                            ("unreachable", "unreachable"),
                        ],
                        max_length=20,
                        verbose_name="with the handling",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, validators=[common.text.refuse_control_characters], verbose_name="reason"
                    ),
                ),
                ("blanked_at", models.DateTimeField(blank=True, null=True, verbose_name="reason blanked")),
                ("wants_nothing_more", models.BooleanField(default=False, verbose_name="wants nothing more")),
                ("awaits_decision", models.BooleanField(default=False, verbose_name="awaits a supervisor's decision")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Nobody where the customer used the survey's link.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_callbacks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="callback desk",
                    ),
                ),
                (
                    "not_by",
                    models.ManyToManyField(
                        blank=True,
                        related_name="callbacks_not_to_make",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="not by",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_callbacks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="callbacks", to="complaints.ticket"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which drew it; nothing for the standing rule (R70).",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callbacks",
                        to="callbacks.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "callback",
                "verbose_name_plural": "callbacks",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("mode", "phone"), ("state", "open")),
                        fields=["planned_for", "id"],
                        name="callbacks_to_make",
                    ),
                    models.Index(
                        condition=models.Q(("awaits_decision", True)),
                        fields=["ended_at", "id"],
                        name="callbacks_to_decide",
                    ),
                    models.Index(
                        condition=models.Q(("with_result", "dissatisfied")),
                        fields=["ended_at"],
                        name="callbacks_dissatisfied",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "exempt"), _negated=True),
                        fields=("ticket", "round"),
                        name="a_round_is_called_back_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "unreachable", "exempt", "cancelled"])),
                        name="a_callback_is_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_callback_that_is_over_says_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "answered"),
                                ("with_handling__in", ["satisfied", "neutral", "dissatisfied"]),
                                ("with_result__in", ["satisfied", "neutral", "dissatisfied"]),
                            ),
                            models.Q(
                                ("state", "unreachable"),
                                ("with_handling", "unreachable"),
                                ("with_result", "unreachable"),
                            ),
                            models.Q(
                                models.Q(("state__in", ["answered", "unreachable"]), _negated=True),
                                ("with_handling", ""),
                                ("with_result", ""),
                            ),
                            _connector="OR",
                        ),
                        name="two_answers_or_unreachable_or_none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("with_result", "dissatisfied"),
                                ("with_handling", "dissatisfied"),
                                _connector="OR",
                                _negated=True,
                            ),
                            models.Q(("reason", ""), _negated=True),
                            ("blanked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="who_is_dissatisfied_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "exempt"), ("exemption", ""), _connector="XOR"),
                        name="an_exempt_callback_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("taken_at__isnull", True), ("taken_by__isnull", True), ("taken_until__isnull", True)
                            ),
                            models.Q(
                                ("taken_at__isnull", False),
                                ("taken_by__isnull", False),
                                ("taken_until__gt", models.F("taken_at")),
                            ),
                            _connector="OR",
                        ),
                        name="a_taken_callback_says_from_when_until_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("awaits_decision", False),
                            models.Q(("decided_at__isnull", True), ("state", "answered")),
                            _connector="OR",
                        ),
                        name="only_an_answer_awaits_a_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "sent_at",
                    models.DateTimeField(
                        help_text="Never in quiet hours: what is due at night goes out after.", verbose_name="sent"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="works until")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended without an answer")),
                (
                    "callback",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="survey", to="callbacks.callback"
                    ),
                ),
            ],
            options={
                "verbose_name": "SMS survey",
                "verbose_name_plural": "SMS surveys",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True), ("ended_at__isnull", True)),
                        fields=["expires_at", "id"],
                        name="surveys_to_expire",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                        name="a_survey_expires_after_it_is_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answered_at__isnull", True), ("ended_at__isnull", True), _connector="OR"),
                        name="a_survey_is_answered_or_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "medium",
                    models.CharField(
                        choices=[
                            ("phone", "phone"),
                            ("branch_visit", "branch visit"),
                            ("on_site", "on-site talk"),
                            ("letter", "letter"),
                            ("fax", "fax"),
                            ("web", "web"),
                            ("app", "app"),
                            ("sms", "SMS"),
                            ("email", "e-mail"),
                            ("social", "social media"),
                            ("visit", "visit at the customer's"),
                        ],
                        default="phone",
                        max_length=20,
                        verbose_name="medium",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("reached", "reached"),
                            ("no_answer", "no answer"),
                            ("refused", "refused to talk"),
                            ("wrong_number", "wrong number"),
                            ("another_time", "asked for another time"),
                        ],
                        max_length=20,
                        verbose_name="result",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt planned")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "callback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="callbacks.callback"
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt at a callback",
                "verbose_name_plural": "attempts at callbacks",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("result", "reached"), _negated=True),
                        name="an_attempt_that_reached_is_an_answer",
                    )
                ],
            },
        ),
    ]
