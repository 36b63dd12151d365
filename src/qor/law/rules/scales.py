"""What is paid above a month's contract sum: the linear scale, a dated table that a fund loads
(291/2020, clauses 61-62, 76-77; annexes not held)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qor.law.nouns.refusals import Refusal


class ScaleNotHeld(Refusal):
    """The regressive scale is defined (291/2020:2:19)) but none of its coefficients are held: it is
    refused by name."""

    key = "scale_not_held"


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a scale: of the excess from `over_from` to `over_to` (shares of the month's sum;
    None: no end), the share `paid`."""

    over_from: Decimal
    over_to: Decimal | None
    paid: Decimal


def payable(plan: Decimal | None, bands: tuple[Band, ...], total: Decimal) -> Decimal:
    """How much of a month's total is paid, in tenge and unrounded: up to the plan whole, above it
    by the bands; no band, nothing above.

    `plan` None: no sum is set for the month. Sources: 291/2020:2:33), 291/2020:61, 291/2020:76.
    """
    if plan is None or total <= plan:
        return total
    above = sum((_in_band(band, plan, total - plan) for band in bands), Decimal(0))
    return plan + above


def regressive_scale() -> None:
    """The regressive scale of volumes. ScaleNotHeld always: its coefficients are in no text that is
    held (291/2020:2)."""
    raise ScaleNotHeld(cites=())


def _in_band(band: Band, plan: Decimal, excess: Decimal) -> Decimal:
    start = plan * band.over_from
    width = max(excess - start, Decimal(0))
    if band.over_to is not None:
        width = min(width, plan * (band.over_to - band.over_from))
    return width * band.paid
