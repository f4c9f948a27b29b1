"""A report: what any door hands in, before it is an event."""

import hashlib
import json
import re
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

# Control characters that no text needs and PostgreSQL or a terminal would choke on; tab and newline
# stay. Bidirectional overrides go too: they let a text show other than it reads.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def clean(text):
    """`text` with newlines as \\n, without control characters and outer blanks."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


# Who reports is not what is reported: a person who changes office may send the same again.
WHO = {"source", "reporter_id", "reporter_name", "reporter_department"}


@dataclass(frozen=True)
class Report:
    """One report. `location` is {lon, lat, crs, accuracy_m} as it came, in its own system.

    `category` is a qualified code (`scheme.code`) or empty; `condition` one of its conditions of
    filing (立案条件) or empty; `priority` P1…P4 or empty.
    """

    source: str
    text: str = ""
    category: str = ""
    condition: str = ""
    priority: str = ""
    location: dict | None = None
    address: str = ""
    occurred_at: datetime | None = None
    client_id: uuid.UUID | None = None
    external_id: str = ""
    reporter_id: int | None = None
    reporter_name: str = ""
    reporter_department: str = ""
    reporter_phone: str = ""
    attachments: tuple = ()

    @property
    def digest(self):
        """SHA-256 of the content: the same report sent again has the same digest."""
        content = {name: value for name, value in asdict(self).items() if name not in WHO}
        if not self.condition:
            # As it was before reports had one.
            del content["condition"]
        text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
