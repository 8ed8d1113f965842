import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import attachments.models
import common.text


class Migration(migrations.Migration):
    replaces = [("attachments", "0001_files_on_tickets"), ("attachments", "0002_files_of_other_things")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttachmentRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("largest_mb", models.PositiveSmallIntegerField(default=10, verbose_name="largest file (MB)")),
                (
                    "files_per_ticket",
                    models.PositiveSmallIntegerField(default=20, verbose_name="files on one ticket at most"),
                ),
                (
                    "files_at_once",
                    models.PositiveSmallIntegerField(default=5, verbose_name="files that one person may have waiting"),
                ),
                (
                    "draft_hours",
                    models.PositiveSmallIntegerField(default=24, verbose_name="a file waits for its ticket (hours)"),
                ),
            ],
            options={
                "verbose_name": "rules for attachments",
                "verbose_name_plural": "rules for attachments",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_attachment_rules"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("files_per_ticket__gte", 1),
                            ("largest_mb__range", (1, 100)),
                            ("draft_hours__gte", 1),
                            ("files_at_once__gte", 1),
                        ),
                        name="attachments_are_bounded_by_sane_numbers",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=attachments.models.new_key, editable=False, max_length=22, unique=True),
                ),
                ("held_by", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "name",
                    models.CharField(
                        max_length=120, validators=[common.text.refuse_control_characters], verbose_name="name"
                    ),
                ),
                ("media_type", models.CharField(max_length=40, verbose_name="type of its content")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256 of its content")),
                (
                    "content",
                    models.FileField(
                        blank=True,
                        max_length=60,
                        storage=attachments.models.private_files,
                        upload_to=attachments.models.stored_name,
                        verbose_name="content",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="uploaded")),
                ("attached_at", models.DateTimeField(blank=True, null=True, verbose_name="on the ticket since")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed")),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="removed by",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="complaints.ticket",
                        verbose_name="ticket",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Nobody where the customer did.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("attached_at__isnull", True)),
                        fields=["created_at"],
                        name="drafts_to_expire",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ticket__isnull", False),
                            ("uploaded_by__isnull", False),
                            models.Q(("held_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_draft_belongs_to_who_uploaded_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("attached_at__isnull", True), ("removed_at__isnull", True), ("ticket__isnull", True)
                            ),
                            ("attached_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_file_on_a_ticket_says_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at__isnull", False), models.Q(("content", ""), _negated=True), _connector="OR"
                        ),
                        name="a_file_without_content_was_removed",
                    ),
                ],
            },
        ),
    ]
