"""Log lines: one JSON object each, so that nothing a stranger typed can begin a new line."""

import json
import logging
from datetime import UTC, datetime


class JsonLine(logging.Formatter):
    """Write a record as one line of JSON; line breaks and control characters in any part come out escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`, its moment in UTC."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)
