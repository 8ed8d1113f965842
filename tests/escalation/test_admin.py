"""Ladders are data: changed in the admin, every change recorded (section 10, 15)."""

import pytest
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.urls import reverse

from escalation.models import EscalationRules, Ladder, Step
from notifications import outbox
from notifications.kinds import Kind, Stage
from notifications.models import Message
from tests.escalation.playing import play
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    """A browser in which an administrator is signed in."""
    client.force_login(get_user_model().objects.create_superuser("root", password="x"))
    return client


def posted(ladder: Ladder, **changed: object) -> dict[str, object]:
    """What the ladder's form sends, with one step's fields changed."""
    steps = list(ladder.steps.all())
    data: dict[str, object] = {
        field: getattr(ladder, field)
        for field in ("code", "name_zh", "name_en", "trigger", "clock_kind", "pace", "policy_code")
    } | {
        "is_active": "on",
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": len(steps),
    }
    for number, step in enumerate(steps):
        for field in (
            "order",
            "when",
            "delay_minutes",
            "delay_counts",
            "who",
            "role",
            "start",
            "level",
            "what",
            "severity",
            "channels",
        ):
            data[f"steps-{number}-{field}"] = getattr(step, field)
        data |= {f"steps-{number}-id": step.pk, f"steps-{number}-ladder": ladder.pk, f"steps-{number}-is_active": "on"}
    return data | changed


def test_an_administrator_changes_a_step_and_it_is_recorded(office):
    ladder = Ladder.objects.get(code="dispatch")
    url = reverse("admin:escalation_ladder_change", args=[ladder.pk])

    answer = office.post(url, posted(ladder, **{"steps-2-delay_minutes": 25, "steps-2-channels": ["in_app", "sms"]}))

    assert answer.status_code == 302, answer.context["errors"]
    step = Step.objects.get(ladder=ladder, order=3)
    assert (step.delay_minutes, step.channels) == (25, ["in_app", "sms"])
    recorded = LogEntry.objects.get_for_object(step).first()
    assert recorded.changes["delay_minutes"] == ["15", "25"]


def test_a_step_that_makes_no_sense_comes_back_with_what_is_wrong(office):
    ladder = Ladder.objects.get(code="dispatch")
    url = reverse("admin:escalation_ladder_change", args=[ladder.pk])

    answer = office.post(url, posted(ladder, **{"steps-2-delay_minutes": 0}))

    assert "Say how long after the previous step." in answer.content.decode()
    assert Step.objects.get(ladder=ladder, order=3).delay_minutes == 15


def test_the_rules_are_one_row(office):
    answer = office.get(reverse("admin:escalation_escalationrules_changelist"), follow=True)

    assert answer.status_code == 200
    assert EscalationRules.objects.get().reminder_minutes == [10, 20, 40]


def test_escalations_and_messages_are_read_and_not_written(office):
    a_ticket(at=MONDAY_NINE)
    play(MONDAY_TEN)

    for name in ("escalation_escalation", "notifications_message"):
        assert office.get(reverse(f"admin:{name}_changelist")).status_code == 200
        assert office.get(reverse(f"admin:{name}_add")).status_code == 403
    message = Message.objects.first()
    assert message is not None
    assert office.get(reverse("admin:notifications_message_change", args=[message.pk])).status_code == 200


def test_a_failed_message_is_tried_again_from_the_admin(office, lin):
    outbox.put(Kind.REASSIGNED, key="deed:1", to=lin, channels=["email"], context={}, at=MONDAY_NINE)
    message = Message.objects.get()
    message.state, message.next_try_at, message.error = Stage.FAILED, None, "no answer"
    message.save()

    office.post(
        reverse("admin:notifications_message_changelist"),
        {"action": "try_again", "_selected_action": [message.pk]},
    )

    assert Message.objects.get().state == Stage.WAITING
