import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("approvals", "0001_initial"), ("approvals", "0002_solutions_granted_on_the_spot")]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthorityLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "agent"),
                            ("dispatcher", "dispatcher"),
                            ("handler", "handler"),
                            ("unit_lead", "unit lead"),
                            ("expert", "expert seat"),
                            ("branch_contact", "branch contact"),
                            ("customer_manager", "customer manager"),
                            ("legal_adviser", "legal adviser"),
                            ("callback_agent", "callback agent"),
                            ("supervisor", "supervisor"),
                            ("duty_director", "duty director"),
                            ("director", "director"),
                            ("deputy_general_manager", "deputy general manager"),
                            ("quality_inspector", "quality inspector"),
                            ("arbiter", "arbiter"),
                            ("administrator", "administrator"),
                            ("auditor", "auditor"),
                            ("api_client", "API client"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("compensation", "compensation"), ("waiver", "waiver"), ("exception", "exception")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "up_to",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="up to (yuan)"
                    ),
                ),
            ],
            options={
                "verbose_name": "authority level",
                "verbose_name_plural": "authority levels",
                "ordering": ["kind", models.OrderBy(models.F("up_to"), nulls_last=True), "role"],
                "constraints": [
                    models.UniqueConstraint(fields=("role", "kind"), name="a_role_has_one_authority_for_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("up_to__isnull", True), ("up_to__gte", 0), _connector="OR"),
                        name="an_authority_is_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "kind",
                    models.CharField(
                        choices=[("compensation", "compensation"), ("waiver", "waiver"), ("exception", "exception")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="amount (yuan)")),
                ("solution", models.TextField(verbose_name="solution")),
                ("roles", models.JSONField(default=list, verbose_name="who may decide")),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("granted", "granted within one's authority"),
                        ],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("note", models.TextField(blank=True, verbose_name="reason")),
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
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="complaints.ticket"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "")), fields=("ticket",), name="a_ticket_awaits_one_approval"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="an_approval_is_about_an_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__in", ["approved", "refused"]), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="nobody_approves_their_own_solution",
                    ),
                ],
            },
        ),
    ]
