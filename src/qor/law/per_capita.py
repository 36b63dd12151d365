"""Sums paid per capita: norm x people x coefficients, whatever the volume of services (291/2020, clauses 39, 47, 47-1, 48)."""

from __future__ import annotations

from decimal import Decimal

from qor.law.figures import figure
from qor.law.money import round_tenge
from qor.law.months import Month
from qor.law.refusals import BadValue


def per_capita_sum(norm: Decimal, people: int, coefficient: Decimal = Decimal(1)) -> Decimal:
    """A month's sum in tenge, half-up to 0.01: attached people, registered patients or pupils x the norm of one.

    Sources: 291/2020:39, 291/2020:42, 291/2020:47, 291/2020:48.
    """
    if people < 0:
        raise BadValue(field="people", value=people)
    return round_tenge(norm * people * coefficient)


def without_contributions(norm: Decimal, people: int, month: Month, coefficient: Decimal = Decimal(1)) -> Decimal:
    """A month's sum for attached people for whom no contributions were paid: their share of the norm. Sources: 291/2020:47-1."""
    return per_capita_sum(norm, people, coefficient * figure("unpaid_contributions_share", month.last).value / 100)


def december_recalculation(norms: list[Decimal], people: int, year: int) -> Decimal:
    """What December takes back for attached people whom their provider never served in the year: the rest of the norm, for each month paid.

    `norms` are the norms, coefficients included, of the months in which they were attached. Sources: 291/2020:47-1.
    """
    share = 1 - figure("never_served_share", Month(year, 12).last).value / 100
    return round_tenge(sum(norms, Decimal(0)) * people * share)
