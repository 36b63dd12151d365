"""The one place where Qor reads the clock; everything below takes day and moment as arguments."""

from __future__ import annotations

from datetime import date, datetime


def now() -> datetime:
    """This moment, with its offset, to the second."""
    return datetime.now().astimezone().replace(microsecond=0)


def today() -> date:
    """The day in the machine's civil time."""
    return now().date()
