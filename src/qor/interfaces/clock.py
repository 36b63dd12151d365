"""The one place where Qor reads the clock; everything below takes day and moment as arguments."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path

from qor.law.rules.civil_time import civil_day


def now() -> datetime:
    """This moment, with its offset, to the second; in a demo, as far ahead as its clock was moved
    (QOR_DEMO_CLOCK names the file of days)."""
    return datetime.now().astimezone().replace(microsecond=0) + _ahead()


def today() -> date:
    """The calendar day in Kazakhstan, whatever zone the machine keeps."""
    return civil_day(now())


def _ahead() -> timedelta:
    file = os.environ.get("QOR_DEMO_CLOCK", "")
    if not file or not Path(file).exists():
        return timedelta(0)
    return timedelta(days=int(Path(file).read_text("utf-8").strip() or 0))


def machine_seconds() -> int:
    """The machine's own seconds since 1970, which no demo moves: for limits by the minute and idle
    sessions."""
    return int(datetime.now().timestamp())
