"""How what a provider owes is shared out over its acts of a month (291/2020:19; interpretation debts_across_contracts)."""

from __future__ import annotations

from decimal import Decimal

from qor.law.interpretations import interpretation

_NOTHING = Decimal(0)


def share_debts(debts: list[tuple[str, Decimal]], acts: list[tuple[str, Decimal]]) -> list[list[Decimal]]:
    """How much of each debt each act takes, in tenge: a list of debts, each a list over the acts.

    `debts`: (contract, what is left), oldest first; `acts`: (contract, what its services come to). A debt is taken from its own contract's act
    first, then from the provider's other acts; no act below zero, no debt above itself; what is left is carried forward;
    current payments go on. Sources: 291/2020:19, 321/2020:53-2.
    """
    room = [gross for _, gross in acts]
    taken = [[_NOTHING for _ in acts] for _ in debts]
    left = [amount for _, amount in debts]
    only_own = interpretation("debts_across_contracts").choice == "own_contract_only"
    for own in (True,) if only_own else (True, False):
        for d, (contract, _) in enumerate(debts):
            for a, (of, _) in enumerate(acts):
                if (of == contract) is own:
                    part = min(left[d], room[a])
                    taken[d][a] += part
                    left[d] -= part
                    room[a] -= part
    return taken
