"""What a closed line would come to now that a list of it was loaded late: the difference, either
way, within what the contract still leaves (291/2020, clauses 19, 27, 47)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qor.law.reading.interpretations import interpretation

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LinePart:
    """A part of a closed line, a service or a sum per capita, in tenge: `worth` by the lists of
    today, less what decisions took; `accepted` of it by acts and earlier recalculations."""

    worth: Decimal
    accepted: Decimal


def differences(parts: Sequence[LinePart], headroom: Decimal) -> list[Decimal]:
    """What is entered of each part of a line, in tenge: below zero what comes back.

    No part keeps more than it is worth. What is worth more is paid from `headroom`, what the
    contract leaves beside this line, and from what the line's other parts give back, in their
    order. Entered once: the parts as they then stand give no difference. Sources: 291/2020:19,
    291/2020:27, 291/2020:47.
    """
    stays = [min(part.accepted, max(part.worth, _NOTHING)) for part in parts]
    left = max(headroom, _NOTHING) + sum(
        (part.accepted - least for part, least in zip(parts, stays, strict=True)), _NOTHING
    )
    amounts: list[Decimal] = []
    for part, least in zip(parts, stays, strict=True):
        more = min(max(part.worth - least, _NOTHING), left)
        left -= more
        amounts.append(least + more - part.accepted)
    return amounts


def least_headroom(bounds: Iterable[Decimal | None]) -> Decimal | None:
    """What the tightest bound leaves, never below zero; None where nothing bounds."""
    known = [max(bound, _NOTHING) for bound in bounds if bound is not None]
    return min(known, default=None)


def late_lists_are_paid() -> bool:
    """Whether a list loaded after the closing changes what was paid, or is only named
    (interpretation lists_loaded_late)."""
    return interpretation("lists_loaded_late").choice == "recalculate"
