"""How long a term lasts: the working days of the rules, and none of the days on which the system was down (321/2020:9)."""

from __future__ import annotations

from datetime import date, timedelta

from qor.law.calendar import is_working_day
from qor.law.machines import due_on
from qor.workflow.disputes.models import Outage


def lost_days() -> tuple[date, ...]:
    """The working days on which the system was down, by all outages declared so far; each once, in order. Source: 321/2020:9."""
    held = Outage.objects.values_list("first_day", "last_day")
    days = {first + timedelta(days=n) for first, last in held for n in range((last - first).days + 1)}
    return tuple(sorted(day for day in days if is_working_day(day)))


def term(route: str, name: str, entered_on: date, lost: tuple[date, ...]) -> tuple[date | None, int]:
    """The last day of a state's term (None without one) and by how many working days outages made it longer; longer, it may reach the next outage."""
    longer = 0
    while True:
        due = due_on(route, name, entered_on, longer)
        within = 0 if due is None else sum(entered_on < day <= due for day in lost)
        if within == longer:
            return due, longer
        longer = within
