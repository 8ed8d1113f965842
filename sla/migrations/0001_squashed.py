import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import sla.models.clock
import sla.models.policy


class Migration(migrations.Migration):
    replaces = [
        ("sla", "0001_initial"),
        ("sla", "0003_recompute_running_clocks"),
        ("sla", "0004_what_clocks_owe"),
        ("sla", "0005_clocks_by_what_came_of_them"),
        ("sla", "0006_no_index_begins_another"),
        ("sla", "0007_replies_that_were_warned"),
        ("sla", "0008_only_what_is_looked_for_is_in_an_index"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("calendars", "0001_squashed"),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "calendar",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="calendars.calendar"
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar taken into account",
                "verbose_name_plural": "calendars taken into account",
            },
        ),
        migrations.CreateModel(
            name="ClockRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service_failure_minutes",
                    models.PositiveIntegerField(
                        default=120,
                        help_text="Whatever the rest says: suspension and resumption, SIM not working (R21).",
                        verbose_name="reply to an urgent service failure within (min)",
                    ),
                ),
                (
                    "promise_at_most_working_days",
                    models.PositiveIntegerField(
                        default=7,
                        help_text="A time agreed for later needs a supervisor (R29).",
                        verbose_name="promises up to (working days)",
                    ),
                ),
            ],
            options={
                "verbose_name": "clock rules",
                "verbose_name_plural": "clock rules",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_clock_rules")
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("code", models.SlugField(max_length=80, verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("dispatch", "dispatch"),
                            ("handle", "handling"),
                            ("rework", "rework"),
                            ("assist", "assistance"),
                            ("reply", "reply"),
                            ("conclude", "conclusion"),
                            ("approve", "approval"),
                            ("chase", "answer to a chase-up"),
                            ("callback", "callback"),
                            ("liability", "liability"),
                            ("arbitrate", "arbitration"),
                            ("authority", "authority's case"),
                        ],
                        max_length=20,
                        verbose_name="clock",
                    ),
                ),
                (
                    "variant",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reply_in_hours", "the reply is owed in minutes or hours"),
                            ("reply_in_days", "the reply is owed in days"),
                            ("direct", "asked by the front line"),
                            ("related", "asked by the lead unit"),
                            ("standard", "standard"),
                            ("billing", "billing and similar"),
                            ("solution", "a solution above one's authority"),
                            ("letter", "a letter"),
                            ("consented", "the customer consented to a longer limit"),
                        ],
                        max_length=20,
                        verbose_name="case",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[("urgent", "urgent"), ("important", "important"), ("ordinary", "ordinary")],
                        max_length=20,
                        verbose_name="urgency",
                    ),
                ),
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
                        blank=True,
                        choices=[("ordinary", "ordinary"), ("silver", "silver"), ("gold", "gold"), ("vip", "VIP")],
                        max_length=20,
                        verbose_name="tier",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "none"),
                            ("cross_province", "across provinces"),
                            ("cross_operator", "across operators"),
                            ("partner", "partner"),
                            ("network_coverage", "network coverage"),
                        ],
                        max_length=20,
                        verbose_name="scope",
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        blank=True,
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
                        max_length=20,
                        verbose_name="medium",
                    ),
                ),
                (
                    "limit",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="limit"
                    ),
                ),
                (
                    "limit_unit",
                    models.CharField(
                        choices=[
                            ("elapsed_minutes", "minutes on the wall clock"),
                            ("working_minutes", "working minutes"),
                            ("working_days", "working days"),
                            ("consented_days", "working days agreed with the customer, at most"),
                            ("share_of_reply", "percent of the reply limit"),
                        ],
                        max_length=20,
                        verbose_name="counted in",
                    ),
                ),
                ("within_reply", models.BooleanField(default=False, verbose_name="at most what the reply leaves")),
                (
                    "quiet_mode",
                    models.CharField(
                        choices=[
                            ("defer", "a due time at night moves to the morning"),
                            ("continuous", "nothing"),
                            ("pause", "the clock runs in contact hours only"),
                        ],
                        default="defer",
                        max_length=20,
                        verbose_name="in quiet hours",
                    ),
                ),
                (
                    "grace_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: as the quiet hours say.",
                        null=True,
                        verbose_name="grace after quiet hours in minutes",
                    ),
                ),
                (
                    "warning_share",
                    models.DecimalField(
                        decimal_places=2,
                        default="0.80",
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(0.01),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="warning at this share",
                    ),
                ),
                (
                    "hold_at_most_working_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: as the desk rules say.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="a hold lasts at most (working days)",
                    ),
                ),
                (
                    "holds_at_most",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: as the desk rules say.",
                        null=True,
                        verbose_name="holds of one ticket and round at most",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("retired", "retired")],
                        default="draft",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("effective_from", models.DateTimeField(blank=True, null=True, verbose_name="in force from")),
                ("effective_until", models.DateTimeField(blank=True, null=True, verbose_name="in force until")),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "for_running",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Else for new ones only (R27).",
                        verbose_name="for running clocks too",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the hours of the unit that owes it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendar",
                        verbose_name="calendar",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.category",
                        verbose_name="category and all below",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "ordering": ["kind", "code", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="a_version_of_a_policy_is_given_once"),
                    models.CheckConstraint(condition=models.Q(("limit__gte", 1)), name="a_limit_is_at_least_one"),
                    models.CheckConstraint(
                        condition=models.Q(("warning_share__gt", 0), ("warning_share__lte", 1)),
                        name="a_warning_comes_within_the_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status", "draft"), ("published_at__isnull", False), _connector="OR"),
                        name="a_published_policy_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_from__isnull", True),
                            ("effective_until__isnull", True),
                            ("effective_until__gte", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="a_policy_ends_after_it_begins",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("status", "draft"), _negated=True),
                        expressions=[
                            ("kind", "="),
                            (django.db.models.functions.comparison.Coalesce("category_id", 0), "="),
                            ("scope", "="),
                            ("urgency", "="),
                            ("brand", "="),
                            ("tier", "="),
                            ("medium", "="),
                            ("variant", "="),
                            (sla.models.policy.EffectivePeriod("effective_from", "effective_until"), "&&"),
                        ],
                        name="two_policies_never_tie",
                        violation_error_message="Another policy has the same selectors at the same time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("dispatch", "dispatch"),
                            ("handle", "handling"),
                            ("rework", "rework"),
                            ("assist", "assistance"),
                            ("reply", "reply"),
                            ("conclude", "conclusion"),
                            ("approve", "approval"),
                            ("chase", "answer to a chase-up"),
                            ("callback", "callback"),
                            ("liability", "liability"),
                            ("arbitrate", "arbitration"),
                            ("authority", "authority's case"),
                        ],
                        max_length=20,
                        verbose_name="what is owed",
                    ),
                ),
                (
                    "variant",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reply_in_hours", "the reply is owed in minutes or hours"),
                            ("reply_in_days", "the reply is owed in days"),
                            ("direct", "asked by the front line"),
                            ("related", "asked by the lead unit"),
                            ("standard", "standard"),
                            ("billing", "billing and similar"),
                            ("solution", "a solution above one's authority"),
                            ("letter", "a letter"),
                            ("consented", "the customer consented to a longer limit"),
                        ],
                        max_length=20,
                        verbose_name="case",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("opened_at", models.DateTimeField(verbose_name="known since")),
                ("started_at", models.DateTimeField(verbose_name="runs from")),
                ("nominal_due_at", models.DateTimeField(blank=True, null=True, verbose_name="due by the limit alone")),
                (
                    "limit_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="due by the limit, outside the night"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("warn_at", models.DateTimeField(blank=True, null=True, verbose_name="warning planned")),
                ("night_consent", models.BooleanField(default=False, verbose_name="contact at night agreed")),
                (
                    "consented_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="working days agreed"),
                ),
                ("promised_for", models.DateTimeField(blank=True, null=True, verbose_name="promised for")),
                ("promised_at", models.DateTimeField(blank=True, null=True, verbose_name="promised")),
                ("extended_to", models.DateTimeField(blank=True, null=True, verbose_name="extended to")),
                ("extended_at", models.DateTimeField(blank=True, null=True, verbose_name="extended")),
                ("ceiling_at", models.DateTimeField(blank=True, null=True, verbose_name="at the latest")),
                ("warned_at", models.DateTimeField(blank=True, null=True, verbose_name="warned as of")),
                ("warning_noticed_at", models.DateTimeField(blank=True, null=True, verbose_name="warning noticed")),
                ("breached_at", models.DateTimeField(blank=True, null=True, verbose_name="breached")),
                ("breach_noticed_at", models.DateTimeField(blank=True, null=True, verbose_name="breach noticed")),
                ("held_since", models.DateTimeField(blank=True, null=True, verbose_name="held since")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "answered, the verdict is awaited"),
                            ("met", "met"),
                            ("met_late", "met late"),
                            ("cancelled", "cancelled"),
                            ("unreachable", "customer unreachable"),
                            ("ineffective", "not accepted by the customer"),
                        ],
                        max_length=20,
                        verbose_name="how it ended",
                    ),
                ),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="next to be called")),
                (
                    "assistance",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="complaints.assistance",
                    ),
                ),
                (
                    "chase_up",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="complaints.chaseup",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="complaints.ticket",
                        verbose_name="ticket",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="accounts.unit",
                        verbose_name="who owes it",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="sla.policy",
                        verbose_name="policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "clock",
                "verbose_name_plural": "clocks",
                "ordering": ["started_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at", "id"], name="clocks_to_call"
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Least(
                            "due_at", models.Case(models.When(then="warn_at", warned_at__isnull=True))
                        ),
                        condition=models.Q(
                            ("breached_at__isnull", True),
                            ("ended_at__isnull", True),
                            ("held_since__isnull", True),
                            ("due_at__isnull", False),
                        ),
                        name="clocks_by_what_they_owe",
                    ),
                    models.Index(fields=["ticket", "kind"], name="clocks_of_a_ticket"),
                    models.Index(fields=["kind", "ended_at"], name="clocks_by_kind_and_end"),
                    models.Index(
                        models.F("kind"),
                        django.db.models.functions.comparison.Coalesce("breached_at", "ended_at"),
                        name="clocks_by_what_came_of_them",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["unit", "due_at"],
                        name="clocks_owed_by_a_unit",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True), ("kind", "reply"), ("warned_at__isnull", False)),
                        fields=["ticket"],
                        include=("warned_at",),
                        name="replies_that_were_warned",
                    ),
                    models.Index(
                        condition=models.Q(("assistance__isnull", False)),
                        fields=["assistance"],
                        name="clocks_of_an_assistance",
                    ),
                    models.Index(
                        condition=models.Q(("chase_up__isnull", False)),
                        fields=["chase_up"],
                        name="clocks_of_a_chase_up",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("ticket", "kind", "assistance", "chase_up"),
                        name="an_obligation_has_one_running_clock",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "dispatch",
                                    "handle",
                                    "rework",
                                    "assist",
                                    "reply",
                                    "conclude",
                                    "approve",
                                    "chase",
                                    "callback",
                                    "liability",
                                    "arbitrate",
                                    "authority",
                                ],
                            )
                        ),
                        name="a_clock_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("outcome", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="an_ended_clock_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_at__isnull", True),
                            models.Q(
                                ("breached_at__isnull", True),
                                ("due_at__isnull", False),
                                ("ended_at__isnull", True),
                                ("held_since__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_running_clock_is_called",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("breach_noticed_at__isnull", True), ("breached_at__isnull", True)),
                            models.Q(
                                ("breach_noticed_at__gte", models.F("breached_at")), ("breached_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_breach_is_noticed_after_it_happened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "met"), _negated=True), ("breached_at__isnull", True), _connector="OR"
                        ),
                        name="a_breached_clock_is_not_met",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recomputation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("policy", "a policy was published"),
                            ("calendar", "a calendar was changed"),
                            ("customer", "a customer's tier or brand has changed"),
                        ],
                        max_length=20,
                        verbose_name="cause",
                    ),
                ),
                (
                    "customers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="customers",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("begins_at", models.DateTimeField(verbose_name="begins")),
                ("listed_at", models.DateTimeField(blank=True, null=True, verbose_name="tickets listed")),
                (
                    "horizon",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="listed, by the database's clock"
                    ),
                ),
                ("listed_again_at", models.DateTimeField(blank=True, null=True, verbose_name="tickets listed again")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled")),
                ("tickets", models.PositiveIntegerField(default=0, verbose_name="tickets looked at")),
                ("moved", models.PositiveIntegerField(default=0, verbose_name="due times moved")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="calendars.calendar",
                        verbose_name="calendar",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.policy",
                        verbose_name="policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "recomputation",
                "verbose_name_plural": "recomputations",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled_at__isnull", True), ("finished_at__isnull", True)),
                        fields=["begins_at", "id"],
                        name="recomputations_to_work_off",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("calendar__isnull", True), ("cause", "policy"), ("policy__isnull", False)),
                            models.Q(("calendar__isnull", False), ("cause", "calendar"), ("policy__isnull", True)),
                            models.Q(("calendar__isnull", True), ("cause", "customer"), ("policy__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_recomputation_names_what_has_changed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            models.Q(("cancelled_at__isnull", True), ("listed_again_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_recomputation_ends_after_it_has_looked_twice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketToRecompute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("moved", models.PositiveSmallIntegerField(default=0, verbose_name="due times moved")),
                (
                    "recomputation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="sla.recomputation",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket to recompute",
                "verbose_name_plural": "tickets to recompute",
                "ordering": ["ticket"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["recomputation", "ticket"],
                        name="tickets_to_recompute_next",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recomputation", "ticket"), name="a_ticket_is_recomputed_once_for_a_cause"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockInterval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("running", "running"), ("held", "held"), ("deferred", "deferred")],
                        max_length=20,
                        verbose_name="what it did",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("planned_until", models.DateTimeField(blank=True, null=True, verbose_name="planned until")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("started", "the obligation arose"),
                            ("hold", "the ticket is on hold"),
                            ("resumed", "the hold ended"),
                            ("not_reached", "the customer was not reached"),
                            ("attempt_due", "the planned attempt is due"),
                        ],
                        max_length=20,
                        verbose_name="cause",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="intervals", to="sla.clock"
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.hold",
                    ),
                ),
            ],
            options={
                "verbose_name": "stretch of a clock",
                "verbose_name_plural": "stretches of clocks",
                "ordering": ["starts_at", "pk"],
                "indexes": [
                    models.Index(condition=models.Q(("kind", "held")), fields=["clock"], name="stretches_held"),
                    models.Index(
                        condition=models.Q(("ends_at__isnull", True), ("kind", "deferred")),
                        fields=["clock"],
                        name="deferrals_under_way",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gte", models.F("starts_at")), _connector="OR"
                        ),
                        name="a_stretch_ends_after_its_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at__isnull", True)),
                        fields=("clock",),
                        name="a_clock_does_one_thing_at_a_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("clock", "="), (sla.models.clock.Period("starts_at", "ends_at"), "&&")],
                        name="stretches_of_a_clock_do_not_overlap",
                    ),
                ],
            },
        ),
    ]
