"""Advances: how much at most, who gets none, and how they are kept back (291/2020, clauses
8-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from qor.law.nouns.money import TIYN
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal
from qor.law.reading.figures import figure

_LAST_MONTH = 11
_NOTHING = Decimal(0)


class AdvanceKind(StrEnum):
    """What an advance is for: the year's contract, December's services, marrow transplants with a
    donor from abroad."""

    GENERAL = "general"
    DECEMBER = "december"
    MARROW = "marrow"


class AdvanceTooLarge(Refusal):
    """An advance above the share that the rules allow."""

    key = "advance_too_large"


class NoAdvance(Refusal):
    """This provider gets no advance: a short contract, a debt to the Fund, or a first contract."""

    key = "no_advance"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides if a provider may have an advance: months of the contract, whether it owes the
    Fund, had contracts before, or is excepted (291/2020:11)."""

    contract_months: int
    owes: bool
    had_contracts: bool
    excepted: bool = False


_SHARES = {
    AdvanceKind.GENERAL: "advance_share",
    AdvanceKind.DECEMBER: "december_advance_share",
    AdvanceKind.MARROW: "marrow_advance_share",
}


def most_advance(kind: AdvanceKind, base: Decimal, left: Decimal, in_month: Month) -> Decimal:
    """The most tenge of an advance, down to a tiyn: a share of `base` (the contract's sum, or
    December's plan), and for December at most what is left.

    `left` is the rest of the contract less what is still to be kept in December. Sources:
    291/2020:8.
    """
    share = figure(_SHARES[kind], in_month.first).value / 100
    most = (base * share).quantize(TIYN, rounding=ROUND_DOWN)
    return max(min(most, left), _NOTHING) if kind is AdvanceKind.DECEMBER else most


def may_have_advance(standing: Standing, in_month: Month) -> bool:
    """Whether the provider may have an advance at all. Sources: 291/2020:11."""
    if standing.excepted:
        return True
    long = standing.contract_months > figure("advance_least_months", in_month.first).whole
    return long and not standing.owes and standing.had_contracts


def due_in(kind: AdvanceKind, amount: Decimal, first: Month, month: Month) -> Decimal:
    """How much of an advance falls due for keeping in a month: even parts from the first month to
    November; December's in December.

    The parts sum to the advance exactly. Sources: 291/2020:9.
    """
    if kind is AdvanceKind.DECEMBER:
        return amount if (month.year, month.number) == (first.year, _LAST_MONTH + 1) else _NOTHING
    months = max(_LAST_MONTH - first.number + 1, 1)
    n = (month.year - first.year) * 12 + month.number - first.number
    return _upto(amount, months, n + 1) - _upto(amount, months, n) if 0 <= n < months else _NOTHING


def kept(due: Decimal, carried: Decimal, accepted: Decimal) -> Decimal:
    """What an act keeps of the advances: due now and carried over, at most what it accepts; the
    rest is carried on. Sources: 291/2020:10."""
    return min(due + carried, accepted)


def keep_advances(
    advances: Sequence[tuple[str, Decimal, Decimal]],
    accepted: Sequence[tuple[str, Decimal]],
    at_least: Decimal,
) -> list[list[Decimal]]:
    """What is kept of each advance from each sum of an act, in tenge: a list of advances, each a
    list over the sums.

    `advances`: (funding, what is due now and carried over, all that is left of it); `accepted`:
    (funding, what the act accepts of it). What is due is kept from the advance's own funding; where
    paying the rest would pass the contract's sum, more is kept until `at_least`: of its own funding
    first.
    Sources: 291/2020:9, 291/2020:10, 291/2020:27.
    """
    room = [amount for _, amount in accepted]
    shares = [[_NOTHING for _ in accepted] for _ in advances]
    for early, across in ((False, False), (True, False), (True, True)):
        for a, (funding, due, left) in enumerate(advances):
            for p, (of, _) in enumerate(accepted):
                if across or of == funding:
                    missing = at_least - sum((sum(parts, _NOTHING) for parts in shares), _NOTHING)
                    most = (
                        min(left, missing + sum(shares[a], _NOTHING)) if early else min(due, left)
                    )
                    part = min(max(most - sum(shares[a], _NOTHING), _NOTHING), room[p])
                    shares[a][p] += part
                    room[p] -= part
    return shares


def _upto(amount: Decimal, months: int, n: int) -> Decimal:
    return amount if n >= months else (amount * n / months).quantize(TIYN, rounding=ROUND_DOWN)
