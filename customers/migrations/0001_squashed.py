import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.text


class Migration(migrations.Migration):
    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0002_look_ups_last_and_are_limited"),
        ("customers", "0003_watching_customers"),
        ("customers", "0004_customers_by_address"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandlingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("A", "3 or more complaints this month"),
                            ("B1", "aggressive or habitual"),
                            ("B2", "10 or more in 6 months"),
                            ("B3", "has had an escalated complaint"),
                            ("C1", "dissatisfied at reply"),
                            ("C2", "dissatisfied at callback"),
                            ("C3", "dissatisfied in a survey"),
                            ("D", "says they will escalate or sue"),
                        ],
                        max_length=2,
                        unique=True,
                        verbose_name="flag",
                    ),
                ),
                ("text_zh", models.CharField(max_length=300, verbose_name="rule in Chinese")),
                ("text_en", models.CharField(max_length=300, verbose_name="rule in English")),
            ],
            options={
                "verbose_name": "handling rule",
                "verbose_name_plural": "handling rules",
                "ordering": ["kind"],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        max_length=32,
                        unique=True,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="subscriber's number",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="name",
                    ),
                ),
                ("identity_number", models.CharField(blank=True, max_length=32, verbose_name="identity number")),
                (
                    "brand",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gotone", "GoTone"),
                            ("easyown", "Easyown"),
                            ("mzone", "M-Zone"),
                            ("broadband", "home broadband"),
                            ("enterprise", "enterprise"),
                        ],
                        max_length=20,
                        verbose_name="brand",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("ordinary", "ordinary"), ("silver", "silver"), ("gold", "gold"), ("vip", "VIP")],
                        default="ordinary",
                        max_length=20,
                        verbose_name="tier",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="address",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("facts_as_of", models.DateTimeField(blank=True, null=True, verbose_name="facts as of")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="accounts.unit",
                        verbose_name="city branch",
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="managed_customers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="customer manager",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "ordering": ["number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=["address"],
                        name="customers_by_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="name",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="number",
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("subscriber", "the subscriber"),
                            ("family", "family"),
                            ("employee", "employee of the subscriber"),
                            ("lawyer", "lawyer"),
                            ("other", "another person"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="standing",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_persons",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact person",
                "verbose_name_plural": "contact persons",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=30, verbose_name="what")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="disclosures", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure",
                "verbose_name_plural": "disclosures",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["by", "at"], name="disclosures_by_person")],
            },
        ),
        migrations.CreateModel(
            name="DisclosureRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "look_up_lasts_minutes",
                    models.PositiveIntegerField(default=30, verbose_name="a look-up opens a customer for (min)"),
                ),
                (
                    "look_ups_per_hour",
                    models.PositiveIntegerField(default=120, verbose_name="look-ups of one person in an hour at most"),
                ),
                (
                    "disclosures_per_hour",
                    models.PositiveIntegerField(
                        default=20, verbose_name="full values that one person opens in an hour at most"
                    ),
                ),
            ],
            options={
                "verbose_name": "rules for opening customers",
                "verbose_name_plural": "rules for opening customers",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_disclosure_rules")
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("A", "3 or more complaints this month"),
                            ("B1", "aggressive or habitual"),
                            ("B2", "10 or more in 6 months"),
                            ("B3", "has had an escalated complaint"),
                            ("C1", "dissatisfied at reply"),
                            ("C2", "dissatisfied at callback"),
                            ("C3", "dissatisfied in a survey"),
                            ("D", "says they will escalate or sue"),
                        ],
                        max_length=2,
                        verbose_name="flag",
                    ),
                ),
                ("raised_at", models.DateTimeField(verbose_name="since")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("handling_rule", models.CharField(blank=True, max_length=300, verbose_name="handling rule")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "flag",
                "verbose_name_plural": "flags",
                "ordering": ["kind", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("customer", "kind"),
                        name="a_customer_carries_a_flag_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lookup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("origin", models.CharField(max_length=20)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lookups", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "customer look-up",
                "verbose_name_plural": "customer look-ups",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["by", "at"], name="look_ups_by_person")],
            },
        ),
        migrations.CreateModel(
            name="RuleOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="customers.flag",
                        verbose_name="flag",
                    ),
                ),
            ],
            options={
                "verbose_name": "handling rule overridden",
                "verbose_name_plural": "handling rules overridden",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="an_override_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "a_from",
                    models.PositiveSmallIntegerField(default=3, verbose_name="flag A from so many in a calendar month"),
                ),
                ("b2_from", models.PositiveSmallIntegerField(default=10, verbose_name="flag B2 from so many")),
                (
                    "b2_months",
                    models.PositiveSmallIntegerField(default=6, verbose_name="flag B2 counts so many months"),
                ),
                ("c_lasts_days", models.PositiveSmallIntegerField(default=365, verbose_name="flags C last for (days)")),
            ],
            options={
                "verbose_name": "rules for customers to watch",
                "verbose_name_plural": "rules for customers to watch",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_watch_rules"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("a_from__gte", 1), ("b2_from__gte", 1), ("b2_months__gte", 1), ("c_lasts_days__gte", 1)
                        ),
                        name="watch_rules_count_from_one",
                    ),
                ],
            },
        ),
    ]
