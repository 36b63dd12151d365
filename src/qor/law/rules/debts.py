"""How what a provider owes is shared out over its acts of a month (291/2020:19; interpretations
debts_across_contracts, debts_across_fundings)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from qor.law.reading.interpretations import interpretation

Key = TypeVar("Key")
_NOTHING = Decimal(0)
RANKS = range(4)


def own_first(debt: object, act: object) -> int | None:
    """The rank of an act for a debt where only the contract counts: its own act first, then the
    others."""
    return 0 if debt == act else 1


def netting_rank(debt: tuple[str, str], act: tuple[str, str]) -> int | None:
    """How near an act's sum is to a debt, each (contract, funding): 0 its own, then others as far
    as the settings let; None where it may not be netted.

    A debt that names no funding is netted from any. Sources: 291/2020:3, 291/2020:19.
    """
    own_contract, own_funding = debt[0] == act[0], debt[1] in ("", act[1])
    if not own_contract and interpretation("debts_across_contracts").choice == "own_contract_only":
        return None
    if not own_funding and interpretation("debts_across_fundings").choice == "own_funding_only":
        return None
    return (0 if own_funding else 1) + (0 if own_contract else 2)


def share_debts(
    debts: Sequence[tuple[Key, Decimal]],
    acts: Sequence[tuple[Key, Decimal]],
    rank: Callable[[Key, Key], int | None] = own_first,
) -> list[list[Decimal]]:
    """How much of each debt each act takes, in tenge: a list of debts, each a list over the acts.

    `debts`: (whose it is, what is left), oldest first; `acts`: (whose it is, what its services come
    to). A debt is taken from the acts of the lowest rank first; no act below zero, no debt above
    itself; what is left is carried forward; current payments go on. Sources: 291/2020:19,
    321/2020:53-2.
    """
    room = [gross for _, gross in acts]
    netted = [[_NOTHING for _ in acts] for _ in debts]
    left = [amount for _, amount in debts]
    for wanted in RANKS:
        for d, (owed, _) in enumerate(debts):
            for a, (of, _) in enumerate(acts):
                if left[d] and room[a] and rank(owed, of) == wanted:
                    part = min(left[d], room[a])
                    netted[d][a] += part
                    left[d] -= part
                    room[a] -= part
    return netted
