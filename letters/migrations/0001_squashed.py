import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.text


class Migration(migrations.Migration):
    replaces = [("letters", "0001_initial")]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject_zh",
                    models.CharField(
                        max_length=200,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="subject in Chinese",
                    ),
                ),
                (
                    "subject_en",
                    models.CharField(
                        max_length=200,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="subject in English",
                    ),
                ),
                (
                    "body_zh",
                    models.TextField(
                        validators=[common.text.refuse_control_characters], verbose_name="text in Chinese"
                    ),
                ),
                (
                    "body_en",
                    models.TextField(
                        validators=[common.text.refuse_control_characters], verbose_name="text in English"
                    ),
                ),
                (
                    "legal_exempt",
                    models.BooleanField(
                        default=False,
                        help_text="The unit's lead alone approves these letters.",
                        verbose_name="needs no legal adviser",
                    ),
                ),
                (
                    "category",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty: for every category that has none of its own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_template",
                        to="complaints.category",
                        verbose_name="category",
                    ),
                ),
            ],
            options={
                "verbose_name": "template of letters",
                "verbose_name_plural": "templates of letters",
                "ordering": [models.OrderBy(models.F("category__path"), nulls_first=True), "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category",), name="a_category_has_one_template_of_letters", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "medium",
                    models.CharField(
                        choices=[("letter", "letter"), ("fax", "fax"), ("email", "e-mail")],
                        max_length=20,
                        verbose_name="medium",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "Chinese"), ("en", "English")], max_length=10, verbose_name="language"
                    ),
                ),
                ("needs_legal", models.BooleanField(default=True, verbose_name="needs the legal adviser")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_approval", "awaits approval"),
                            ("approved", "approved"),
                            ("sent", "sent"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="how it stands",
                    ),
                ),
                (
                    "awaits",
                    models.CharField(
                        blank=True,
                        choices=[("lead", "the unit's lead"), ("legal", "the legal adviser")],
                        max_length=10,
                        verbose_name="awaits",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("drafted_at", models.DateTimeField(verbose_name="drafted")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="put up for approval")),
                ("asked_at", models.DateTimeField(null=True, verbose_name="waits since")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="letters", to="complaints.ticket"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="whose lead agrees",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="letters",
                        to="letters.lettertemplate",
                        verbose_name="template",
                    ),
                ),
            ],
            options={
                "verbose_name": "written reply",
                "verbose_name_plural": "written replies",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("awaits", ""), _negated=True),
                        fields=["awaits", "asked_at"],
                        name="letters_to_decide",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("standing__in", ["approved", "draft", "in_approval"])),
                        fields=("ticket",),
                        name="a_ticket_has_one_letter_in_the_making",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("asked_at__isnull", False),
                                ("standing", "in_approval"),
                                models.Q(("awaits", ""), _negated=True),
                            ),
                            models.Q(models.Q(("standing", "in_approval"), _negated=True), ("awaits", "")),
                            _connector="OR",
                        ),
                        name="a_letter_in_approval_says_whom_it_awaits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("standing", "sent"), _negated=True),
                            models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_sent_letter_says_when_and_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForbiddenPhrase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "Chinese"), ("en", "English")], max_length=10, verbose_name="language"
                    ),
                ),
                (
                    "phrase",
                    models.CharField(
                        max_length=100, validators=[common.text.refuse_control_characters], verbose_name="phrase"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: forbidden in every letter.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forbidden",
                        to="letters.lettertemplate",
                        verbose_name="template",
                    ),
                ),
            ],
            options={
                "verbose_name": "forbidden phrase",
                "verbose_name_plural": "forbidden phrases",
                "ordering": ["language", "phrase", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "language", "phrase"),
                        name="a_phrase_is_forbidden_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequiredPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "words_zh",
                    models.TextField(
                        blank=True, help_text="One a line; one of them suffices.", verbose_name="words in Chinese"
                    ),
                ),
                (
                    "words_en",
                    models.TextField(
                        blank=True, help_text="One a line; one of them suffices.", verbose_name="words in English"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="letters.lettertemplate"
                    ),
                ),
            ],
            options={
                "verbose_name": "required part",
                "verbose_name_plural": "completeness list",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words_en", ""), ("words_zh", ""), _negated=True),
                        name="a_required_part_is_known_by_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("addressee", models.CharField(blank=True, max_length=120, verbose_name="to")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="letters.letter"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a letter",
                "verbose_name_plural": "versions of letters",
                "ordering": ["letter", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("letter", "number"), name="versions_of_a_letter_are_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[("lead", "the unit's lead"), ("legal", "the legal adviser")],
                        max_length=10,
                        verbose_name="for",
                    ),
                ),
                ("approves", models.BooleanField(verbose_name="agreed")),
                ("note", models.TextField(blank=True, verbose_name="reason")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("at", models.DateTimeField(verbose_name="decided")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="letters.letter"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="letters.version"
                    ),
                ),
            ],
            options={
                "verbose_name": "decision about a letter",
                "verbose_name_plural": "decisions about letters",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("asked_by")), _negated=True),
                        name="nobody_approves_their_own_letter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approves", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="a_refused_letter_says_why",
                    ),
                ],
            },
        ),
    ]
