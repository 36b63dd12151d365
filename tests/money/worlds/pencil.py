"""A clerk with a pencil: what acts, debts and services of a world come to, in whole tiyn, service
by service. Knows nothing of the product.
"""

from __future__ import annotations

from collections import defaultdict

from tests.money.worlds.books import Debt
from tests.money.worlds.judging import Judging
from tests.money.worlds.plan import Other, last_day
from tests.money.worlds.recovering import SINCE, Recovering


class Clerk(Judging, Recovering):
    """Keeps the books of a world, month after month."""

    def close(self, closing: int) -> None:
        """Close a month."""
        before = {
            key: dict(bill.paid_in) for key, bill in self.bills.items() if not bill.first_wait
        }
        self._withdraw(closing)
        self._bill(closing)
        rows = [*self._capitation(closing), *self._judge(closing)]
        self._limits(closing, rows)
        self._sanctions(closing)
        self._never_served(closing)
        self._later(closing, before)
        for provider, contract, *_, in_an_act in self.payments:
            if not in_an_act and contract:
                self._act(provider, contract, closing)
        self._net(
            closing, [act for key, act in self.acts.items() if key[2] == closing], across=True
        )

    # -- each quarter

    def reconciled(self, closing: int) -> dict[tuple[str, str, str], tuple[int, ...]]:
        """The act of reconciliation by contract, form and funding: planned, accepted, held,
        deducted, to be lessened."""
        upto = self.plan.months[closing]
        self.tally["acts of reconciliation"] += 1
        planned: dict[tuple[str, str, str], int] = defaultdict(int)
        sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for line in self.plan.plans:
            if line[3] <= upto:
                planned[line[:3]] += self.plan.line_sum(line, last_day(upto))
        for bill in [*self.bills.values(), *self.lumps.values()]:
            if bill.service.month <= upto:
                done = sums[bill.contract, bill.service.form, bill.service.funding]
                done[0] += bill.accepted - bill.standing("back")
                done[1] += bill.waits
                done[2] += bill.standing("disallowed") + bill.standing("back")
        return {
            line: (amount, *sums[line], self._lessened(line, amount, sums[line], upto))
            for line, amount in planned.items()
        }

    def _lessened(
        self, line: tuple[str, str, str], planned: int, done: list[int], upto: int
    ) -> int:
        """The first quarter lessens nothing; later what defects took, and what was not done of
        care that a linear scale is for."""
        if upto < 6:
            return 0
        undone = max(planned - sum(done), 0) if line[1] in ("outpatient", "stay_group") else 0
        return min(done[2] + undone, planned)

    # -- between closings

    def enter(self, other: Other, closing: int) -> None:
        """Another payment or deduction; a correction takes in what belongs to the act's
        contract."""
        if other.pays:
            self.payments.append(
                [other.provider, other.contract, other.funding, other.amount, False]
            )
        else:
            way = "return" if other.found_on is not None and other.found_on >= SINCE else "net"
            self.debts.append(
                Debt(other.provider, other.contract, other.funding, other.amount, other.amount, way)
            )

    def correct(self, provider: int, contract: str, closing: int) -> None:
        """Net an act anew with what belongs to its contract."""
        self._net(closing, [self.acts[provider, contract, closing]], across=False)

    def give_money_back(self, provider: int, closing: int) -> None:
        """A provider returns so much of what it must return."""
        tenths = self.plan.returned(provider, closing)
        for debt in self.debts:
            if debt.provider == provider and debt.way == "return":
                debt.left -= debt.left * tenths // 10
