import datetime

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import escalation.models.roster
import escalation.models.rules


class Migration(migrations.Migration):
    replaces = [
        ("escalation", "0001_initial"),
        ("escalation", "0002_an_escalation_after_the_last_round"),
        ("escalation", "0003_exceptions_of_the_roster"),
        ("escalation", "0004_what_escalations_owe"),
        ("escalation", "0005_no_index_begins_another"),
        ("escalation", "0006_only_what_is_looked_for_is_in_an_index"),
        ("escalation", "0007_steps_at_a_share_of_the_limit"),
        ("escalation", "0008_the_inbox_by_role"),
        ("escalation", "0009_what_waits_is_told_by_one_index"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("calendars", "0001_squashed"),
        ("common", "0002_squashed"),
        ("complaints", "0001_squashed"),
        ("sla", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="EscalationRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "acknowledge_urgent_minutes",
                    models.PositiveIntegerField(
                        default=10, verbose_name="acknowledge an urgent or grave matter within (min)"
                    ),
                ),
                (
                    "acknowledge_minutes",
                    models.PositiveIntegerField(default=30, verbose_name="acknowledge any other within (min)"),
                ),
                (
                    "reminder_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        blank=True,
                        default=escalation.models.rules.default_reminders,
                        help_text="Counted from the escalation, each later than the one before: 10, 20, 40.",
                        size=None,
                        verbose_name="reminders after (min)",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation rules",
                "verbose_name_plural": "escalation rules",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_escalation_rules")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ladder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("clock", "a limit"),
                            ("by_hand", "by hand"),
                            ("grave", "marked urgent or grave"),
                            ("chased_up", "chased up too often"),
                            ("flag_d", "the customer says they will escalate or sue"),
                            ("escalated_complaint", "escalated complaint"),
                            ("rounds_used_up", "dissatisfied after the last round"),
                        ],
                        default="clock",
                        max_length=20,
                        verbose_name="started by",
                    ),
                ),
                (
                    "clock_kind",
                    models.CharField(
                        blank=True,
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
                        verbose_name="limit",
                    ),
                ),
                (
                    "pace",
                    models.CharField(
                        choices=[("any", "any"), ("hours", "owed in minutes or hours"), ("days", "owed in days")],
                        default="any",
                        max_length=10,
                        verbose_name="pace",
                    ),
                ),
                (
                    "policy_code",
                    models.CharField(
                        blank=True,
                        help_text="Code of the only policy it serves; empty: any.",
                        max_length=80,
                        verbose_name="policy",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "ladder",
                "verbose_name_plural": "ladders",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("trigger", "clock_kind", "pace", "policy_code"),
                        name="an_obligation_has_one_ladder",
                        violation_error_message="Another active ladder serves the same limit; change that one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("trigger", "clock"), models.Q(("clock_kind", ""), _negated=True)),
                            models.Q(
                                models.Q(("trigger", "clock"), _negated=True),
                                ("clock_kind", ""),
                                ("pace", "any"),
                                ("policy_code", ""),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_limits_ladder_names_a_limit",
                        violation_error_message="A ladder started by a limit names it; any other names none.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Roster",
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
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=escalation.models.roster.every_day,
                        help_text="1 for Monday to 7 for Sunday.",
                        size=None,
                        validators=[escalation.models.roster.check_weekdays],
                        verbose_name="weekdays",
                    ),
                ),
                ("starts", models.TimeField(default=datetime.time(0, 0), verbose_name="from")),
                (
                    "ends",
                    models.TimeField(
                        default=datetime.time(0, 0),
                        help_text="At or before the start: on the next day. Equal: the whole day.",
                        verbose_name="until",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="first day")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="accounts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty",
                "verbose_name_plural": "roster",
                "ordering": ["unit", "role", "from_on", "pk"],
                "indexes": [models.Index(fields=["role", "unit"], name="duties_by_role_and_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="a_duty_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(help_text="On which the duty begins.", verbose_name="day")),
                (
                    "instead",
                    models.ForeignKey(
                        blank=True,
                        help_text="Somebody who holds the same role there. Empty: nobody.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="instead",
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="escalation.roster",
                        verbose_name="duty",
                    ),
                ),
            ],
            options={
                "verbose_name": "exception of the roster",
                "verbose_name_plural": "exceptions of the roster",
                "ordering": ["on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("roster", "on"), name="a_duty_has_one_exception_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        help_text="Steps with the same number are due together.", verbose_name="number"
                    ),
                ),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("share", "at a share of the limit"),
                            ("warning", "at the warning share of the limit"),
                            ("breach", "at the breach"),
                            ("at_once", "at once"),
                            ("after_previous", "so long after the previous step was planned"),
                        ],
                        max_length=20,
                        verbose_name="when",
                    ),
                ),
                (
                    "share_percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="For a step at a share of the limit: how much of it has passed, counted as the limit counts.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ],
                        verbose_name="share of the limit (%)",
                    ),
                ),
                (
                    "delay_minutes",
                    models.PositiveIntegerField(default=0, verbose_name="minutes after the previous step"),
                ),
                (
                    "delay_counts",
                    models.CharField(
                        choices=[("elapsed", "elapsed time"), ("working", "working time")],
                        default="elapsed",
                        max_length=10,
                        verbose_name="counted in",
                    ),
                ),
                (
                    "who",
                    models.CharField(
                        choices=[
                            ("role", "everybody in the role"),
                            ("on_duty", "whoever is on duty in the role"),
                            ("owner", "the ticket's owner"),
                        ],
                        default="role",
                        max_length=20,
                        verbose_name="who",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
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
                    "start",
                    models.CharField(
                        choices=[
                            ("holding_unit", "the unit that holds the ticket"),
                            ("owners_unit", "the owner's unit"),
                        ],
                        default="holding_unit",
                        max_length=20,
                        verbose_name="upwards from",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("head_office", "head office"),
                            ("province", "provincial company"),
                            ("centre", "service centre"),
                            ("branch", "city branch"),
                            ("department", "department"),
                            ("desk", "desk"),
                        ],
                        help_text="Empty: the nearest upwards.",
                        max_length=20,
                        verbose_name="at the level",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("notify", "notify"),
                            ("acknowledge", "require an acknowledgement"),
                            ("reassign", "pass it to another unit"),
                            ("raise_urgency", "raise its urgency"),
                            ("demand", "demand an answer"),
                        ],
                        default="notify",
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                (
                    "acknowledge_within_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: as the rules say.",
                        null=True,
                        verbose_name="acknowledge or answer within (min)",
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "notice"), (2, "warning"), (3, "serious"), (4, "critical")],
                        default=2,
                        verbose_name="severity",
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("in_app", "in the application"),
                                ("email", "e-mail"),
                                ("sms", "SMS"),
                                ("webhook", "webhook"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="by",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        help_text="Of working time; empty: the hours of the unit that holds the ticket.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendar",
                        verbose_name="calendar",
                    ),
                ),
                (
                    "ladder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="escalation.ladder",
                        verbose_name="ladder",
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="pass it to",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["ladder", "order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("when", "after_previous"), _negated=True), ("order__gt", 1), _connector="OR"
                        ),
                        name="the_first_step_follows_no_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("share_percent__isnull", False), ("share_percent__range", (1, 99)), ("when", "share")
                            ),
                            models.Q(models.Q(("when", "share"), _negated=True), ("share_percent__isnull", True)),
                            _connector="OR",
                        ),
                        name="only_a_step_at_a_share_says_at_which",
                        violation_error_message="Give 1 to 99 per cent for a step at a share of the limit, none for any other.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", ""), ("who", "owner")),
                            models.Q(models.Q(("who", "owner"), _negated=True), models.Q(("role", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_step_says_whom_it_tells",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to_unit__isnull", False), ("what", "reassign")),
                            models.Q(models.Q(("what", "reassign"), _negated=True), ("to_unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_step_that_passes_on_says_to_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("occasion", models.CharField(max_length=60, verbose_name="occasion")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("share", "a share of the limit has passed"),
                            ("warning", "limit running out"),
                            ("breach", "limit missed"),
                            ("by_hand", "raised by hand"),
                            ("grave", "marked as grave"),
                            ("urgent", "marked as urgent"),
                            ("chased_up", "chased up too often"),
                            ("flag_d", "the customer says they will escalate or sue"),
                            ("escalated_complaint", "escalated complaint"),
                            ("rounds_used_up", "dissatisfied after the last round"),
                        ],
                        max_length=30,
                        verbose_name="reason",
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "notice"), (2, "warning"), (3, "serious"), (4, "critical")],
                        verbose_name="severity",
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("planned", "planned"),
                            ("open", "open"),
                            ("acknowledged", "acknowledged"),
                            ("resolved", "resolved"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="planned",
                        max_length=20,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("planned_at", models.DateTimeField(verbose_name="planned for")),
                ("brought_forward_at", models.DateTimeField(blank=True, null=True, verbose_name="brought forward to")),
                ("noticed_at", models.DateTimeField(blank=True, null=True, verbose_name="raised")),
                ("to_role", models.CharField(blank=True, max_length=30, verbose_name="to the role")),
                (
                    "gap",
                    models.BooleanField(
                        default=False,
                        help_text="Nobody holds the role that the step names, so somebody else was told.",
                        verbose_name="gap",
                    ),
                ),
                ("ack_due_at", models.DateTimeField(blank=True, null=True, verbose_name="to be acknowledged by")),
                ("ack_missed_at", models.DateTimeField(blank=True, null=True, verbose_name="acknowledgement missed")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="acknowledged")),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="reminders")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "closed_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("obligation_ended", "the obligation has ended"),
                            ("no_limit", "no limit holds any more"),
                            ("ticket_ended", "the matter has ended"),
                            ("decided", "an earlier step was resolved"),
                            ("rounds_decided", "it was decided whether a round follows"),
                        ],
                        max_length=20,
                        verbose_name="closed because",
                    ),
                ),
                ("held_since", models.DateTimeField(blank=True, null=True, verbose_name="held since")),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="next to be called")),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="acknowledged by",
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="sla.clock",
                        verbose_name="limit",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="raised by",
                    ),
                ),
                (
                    "recipients",
                    models.ManyToManyField(
                        blank=True, related_name="escalations", to=settings.AUTH_USER_MODEL, verbose_name="told"
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="complaints.ticket",
                        verbose_name="ticket",
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="at",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="escalation.step",
                        verbose_name="step",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation",
                "verbose_name_plural": "escalations",
                "ordering": ["planned_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at", "id"],
                        name="escalations_to_call",
                    ),
                    models.Index(
                        models.Case(
                            models.When(state="planned", then="planned_at"),
                            models.When(ack_missed_at__isnull=True, then="ack_due_at"),
                        ),
                        condition=models.Q(("held_since__isnull", True), ("state__in", ["open", "planned"])),
                        name="escalations_by_what_they_owe",
                    ),
                    models.Index(fields=["clock", "state"], name="escalations_of_a_clock"),
                    models.Index(
                        condition=models.Q(("state__in", ["acknowledged", "open"])),
                        fields=["-severity", "noticed_at"],
                        name="live_escalations",
                    ),
                    models.Index(
                        condition=models.Q(("ack_due_at__isnull", False), ("state__in", ["acknowledged", "open"])),
                        fields=["to_unit", "to_role"],
                        include=("id",),
                        name="escalations_waiting_for_a_role",
                    ),
                    models.Index(
                        condition=models.Q(("raised_by__isnull", False)),
                        fields=["raised_by"],
                        name="escalations_raised_by",
                    ),
                    models.Index(
                        condition=models.Q(("acknowledged_by__isnull", False)),
                        fields=["acknowledged_by"],
                        name="escalations_acknowledged_by",
                    ),
                    models.Index(
                        condition=models.Q(("resolved_by__isnull", False)),
                        fields=["resolved_by"],
                        name="escalations_resolved_by",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "occasion", "step"), name="each_step_of_a_ladder_happens_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "open", "acknowledged", "resolved", "closed", "cancelled"])
                        ),
                        name="an_escalation_is_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("noticed_at__isnull", True), ("state__in", ["cancelled", "planned"])),
                            models.Q(
                                models.Q(("state__in", ["cancelled", "planned"]), _negated=True),
                                ("noticed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_raised_escalation_says_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_at__isnull", True),
                            models.Q(("held_since__isnull", True), ("state__in", ["open", "planned"])),
                            _connector="OR",
                        ),
                        name="only_what_is_planned_or_open_is_called",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "acknowledged"), _negated=True),
                            models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_acknowledgement_says_whose_it_is",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "resolved"), _negated=True),
                            ("resolved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_resolved_escalation_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed", "cancelled"]), _negated=True),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_closed_escalation_says_why",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
    ]
