from calendars.models.calendars import EVERY_DAY, WORKING_DAYS, Calendar, Override, UnitHours
from calendars.models.official_days import OfficialDay

__all__ = ["EVERY_DAY", "WORKING_DAYS", "Calendar", "OfficialDay", "Override", "UnitHours"]
