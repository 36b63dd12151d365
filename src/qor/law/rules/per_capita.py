"""Sums paid per capita: norm x people x coefficients, whatever the volume of services (291/2020,
clauses 39, 43, 45, 47, 47-1, 48)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from qor.law.nouns.money import round_tenge
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import BadValue
from qor.law.reading.figures import figure
from qor.law.reading.interpretations import interpretation


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """A month that was paid for people never served in the year: norm of one (tenge, coefficients
    included), how many, and the share of the norm paid.

    `contributions`: whether contributions were paid for them. A month that was not paid has a share
    of nothing.
    """

    norm: Decimal
    people: int
    share: Fraction
    contributions: bool = True


def per_capita_sum(norm: Decimal, people: int, coefficient: Decimal = Decimal(1)) -> Decimal:
    """A month's sum in tenge, half-up to 0.01: attached or computed people, registered patients or
    pupils x the norm of one.

    Sources: 291/2020:39, 291/2020:42, 291/2020:43, 291/2020:45, 291/2020:47, 291/2020:48.
    """
    if people < 0:
        raise BadValue(field="people", value=people)
    return round_tenge(norm * people * coefficient)


def without_contributions(
    norm: Decimal, people: int, month: Month, coefficient: Decimal = Decimal(1)
) -> Decimal:
    """A month's sum for attached people for whom no contributions were paid: their share of the
    norm. Sources: 291/2020:47-1."""
    return per_capita_sum(
        norm, people, coefficient * figure("unpaid_contributions_share", month.last).value / 100
    )


def december_recalculation(norms: list[Decimal], people: int, year: int) -> Decimal:
    """What December takes back for attached people never served in the year, whose months were paid
    whole: `norms` are those of the months paid.

    Coefficients included, in tenge. Sources: 291/2020:47-1.
    """
    return brought_to_eighty([PaidMonth(norm, people, Fraction(1)) for norm in norms], year)


def brought_to_eighty(months: list[PaidMonth], year: int) -> Decimal:
    """What December takes back for attached people whom their provider never served in the year, in
    tenge, rounded once.

    Each month that was paid is brought to 80 % of its norm: twenty per cent come back of a month
    paid whole, ten of one paid at ninety (interpretation never_served_without_contributions),
    nothing of one that was not paid. Sources: 291/2020:47-1.
    """
    last = Month(year, 12).last
    floor = Fraction(figure("never_served_share", last).value) / 100
    lowered = Fraction(figure("unpaid_contributions_share", last).value) / 100
    of_ninety = interpretation("never_served_without_contributions").choice == "eighty_of_ninety"
    exact = Fraction(0)
    for month in months:
        stays = floor * lowered if of_ninety and not month.contributions else floor
        exact += Fraction(month.norm) * month.people * max(month.share - stays, Fraction(0))
    return round_tenge(Decimal(exact.numerator) / Decimal(exact.denominator))
