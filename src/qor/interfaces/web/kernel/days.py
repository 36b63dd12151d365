"""Days and hours as forms send them."""

from __future__ import annotations

from datetime import date, time

from qor.law.nouns.refusals import BadValue


def a_date(text: str) -> date:
    """A day from a form. BadValue for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(field="date", value=text) from None


def an_hour(text: str) -> time | None:
    """An hour of the day from a form; none where the field is empty."""
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise BadValue(field="time", value=text) from None
