"""What an outage of the system does to terms: they grow by the working days lost, whatever the day
the clock ran or the letter came (321/2020:9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from qor.law.reading.calendar import counted_from, is_working_day, term_end
from qor.law.reading.interpretations import interpretation

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the Fund: the working days on which the system was down, and the day on which the
    letter came."""

    days: frozenset[date]
    came_on: date


@dataclass(frozen=True, slots=True)
class Term:
    """A term with its outages: the last day on which one is in time, and how many working days
    outages added."""

    due_on: date
    extended_days: int


def lost_working_days(
    first: date, last: date, starts: time | None = None, ends: time | None = None
) -> frozenset[date]:
    """The working days of an outage from a day (and hour) to a day (and hour), both included.

    No hour means the whole day. A part of a day counts as one or not at all (interpretation
    outage_part_of_a_day). Sources: 321/2020:9.
    """
    days = {first + n * _DAY for n in range((last - first).days + 1)}
    if interpretation("outage_part_of_a_day").choice == "does_not_count":
        days -= {first} if starts is not None and starts > time.min else set()
        days -= {last} if ends is not None else set()
    return frozenset(day for day in days if is_working_day(day))


def term_with_outages(
    entered_on: date, working_days: int, letters: Iterable[Letter], *, shut: bool
) -> Term:
    """The end of a term that was entered on a day, by all letters that came so far; a function of
    them alone.

    `shut`: once over, nobody may act in it any more (a provider's term). Then a letter that comes
    after the end gives the lost days after itself: the days between count for nobody
    (interpretation late_outage_letter), so that the provider always has the whole term. Sources:
    321/2020:9, 321/2020:27.
    """
    lost: set[date] = set()
    closed: set[date] = set()
    due = term_end(entered_on, working_days)
    for letter in sorted(letters, key=lambda letter: letter.came_on):
        new = {day for day in letter.days - lost - closed if counted_from(entered_on) <= day <= due}
        if new and shut and letter.came_on > due and _given_after_the_letter():
            closed |= {due + n * _DAY for n in range(1, (letter.came_on - due).days + 1)}
        lost |= letter.days
        due = _end_without(entered_on, working_days, lost | closed)
    return Term(due, sum(counted_from(entered_on) <= day <= due for day in lost))


def _given_after_the_letter() -> bool:
    return interpretation("late_outage_letter").choice == "days_from_the_letter"


def _end_without(entered_on: date, working_days: int, missing: set[date]) -> date:
    """The end of a term in which some days do not count; longer, it may reach the next missing
    day."""
    days = {day for day in missing if is_working_day(day)}
    longer = 0
    while True:
        due = term_end(entered_on, working_days + longer)
        within = sum(counted_from(entered_on) <= day <= due for day in days)
        if within == longer:
            return due
        longer = within
