"""A line of the log: one JSON object, with the number of the request it belongs to."""

import json
import logging
import re
from datetime import UTC, datetime

from unions.kit.tracing import trace

# JSON escapes what lies below a blank. Terminals and viewers also obey these: they stay readable, not effective.
_ACTIVE = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

# A ballot's link is the right to cast it.
_LINK = re.compile(r"(/b/)[\w-]{32}")


def _escaped(match: re.Match) -> str:
    return f"\\u{ord(match.group()):04x}"


class JsonLine(logging.Formatter):
    """Whatever a name, an address or an exception contains, one record is one line and no line can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": trace().request_id,
            "message": _LINK.sub(r"\1…", record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _ACTIVE.sub(_escaped, json.dumps(line, ensure_ascii=False))
