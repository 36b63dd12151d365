"""Working days of Kazakhstan, from a dated table with its acts (law 267-II; Labour Code, articles
84-85)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from qor.law.nouns.citations import Citation
from qor.law.nouns.refusals import BadValue, CalendarMissing
from qor.law.pages import page
from qor.law.reading.interpretations import interpretation

CITES = (Citation("267-II", "3-4"), Citation("414-V", "84-85"))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term of working days: when it started, how long it is, the last day on which the act is
    still in time, and the days that it crosses on which sources differ.
    """

    started_on: date
    working_days: int
    due_on: date
    cites: tuple[Citation, ...]
    in_doubt: tuple[date, ...] = ()


@cache
def _table() -> dict[int, tuple[frozenset[date], frozenset[date]]]:
    years = page("qor.law.kz.calendar", "kazakhstan.yaml")["years"]
    return {
        year: (
            frozenset(off["day"] for off in facts["days_off"]),
            frozenset(facts["worked_weekends"]),
        )
        for year, facts in years.items()
    }


def known_years() -> range:
    """The years that the calendar covers, without gaps."""
    years = sorted(_table())
    return range(years[0], years[-1] + 1)


def is_working_day(day: date) -> bool:
    """Whether the five-day week works on that day. CalendarMissing for a year that the table does
    not hold."""
    if day.year not in _table():
        raise CalendarMissing(year=day.year, cites=CITES)
    days_off, worked_weekends = _table()[day.year]
    return day in worked_weekends or (day.weekday() < 5 and day not in days_off)


def add_working_days(start: date, working_days: int) -> date:
    """The n-th working day after `start`, which itself is not counted.

    Zero working days is the day itself. BadValue if negative; CalendarMissing past the table's end.
    """
    if working_days < 0:
        raise BadValue(field="working_days", value=working_days)
    day = start
    for _ in range(working_days):
        day += _DAY
        while not is_working_day(day):
            day += _DAY
    return day


def term_end(event_on: date, working_days: int) -> date:
    """The last day of a term of so many working days from an event.

    By interpretation term_start the first day counted is the next working day, or the day of the
    event itself if that is worked.
    Sources: 321/2020:26, 321/2020:30.
    """
    counts = working_days > 0 and counted_from(event_on) == event_on and is_working_day(event_on)
    return add_working_days(event_on, working_days - 1 if counts else working_days)


def counted_from(event_on: date) -> date:
    """The first calendar day that a term may count: the day after the event, or its own
    (interpretation term_start). Sources: 321/2020:26."""
    return event_on if interpretation("term_start").choice == "day_of_event" else event_on + _DAY


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end` (0 when end is not after
    start)."""
    days = (start + _DAY * n for n in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))


def deadline(start: date, working_days: int, cites: tuple[Citation, ...] = CITES) -> Deadline:
    """The deadline of a term of so many working days from `start` (e.g. 321/2020:26: five from
    detection)."""
    is_working_day(start)
    due_on = term_end(start, working_days)
    return Deadline(start, working_days, due_on, cites, days_in_doubt(start, due_on))


def days_in_doubt(start: date, end: date) -> tuple[date, ...]:
    """The days after `start` up to and including `end` of which sources differ whether they are
    days off, in order. Sources: 267-II:3-4."""
    years = page("qor.law.kz.calendar", "kazakhstan.yaml")["years"]
    listed = (doubt["day"] for year in years.values() for doubt in year.get("in_doubt", ()))
    return tuple(sorted(day for day in listed if start < day <= end))
