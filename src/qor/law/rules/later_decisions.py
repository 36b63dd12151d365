"""What a final decision takes of a service, before it was paid and after (321/2020, clauses 10, 27,
35, 38, 53; 291/2020, clauses 4, 19)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a decision takes, in tenge: `of_price` at most the service's price, `taken_back` at most
    what was paid of it, `sanction` what lies above."""

    of_price: Decimal
    taken_back: Decimal
    sanction: Decimal


def taken_after(
    price: Decimal, accepted: Decimal, stake: Decimal, closed_at: Decimal | None = None
) -> Taken:
    """What the largest confirmed deduction takes of a service of so much price, of which so much
    was accepted at closings and recalculations, in tenge.

    What was never paid of it (deducted, beyond the contract, still waiting) is taken first: only
    the rest is taken back. A deduction above the price is a sanction, and is not bounded by what
    was paid. `closed_at`: the price at its closing, where a tariff loaded later changed it: what
    the change itself took back is no sanction.
    Sources: 291/2020:4, 291/2020:19, 321/2020:10, 321/2020:53.
    """
    most = price if closed_at is None else max(price, closed_at)
    of_price = min(stake, most)
    back = min(max(of_price - (price - accepted), _NOTHING), accepted)
    return Taken(of_price, back, max(stake - most, _NOTHING))
