"""The day in Kazakhstan on which a file is handed in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from qor.law.reading.figures import figure


def civil_day(at: datetime) -> date:
    """The day in Kazakhstan at a moment; a moment without an offset is civil time already."""
    if at.tzinfo is None:
        return at.date()
    in_utc = at.astimezone(UTC)
    return (in_utc + timedelta(hours=figure("civil_time_offset", in_utc.date()).whole)).date()
