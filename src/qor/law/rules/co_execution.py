"""What a main contractor owes its co-executor: a share of what was accepted, within the
co-execution contract (291/2020, clauses 34 and 37)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qor.law.nouns.money import round_tenge

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class CoExecutorDue:
    """What is due to a co-executor for a month, and what of its share lies above its contract, in
    tenge."""

    due: Decimal
    above: Decimal


def co_executor_due(
    accepted: Decimal, share: Decimal, most: Decimal | None, used: Decimal
) -> CoExecutorDue:
    """A share (percent) of what was accepted, half-up to 0.01, at most what the co-execution
    contract (`most`) leaves after `used`.

    Without a co-execution contract (`most` None) nothing is due: a co-executor is engaged by
    contract (33). Sources: 291/2020:33, 291/2020:34, 291/2020:37.
    """
    whole = round_tenge(accepted * share / 100)
    room = max(most - used, _NOTHING) if most is not None else _NOTHING
    due = min(whole, room)
    return CoExecutorDue(due, whole - due)
