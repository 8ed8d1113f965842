import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import common.text
import complaints.models.category


class Migration(migrations.Migration):
    replaces = [
        ("complaints", "0001_initial"),
        ("complaints", "0003_synonyms_of_categories"),
        ("complaints", "0004_tickets_by_contact_number_and_acceptance"),
        ("complaints", "0005_causes_get_a_place_in_a_tree"),
        ("complaints", "0006_put_causes_into_the_tree"),
        ("complaints", "0007_every_cause_has_its_place"),
        ("complaints", "0008_progress_interim_remedies_and_follow_ups"),
        ("complaints", "0009_conclusions_that_were_not_accepted"),
        ("complaints", "0010_words_are_found_by_their_own_index"),
        ("complaints", "0011_no_index_begins_another"),
        ("complaints", "0012_who_replies_by_tier"),
        ("complaints", "0013_categories_are_found_by_pinyin"),
        ("complaints", "0014_lists_are_read_in_their_order"),
        ("complaints", "0015_only_what_is_looked_for_is_in_an_index"),
        ("complaints", "0016_what_was_rejected_has_an_index"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0002_squashed"),
        ("contact", "0001_squashed"),
        ("customers", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="CauseCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=255, unique=True)),
                ("depth", models.PositiveIntegerField()),
                ("numchild", models.PositiveIntegerField(default=0)),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "cause",
                "verbose_name_plural": "causes",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="FillerPhrase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phrase", models.CharField(max_length=60, unique=True, verbose_name="phrase")),
            ],
            options={
                "verbose_name": "filler phrase",
                "verbose_name_plural": "filler phrases",
                "ordering": ["phrase"],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="text")),
                ("blanked_at", models.DateTimeField(blank=True, null=True, verbose_name="blanked")),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=255, unique=True)),
                ("depth", models.PositiveIntegerField()),
                ("numchild", models.PositiveIntegerField(default=0)),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("code", models.CharField(max_length=80, unique=True, verbose_name="code")),
                ("initials", models.CharField(blank=True, max_length=20, verbose_name="pinyin initials")),
                (
                    "pinyin",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="How the Chinese name is read: small letters without tones, a space after each syllable.",
                        max_length=200,
                        validators=[complaints.models.category.check_pinyin],
                        verbose_name="pinyin",
                    ),
                ),
                (
                    "synonyms",
                    models.TextField(
                        blank=True,
                        help_text="How customers call it, in both languages; below it they count as well. Apart by commas.",
                        verbose_name="synonyms",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("urgent", "urgent"), ("important", "important"), ("ordinary", "ordinary")],
                        default="ordinary",
                        max_length=20,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "leads_at_branch",
                    models.BooleanField(default=False, verbose_name="led by the network team of the customer's branch"),
                ),
                ("direct_routing", models.BooleanField(default=False, verbose_name="routed without review")),
                (
                    "special_scope",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("cross_province", "across provinces"),
                            ("cross_operator", "across operators"),
                            ("partner", "partner"),
                            ("network_coverage", "network coverage"),
                        ],
                        default="none",
                        max_length=20,
                        verbose_name="special scope",
                    ),
                ),
                (
                    "callback_group",
                    models.CharField(
                        choices=[("standard", "standard"), ("billing", "billing and similar")],
                        default="standard",
                        max_length=20,
                        verbose_name="callback limit",
                    ),
                ),
                (
                    "service_failure",
                    models.BooleanField(
                        default=False,
                        help_text="Answered within 2 hours whatever the rest says (R21).",
                        verbose_name="urgent service failure",
                    ),
                ),
                ("on_site", models.BooleanField(default=False, verbose_name="may be solved on the spot")),
                (
                    "required_fields",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[complaints.models.category.check_required_fields],
                        verbose_name="required fields",
                    ),
                ),
                ("template_zh", models.TextField(blank=True, verbose_name="record template in Chinese")),
                ("template_en", models.TextField(blank=True, verbose_name="record template in English")),
                ("guidance_zh", models.TextField(blank=True, verbose_name="guidance in Chinese")),
                ("guidance_en", models.TextField(blank=True, verbose_name="guidance in English")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="default lead unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="DeskRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "claim_given_back_after_minutes",
                    models.PositiveIntegerField(
                        default=30, verbose_name="an untouched claim is given back after (min)"
                    ),
                ),
                (
                    "begun_reply_expires_after_minutes",
                    models.PositiveIntegerField(default=30, verbose_name="a begun reply expires after (min)"),
                ),
                ("reopen_within_days", models.PositiveIntegerField(default=30, verbose_name="reopening within (days)")),
                (
                    "hold_at_most_working_days",
                    models.PositiveIntegerField(default=3, verbose_name="a hold lasts at most (working days)"),
                ),
                (
                    "holds_at_most",
                    models.PositiveIntegerField(default=2, verbose_name="holds of one ticket and round at most"),
                ),
                (
                    "attempts_before_unreachable",
                    models.PositiveIntegerField(default=3, verbose_name="attempts before 'unreachable'"),
                ),
                (
                    "days_before_unreachable",
                    models.PositiveIntegerField(default=2, verbose_name="days these attempts are spread over"),
                ),
                (
                    "chase_ups_before_escalation",
                    models.PositiveIntegerField(default=3, verbose_name="chase-ups that start an escalation"),
                ),
                (
                    "rounds_at_most",
                    models.PositiveIntegerField(default=2, verbose_name="rounds a callback may reopen by itself"),
                ),
                (
                    "follow_up_within_working_days",
                    models.PositiveIntegerField(default=2, verbose_name="a follow-up is due within (working days)"),
                ),
                (
                    "manager_replies_from_tier",
                    models.CharField(
                        choices=[("ordinary", "ordinary"), ("silver", "silver"), ("gold", "gold"), ("vip", "VIP")],
                        default="vip",
                        max_length=20,
                        verbose_name="the customer manager replies from this tier on",
                    ),
                ),
                (
                    "feedback_minimum_length",
                    models.PositiveIntegerField(default=4, verbose_name="shortest text in a feedback (characters)"),
                ),
            ],
            options={
                "verbose_name": "desk rules",
                "verbose_name_plural": "desk rules",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_row_of_desk_rules")
                ],
            },
        ),
        migrations.CreateModel(
            name="NatureRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("accepts", "accepts"),
                            ("does_not_accept", "does not accept"),
                            ("unknown", "unknown"),
                        ],
                        max_length=20,
                        verbose_name="the customer",
                    ),
                ),
                (
                    "liability",
                    models.CharField(
                        choices=[
                            ("unfounded", "unfounded"),
                            ("customer", "the customer's"),
                            ("shared", "shared"),
                            ("company", "the company's"),
                        ],
                        max_length=20,
                        verbose_name="liability",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[("complaint", "complaint"), ("opinion", "opinion")],
                        max_length=20,
                        verbose_name="it is",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule for the final nature",
                "verbose_name_plural": "rules for the final nature",
                "ordering": ["verdict", "liability"],
                "constraints": [
                    models.UniqueConstraint(fields=("verdict", "liability"), name="a_conclusion_has_one_nature"),
                    models.CheckConstraint(
                        condition=models.Q(("nature__in", ["complaint", "opinion"])),
                        name="a_matter_turns_out_as_either",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=20, unique=True, verbose_name="reference")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("accepted", "accepted"),
                            ("returned", "returned"),
                            ("dispatched", "dispatched"),
                            ("handling", "handling"),
                            ("replying", "replying"),
                            ("replied", "replied"),
                            ("callback", "awaiting callback"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="accepted",
                        max_length=20,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("complaint", "complaint"),
                            ("opinion", "opinion"),
                            ("suggestion", "suggestion"),
                            ("enquiry", "enquiry"),
                        ],
                        default="complaint",
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("contact_number", models.CharField(blank=True, max_length=32, verbose_name="contact number")),
                (
                    "preferred_medium",
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
                        verbose_name="preferred way of reply",
                    ),
                ),
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
                        max_length=20,
                        verbose_name="medium",
                    ),
                ),
                (
                    "addressee",
                    models.CharField(
                        choices=[
                            ("centre", "this centre"),
                            ("provincial", "provincial company"),
                            ("head_office", "head office"),
                            ("consumer_body", "consumer body"),
                            ("regulator", "regulator"),
                            ("media", "media"),
                        ],
                        default="centre",
                        max_length=20,
                        verbose_name="addressee",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("provincial", "provincial level"), ("national", "national level")],
                        max_length=20,
                        verbose_name="level",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("urgent", "urgent"), ("important", "important"), ("ordinary", "ordinary")],
                        max_length=20,
                        verbose_name="urgency",
                    ),
                ),
                ("is_grave", models.BooleanField(default=False, verbose_name="grave")),
                ("record", models.JSONField(blank=True, default=dict, verbose_name="record")),
                (
                    "happened",
                    models.TextField(validators=[common.text.refuse_control_characters], verbose_name="what happened"),
                ),
                (
                    "wanted",
                    models.TextField(
                        blank=True,
                        validators=[common.text.refuse_control_characters],
                        verbose_name="what the customer wants",
                    ),
                ),
                ("recording", models.CharField(blank=True, max_length=120, verbose_name="recording reference")),
                (
                    "external_id",
                    models.CharField(blank=True, max_length=120, null=True, unique=True, verbose_name="external id"),
                ),
                ("duplicate_reason", models.CharField(blank=True, max_length=300, verbose_name="why another ticket")),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("accepted_at", models.DateTimeField(verbose_name="accepted")),
                ("submitted_at", models.DateTimeField(verbose_name="submitted")),
                ("dispatched_at", models.DateTimeField(blank=True, null=True, verbose_name="dispatched")),
                ("dispatches", models.PositiveSmallIntegerField(default=0, verbose_name="times dispatched")),
                ("transfers", models.PositiveSmallIntegerField(default=0, verbose_name="times transferred")),
                ("send_backs", models.PositiveSmallIntegerField(default=0, verbose_name="times sent back or returned")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed")),
                ("touched_at", models.DateTimeField(blank=True, null=True, verbose_name="last worked on")),
                ("fed_back_at", models.DateTimeField(blank=True, null=True, verbose_name="fed back")),
                ("rejections", models.PositiveSmallIntegerField(default=0, verbose_name="feedbacks rejected")),
                ("replying_since", models.DateTimeField(blank=True, null=True, verbose_name="reply begun")),
                ("open_approvals", models.PositiveSmallIntegerField(default=0, verbose_name="open approvals")),
                ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="replied")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepts", "accepts"),
                            ("does_not_accept", "does not accept"),
                            ("unknown", "unknown"),
                        ],
                        max_length=20,
                        verbose_name="the customer",
                    ),
                ),
                (
                    "liability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unfounded", "unfounded"),
                            ("customer", "the customer's"),
                            ("shared", "shared"),
                            ("company", "the company's"),
                        ],
                        max_length=20,
                        verbose_name="liability",
                    ),
                ),
                ("resolved_on_site_at", models.DateTimeField(blank=True, null=True, verbose_name="solved on the spot")),
                ("concluded_at", models.DateTimeField(blank=True, null=True, verbose_name="concluded")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled")),
                ("reopened_at", models.DateTimeField(blank=True, null=True, verbose_name="reopened")),
                ("held_since", models.DateTimeField(blank=True, null=True, verbose_name="held since")),
                ("held_until", models.DateTimeField(blank=True, null=True, verbose_name="held until")),
                ("chased", models.PositiveSmallIntegerField(default=0, verbose_name="chase-ups")),
                ("next_due_at", models.DateTimeField(blank=True, null=True, verbose_name="next due")),
                ("next_due_kind", models.CharField(blank=True, max_length=20, verbose_name="what is due next")),
                ("reply_due_at", models.DateTimeField(blank=True, null=True, verbose_name="reply due")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accepted_tickets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "accepting_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accepted_tickets",
                        to="accounts.unit",
                        verbose_name="accepted at",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="complaints.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "contact_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="customers.contactperson",
                        verbose_name="person complaining",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviewed_tickets",
                        to="accounts.unit",
                        verbose_name="dispatch desk",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handled_tickets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handler",
                    ),
                ),
                (
                    "last_handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last handler",
                    ),
                ),
                (
                    "last_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="last handling unit",
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_tickets",
                        to="accounts.unit",
                        verbose_name="lead unit",
                    ),
                ),
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ticket", to="contact.matter"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="complaints.ticket",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_tickets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="replied by",
                    ),
                ),
                (
                    "replier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets_to_reply",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who replies",
                    ),
                ),
                (
                    "replying_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="has begun a reply",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket",
                "verbose_name_plural": "tickets",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                ["accepted", "callback", "dispatched", "handling", "replied", "replying", "returned"],
                            )
                        ),
                        fields=["next_due_at", "raised_at", "id"],
                        name="live_by_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["dispatched", "handling"])),
                        fields=["lead_unit", "state", "next_due_at", "raised_at", "id"],
                        include=("dispatched_at",),
                        name="unit_queue_by_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "handling")),
                        fields=["handler", "next_due_at", "raised_at", "id"],
                        name="in_hand_by_due",
                    ),
                    models.Index(
                        condition=models.Q(("rejections__gt", 0), ("state", "handling")),
                        fields=["lead_unit"],
                        name="rejected_in_hand",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                ["accepted", "callback", "dispatched", "handling", "replied", "replying", "returned"],
                            )
                        ),
                        fields=["desk", "state", "next_due_at", "raised_at", "id"],
                        name="desk_by_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                ["accepted", "callback", "dispatched", "handling", "replied", "replying", "returned"],
                            )
                        ),
                        fields=["state", "next_due_at", "raised_at", "id"],
                        name="state_by_due",
                    ),
                    models.Index(fields=["desk", "state"], name="tickets_of_a_desk"),
                    models.Index(fields=["owner", "state"], name="tickets_of_an_owner"),
                    models.Index(fields=["customer", "-raised_at"], name="tickets_of_a_customer"),
                    models.Index(fields=["contact_number"], name="tickets_by_contact_number"),
                    models.Index(fields=["accepted_at"], name="tickets_by_accepted"),
                    models.Index(fields=["raised_at"], name="tickets_by_raised"),
                    models.Index(
                        condition=models.Q(
                            ("fed_back_at__isnull", True),
                            ("held_until__isnull", True),
                            ("state", "handling"),
                            ("touched_at__isnull", True),
                        ),
                        fields=["claimed_at"],
                        name="untouched_claims_to_give_back",
                    ),
                    models.Index(
                        condition=models.Q(("replying_since__isnull", False)),
                        fields=["replying_since"],
                        name="begun_replies_to_expire",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "accepted",
                                    "returned",
                                    "dispatched",
                                    "handling",
                                    "replying",
                                    "replied",
                                    "callback",
                                    "closed",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="a_ticket_is_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["urgent", "important", "ordinary"])),
                        name="a_ticket_has_a_known_urgency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["dispatched", "handling", "replying"]), _negated=True),
                            ("lead_unit__isnull", False),
                            _connector="OR",
                        ),
                        name="a_dispatched_ticket_has_a_lead_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "handling"), _negated=True), ("handler__isnull", False), _connector="OR"
                        ),
                        name="a_ticket_in_handling_has_a_handler",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_since__isnull", True), ("held_until__isnull", True)),
                            models.Q(("held_since__isnull", False), ("held_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_held_ticket_says_until_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed", "cancelled"]), _negated=True),
                            ("held_until__isnull", True),
                            _connector="OR",
                        ),
                        name="an_ended_ticket_is_not_held",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="a_closed_ticket_says_when",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ReplyAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
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
                ("text", models.TextField(blank=True, verbose_name="what was said")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("next_at", models.DateTimeField(null=True, verbose_name="next attempt planned")),
                (
                    "by",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply_attempts",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt at a reply",
                "verbose_name_plural": "attempts at replies",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
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
                        max_length=20,
                        verbose_name="medium",
                    ),
                ),
                ("text", models.TextField(verbose_name="what was said")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="progress", to="complaints.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "progress told to a customer",
                "verbose_name_plural": "progress told to customers",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["ticket", "at"], name="progress_of_a_ticket")],
            },
        ),
        migrations.CreateModel(
            name="InterimRemedy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("text", models.TextField(verbose_name="what was done at once")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interim_remedies",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "interim remedy",
                "verbose_name_plural": "interim remedies",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("customer", "the customer is awaited"),
                            ("partner", "a partner is awaited"),
                            ("parts", "parts or works are awaited"),
                            ("other", "another reason"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="explanation")),
                ("customer_consents", models.BooleanField(default=False, verbose_name="with the customer's consent")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="holds", to="complaints.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["ends_at"], name="holds_to_end"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("ticket",),
                        name="a_ticket_is_held_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="a_hold_ends_after_it_starts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("opened_at", models.DateTimeField(verbose_name="since")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reconciled", "reconciled"),
                            ("not_reconciled", "still does not accept"),
                            ("not_reached", "not reached"),
                        ],
                        max_length=20,
                        verbose_name="result",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="what was said")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done")),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="customer manager",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow_ups", to="complaints.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["manager", "due_at"],
                        name="open_follow_ups",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "round"), name="a_round_is_followed_up_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("result", "")),
                            models.Q(
                                ("done_at__isnull", False),
                                ("done_by__isnull", False),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_follow_up_that_is_done_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("handled_at", models.DateTimeField(verbose_name="when handled")),
                ("process", models.TextField(verbose_name="process")),
                ("cause", models.TextField(verbose_name="cause")),
                ("result", models.TextField(verbose_name="result")),
                ("person", models.CharField(max_length=120, verbose_name="person")),
                ("advice", models.TextField(verbose_name="advice for reply and callback")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("rejected_at", models.DateTimeField(null=True, verbose_name="rejected")),
                ("rejection", models.TextField(blank=True, verbose_name="why rejected")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rejected_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feedbacks", to="complaints.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "feedback",
                "verbose_name_plural": "feedbacks",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="what")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded")),
                ("origin", models.CharField(max_length=20, verbose_name="from where")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "accepted"),
                            ("returned", "returned"),
                            ("dispatched", "dispatched"),
                            ("handling", "handling"),
                            ("replying", "replying"),
                            ("replied", "replied"),
                            ("callback", "awaiting callback"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "accepted"),
                            ("returned", "returned"),
                            ("dispatched", "dispatched"),
                            ("handling", "handling"),
                            ("replying", "replying"),
                            ("replied", "replied"),
                            ("callback", "awaiting callback"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version of the ticket")),
                ("data", models.JSONField(default=dict, verbose_name="codes and references")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="complaints.note",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "history entry",
                "verbose_name_plural": "history entries",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["ticket", "id"], name="entries_of_a_ticket"),
                    models.Index(fields=["kind", "at"], name="entries_by_kind_and_time"),
                    models.Index(
                        condition=models.Q(("by__isnull", False)), fields=["by", "ticket"], name="entries_by_person"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("note__isnull", False)),
                        fields=("note",),
                        name="a_note_belongs_to_one_entry",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("accepts", "accepts"),
                            ("does_not_accept", "does not accept"),
                            ("unknown", "unknown"),
                        ],
                        max_length=20,
                        verbose_name="the customer",
                    ),
                ),
                (
                    "liability",
                    models.CharField(
                        choices=[
                            ("unfounded", "unfounded"),
                            ("customer", "the customer's"),
                            ("shared", "shared"),
                            ("company", "the company's"),
                        ],
                        max_length=20,
                        verbose_name="liability",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("complaint", "complaint"),
                            ("opinion", "opinion"),
                            ("suggestion", "suggestion"),
                            ("enquiry", "enquiry"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("remedy", models.TextField(blank=True, verbose_name="remedy given")),
                ("is_repeat", models.BooleanField(default=False, verbose_name="repeat complaint")),
                ("on_site", models.BooleanField(default=False, verbose_name="solved in the first contact")),
                ("established", models.BooleanField(default=True, verbose_name="established")),
                ("solved", models.BooleanField(default=True, verbose_name="with a solution")),
                ("unreachable", models.BooleanField(default=False, verbose_name="customer unreachable")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.causecode",
                    ),
                ),
                (
                    "confirmed_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="conclusions", to="complaints.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "conclusion",
                "verbose_name_plural": "conclusions",
                "ordering": ["round", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("verdict", "does_not_accept")),
                        fields=["at"],
                        name="conclusions_not_accepted",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "round"), name="a_round_is_concluded_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", True), ("confirmed_by__isnull", False), _connector="OR"
                        ),
                        name="a_confirmed_conclusion_names_its_supervisor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChaseUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="which one")),
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
                ("text", models.TextField(blank=True, verbose_name="what was said")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
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
                    "by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="chase_ups", to="complaints.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "chase-up",
                "verbose_name_plural": "chase-ups",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "number"), name="chase_ups_are_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Assistance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("direct", "asked by the front line"), ("related", "asked by the lead unit")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("question", models.TextField(blank=True, verbose_name="question")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended without an answer")),
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
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assistances", to="accounts.unit"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assistances", to="complaints.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "assistance",
                "verbose_name_plural": "assistances",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True), ("ended_at__isnull", True)),
                        fields=["unit", "ticket"],
                        name="open_assistances_of_a_unit",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True), ("ended_at__isnull", True)),
                        fields=("ticket", "unit"),
                        name="a_unit_is_asked_once_at_a_time",
                    )
                ],
            },
        ),
    ]
