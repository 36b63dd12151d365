"""The reporting month: a calendar month, to which a service belongs by the day it was completed
(291/2020:16)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from qor.law.nouns.refusals import BadValue

_EARLIEST, _LATEST = 1900, 2999
_FORM = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written 2026-02; the period of payment (291/2020:5)."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.shift(1).first - timedelta(days=1)

    def shift(self, months: int) -> Month:
        """The month so many months later (or earlier, if negative)."""
        year, zero_based = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, zero_based + 1)


def year_upto(month: Month) -> list[Month]:
    """The months of a year from January to this one."""
    return [Month(month.year, number) for number in range(1, month.number + 1)]


def month(text: str) -> Month:
    """Read `2026-02`. BadValue otherwise."""
    parts = _FORM.match(text)
    if not parts or not _EARLIEST <= int(parts[1]) <= _LATEST:
        raise BadValue(field="month", value=text)
    return Month(int(parts[1]), int(parts[2]))


def month_of(day: date) -> Month:
    """The month that a day lies in: a service belongs to that of its end (291/2020:16)."""
    return Month(day.year, day.month)
