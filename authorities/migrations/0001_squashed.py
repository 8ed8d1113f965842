import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.text


class Migration(migrations.Migration):
    replaces = [
        ("authorities", "0001_cases_of_authorities_and_warnings_of_appeals"),
        ("authorities", "0002_documents_as_files"),
        ("authorities", "0003_withdrawn_documents"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("attachments", "0001_squashed"),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthorityRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "acceptance_working_days",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="the authority decides on acceptance within (working days)"
                    ),
                ),
                (
                    "decision_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="the authority answers within (days)"),
                ),
                (
                    "answer_working_days",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="we answer the authority within (working days)"
                    ),
                ),
                (
                    "is_confirmed",
                    models.BooleanField(
                        default=False,
                        help_text="Until then it is shown as unconfirmed.",
                        verbose_name="our own limit is confirmed",
                    ),
                ),
                (
                    "appeal_after_days",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="a customer may appeal unanswered after (days)"
                    ),
                ),
                (
                    "listed_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="a dissatisfied customer stands in the list for (days)"
                    ),
                ),
                (
                    "warn_days_before",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="the supervisor hears of an appeal or of our answer before (days)"
                    ),
                ),
            ],
            options={
                "verbose_name": "rules for authorities",
                "verbose_name_plural": "rules for authorities",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_authority_rules"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acceptance_working_days__range", (1, 60)),
                            ("decision_days__range", (1, 365)),
                            ("answer_working_days__range", (1, 60)),
                            ("appeal_after_days__range", (1, 365)),
                            ("listed_days__range", (1, 365)),
                            ("warn_days_before__lt", models.F("appeal_after_days")),
                        ),
                        name="limits_of_authorities_are_sane",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("regulator", "regulator"), ("consumer_body", "consumer body")],
                        max_length=20,
                        verbose_name="authority",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=120,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="name of the authority",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=60,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="number of the case",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("provincial", "provincial level"), ("national", "national level")],
                        max_length=20,
                        verbose_name="level",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("lodged", "lodged, its acceptance is awaited"),
                            ("accepted", "accepted by the authority"),
                            ("declined", "not accepted by the authority"),
                            ("closed", "closed"),
                        ],
                        default="lodged",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "demand",
                    models.TextField(
                        validators=[common.text.refuse_control_characters], verbose_name="what is asked of us"
                    ),
                ),
                ("lodged_at", models.DateTimeField(verbose_name="lodged with the authority")),
                ("received_at", models.DateTimeField(verbose_name="received by us")),
                ("opened_at", models.DateTimeField(verbose_name="on record since")),
                ("acceptance_due_at", models.DateTimeField(verbose_name="the authority decides on acceptance by")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="acceptance decided")),
                (
                    "decision_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="the authority answers by"),
                ),
                ("answer_due_at", models.DateTimeField(verbose_name="we answer by")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="we answered")),
                (
                    "answer",
                    models.TextField(
                        blank=True, validators=[common.text.refuse_control_characters], verbose_name="our answer"
                    ),
                ),
                (
                    "warned_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="the supervisor heard of our answer's due"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="over since")),
                (
                    "outcome",
                    models.TextField(
                        blank=True, validators=[common.text.refuse_control_characters], verbose_name="outcome"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.ticket",
                        verbose_name="put on record with",
                    ),
                ),
                (
                    "tickets",
                    models.ManyToManyField(related_name="cases", to="complaints.ticket", verbose_name="tickets"),
                ),
            ],
            options={
                "verbose_name": "case of an authority",
                "verbose_name_plural": "cases of authorities",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["lodged", "accepted"])),
                        fields=["answer_due_at", "id"],
                        name="open_cases_by_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="an_authoritys_case_is_on_record_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["lodged", "accepted", "declined", "closed"])),
                        name="a_case_is_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(("decided_at__isnull", False), ("decision_due_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_accepted_case_says_until_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state__in", ["lodged", "accepted"])),
                            models.Q(
                                models.Q(("state__in", ["lodged", "accepted"]), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_case_that_is_over_says_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            models.Q(("answered_by__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="an_answer_to_an_authority_says_what_and_whose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "title",
                    models.CharField(
                        max_length=120, validators=[common.text.refuse_control_characters], verbose_name="title"
                    ),
                ),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="link")),
                (
                    "text",
                    models.TextField(
                        blank=True, validators=[common.text.refuse_control_characters], verbose_name="text"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="added")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "withdrawn_because",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="why it was withdrawn",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="authorities.case"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="attachments.attachment",
                        verbose_name="file",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="authorities.document",
                        verbose_name="in place of",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "document of a case",
                "verbose_name_plural": "documents of cases",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("link", ""), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            ("file__isnull", False),
                            _connector="OR",
                        ),
                        name="a_document_says_or_shows_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_because", ""),
                                ("withdrawn_by__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_withdrawn_document_says_whose_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppealWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("may_appeal_at", models.DateTimeField(verbose_name="the customer may appeal from")),
                ("at", models.DateTimeField(verbose_name="told")),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeal_warnings",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "warning of an appeal",
                "verbose_name_plural": "warnings of appeals",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "round"), name="an_appeal_is_warned_of_once_in_a_round")
                ],
            },
        ),
    ]
