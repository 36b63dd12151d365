"""Defects found after a service was paid: how the money comes back, by when, and by when the
provider is told (321/2020, clauses 53, 53-1, 53-2)."""

from __future__ import annotations

import calendar
from datetime import date
from enum import StrEnum

from qor.law.nouns.refusals import NoEditionOnDate, UnknownClause
from qor.law.reading.defects import ACT
from qor.law.reading.figures import figure
from qor.law.reading.interpretations import interpretation
from qor.law.reading.regulations import clauses_on


class WayBack(StrEnum):
    """Netted from current payments, or returned by the provider within its term."""

    NET = "net"
    RETURN = "return"


def way_back(found_on: date, paid_on: date | None) -> WayBack:
    """How what a decision takes comes back: `paid_on` is the day on which the service was paid in
    full, None if it is not.

    A finding made before the payment lessens it, whenever it is decided (321/2020:27, 35, 38, 44,
    47). One made after the payment is returned, and no current payment is lessened, since clause
    53-2 is in force on the day of the finding; before that it is netted (interpretation
    after_payment).
    Sources: 321/2020:53, 321/2020:53-1, 321/2020:53-2, 291/2020:19.
    """
    if paid_on is None or found_on <= paid_on or not _returns_in_force(found_on):
        return WayBack.NET
    return WayBack(interpretation("after_payment").choice)


def return_by(found_on: date) -> date:
    """The last day on which the provider returns the money: six calendar months from the finding.
    Sources: 321/2020:53-1."""
    return months_later(found_on, figure("refund_term", found_on).whole)


def tell_by(found_on: date) -> date:
    """The last day on which the provider is told: one calendar month from the finding; missed,
    nothing is decided. Sources: 321/2020:53."""
    return months_later(found_on, figure("hidden_defect_notice_term", found_on).whole)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day: 31 January and one month is 28
    February."""
    year, zero_based = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, zero_based + 1)[1]
    return date(year, zero_based + 1, min(day.day, last))


def _returns_in_force(on: date) -> bool:
    """Whether the edition of a day has the duty to return beside current payments; of older
    editions than the held ones nothing is known."""
    try:
        return bool(clauses_on(ACT, "53-2", on))
    except (UnknownClause, NoEditionOnDate):
        return False
