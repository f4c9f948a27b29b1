"""Log lines as JSON objects, each with the request it belongs to."""

import json
import logging
from datetime import UTC, datetime

from config.middleware import REQUEST_ID


class RequestId(logging.Filter):
    """Adds the current request's id to a record."""

    def filter(self, record):
        record.request_id = REQUEST_ID.get()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line; `extra={"fields": {...}}` becomes members of it."""

    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **({"request": record.request_id} if getattr(record, "request_id", "") else {}),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
