"""When unconfirmed cases become a matter for others: totals against multiples of the monthly
calculation index (321/2020, clauses 19-20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qor.law.nouns.money import round_tenge
from qor.law.nouns.months import Month
from qor.law.reading.calendar import term_end
from qor.law.reading.figures import figure

_TWICE = 2


@dataclass(frozen=True, slots=True)
class Alarm:
    """A threshold that was passed: which (`month`, `contract`, `termination`), the total and the
    threshold in tenge, and by when who must act."""

    what: str
    total: Decimal
    threshold: Decimal
    due_on: date | None


def month_threshold(month: Month) -> Decimal:
    """Tenge above which a month's unconfirmed cases go to law enforcement: the index of that
    month's year. Sources: 321/2020:19."""
    return figure("unconfirmed_month_threshold", month.last).value * figure("mci", month.last).value


def contract_threshold(last: Month) -> Decimal:
    """The same over the term of a contract, by the index of the last conclusion's year. Sources:
    321/2020:20."""
    return (
        figure("unconfirmed_contract_threshold", last.last).value * figure("mci", last.last).value
    )


def alarms(months: dict[Month, tuple[Decimal, date]], sole_provider: bool) -> list[Alarm]:
    """What follows from a contract's unconfirmed cases: (what they count, day of the conclusion) by
    month.

    Strictly above a threshold; the caller counts the cost of the services or the deductions
    (interpretation unconfirmed_total). Two months above are a ground for early termination, unless
    the provider is the only one in its district. Sources: 321/2020:19, 321/2020:20.
    """
    raised, passed = [], []
    for month, (total, concluded_on) in sorted(months.items()):
        if total > month_threshold(month):
            passed.append(month)
            raised.append(
                Alarm("month", total, month_threshold(month), _law_enforcement_by(concluded_on))
            )
    if months:
        last = max(months)
        whole = sum((total for total, _ in months.values()), Decimal(0))
        if whole > contract_threshold(last):
            raised.append(
                Alarm(
                    "contract",
                    whole,
                    contract_threshold(last),
                    _law_enforcement_by(months[last][1]),
                )
            )
    if len(passed) >= _TWICE and not sole_provider:
        raised.append(
            Alarm("termination", months[passed[-1]][0], month_threshold(passed[-1]), None)
        )
    return raised


def no_licence_penalty(contract_sum: Decimal, on: date) -> Decimal:
    """The penalty for work without a licence: its share of the contract's sum, in tenge. Sources:
    321/2020:10."""
    return round_tenge(contract_sum * figure("no_licence_penalty", on).value / 100)


def _law_enforcement_by(concluded_on: date) -> date:
    return term_end(concluded_on, figure("law_enforcement_term", concluded_on).whole)
