"""Log lines: one JSON object each, so that nothing a stranger typed can begin a new line."""

import json
import logging
import re
from datetime import UTC, datetime

# The token of a survey's link opens it, and addresses stand in many a line.
_TOKEN = re.compile(r"(/s/|/status/)[^\s\"'<>?#]+")


class JsonLine(logging.Formatter):
    """Write a record as one line of JSON; line breaks and control characters in any part come out escaped.

    One-time links lose their token.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`, its moment in UTC."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": _without_tokens(record.getMessage()),
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["traceback"] = _without_tokens(self.formatException(record.exc_info))
        return json.dumps(line, default=str)


def _without_tokens(text: str) -> str:
    return _TOKEN.sub(r"\1…", text)
