"""The calendar of 2025 and 2026, and local times, for the tests of the working clock."""

import csv
from datetime import date, datetime
from pathlib import Path

import dispatch
from dispatch.calendar import Calendar

HOLIDAYS = Path(dispatch.__file__).parent / "data" / "cn_holidays.csv"
with HOLIDAYS.open(encoding="utf-8", newline="") as file:
    EXCEPTIONS = {
        date.fromisoformat(row["date"]): row["type"] == "workday" for row in csv.DictReader(file)
    }
CALENDAR = Calendar(EXCEPTIONS)


def local(text):
    """A time of Asia/Shanghai, as `2026-03-03T09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone)
