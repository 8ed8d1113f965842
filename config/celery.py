"""The Celery application and its timetable."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Every periodic task of the whole desk stands here. Intervals are in seconds; daily work is a crontab in UTC.
# What a busy worker has not begun soon is not worth beginning: the next turn finds the same work.
TIMETABLE: dict[str, dict[str, Any]] = {
    "call what is due": {"task": "sla.tasks.sweep", "schedule": 1.0, "options": {"expires": 5}},
    "decide running clocks anew": {"task": "sla.tasks.recompute", "schedule": 2.0, "options": {"expires": 5}},
    "end holds and give back claims": {"task": "complaints.tasks.tidy", "schedule": 5.0, "options": {"expires": 5}},
    "end surveys that nobody answered": {"task": "callbacks.tasks.sweep", "schedule": 60.0, "options": {"expires": 30}},
    "warn of appeals": {"task": "authorities.tasks.sweep", "schedule": 3600.0, "options": {"expires": 600}},
    "forget files without a ticket": {"task": "attachments.tasks.tidy", "schedule": 3600.0},
    "send codes that were asked for": {
        "task": "selfservice.tasks.send_codes",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "forget sessions that are over": {"task": "accounts.tasks.forget_sessions", "schedule": 3600.0},
    "forget old requests": {"task": "selfservice.tasks.tidy", "schedule": 3600.0},
    # Ten past midnight in Shanghai: months begin there.
    "count the flags of customers": {"task": "complaints.tasks.recount_flags", "schedule": crontab(hour=16, minute=10)},
    "raise escalations": {"task": "escalation.tasks.sweep", "schedule": 1.0, "options": {"expires": 5}},
    "look for what is due and was not fired": {
        "task": "pulse.tasks.reconcile",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "count boards": {"task": "desk.tasks.count_boards", "schedule": 1.0, "options": {"expires": 1}},
    "make exports": {"task": "desk.tasks.make_exports", "schedule": 10.0, "options": {"expires": 10}},
    "deliver messages": {
        "task": "notifications.tasks.deliver_messages",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
}

app = Celery("complaint_desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = TIMETABLE
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Leave logging as the settings made it: Celery configures its own unless somebody answers this signal."""
