"""Kazakhstan's civil time: the calendar day of a moment, whatever zone the machine keeps or its
tables of zones know."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

from qor.law.reading.figures import history


def civil_time(at: datetime) -> datetime:
    """The same moment by the clock of Kazakhstan: the Almaty zone until the end of February 2024,
    the single zone after.

    ValueError for a moment without an offset. Sources: figure civil_time_offset.
    """
    if at.tzinfo is None:
        raise ValueError("a moment without an offset has no civil day")
    offset = [hours for since, hours in _switches() if since <= at][-1]
    return at.astimezone(timezone(timedelta(hours=offset)))


def civil_day(at: datetime) -> date:
    """The calendar day in Kazakhstan at a moment: a term ends with the end of that day
    (321/2020:26). Sources: figure civil_time_offset."""
    return civil_time(at).date()


@cache
def _switches() -> tuple[tuple[datetime, int], ...]:
    """From which moment which offset holds, in hours; a new one begins at midnight of the old one's
    clock."""
    values = history("civil_time_offset")
    first = (datetime.min.replace(tzinfo=UTC), values[0].whole)
    later = (
        (datetime.combine(new.valid_from, time.min, UTC) - timedelta(hours=old.whole), new.whole)
        for old, new in itertools.pairwise(values)
    )
    return first, *later
