"""Where the parts meet: settings, addresses, the timetable, and who follows whom."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
