"""What the Fund must keep: a reserve for unforeseen spending and an uninvested balance (strategy
2020-2025)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qor.law.nouns.money import round_tenge
from qor.law.reading.figures import figure


def reserve(receipts: Decimal, on: date) -> Decimal:
    """The reserve in tenge: its share of the last twelve months' receipts. Sources: strategy
    2020-2025, reserve."""
    return round_tenge(receipts * figure("reserve_share", on).value / 100)


def uninvested_balance(receipts: Decimal, on: date) -> Decimal:
    """The least uninvested balance in tenge: a twelfth of the last twelve months' receipts, and
    never below the floor.

    Sources: strategy 2020-2025, uninvested balance.
    """
    part = round_tenge(receipts / figure("uninvested_parts", on).whole)
    return max(part, figure("uninvested_floor", on).value)
