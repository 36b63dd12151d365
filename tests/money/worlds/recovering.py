"""What providers owe and what their acts lose to it: sanctions, what was confirmed after payment,
December's recalculations, advances.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from tests.money.worlds.books import Act, Bill, Books, Cut, Debt
from tests.money.worlds.plan import DECEMBER, Plan
from tests.money.worlds.rules import KPN, lost_by_never_served

SINCE = date(2026, 3, 14)  # the order with clauses 53-1 and 53-2


def signing_day(plan: Plan, closing: int) -> date:
    """The day on which acts are signed: the day after the closing."""
    return plan.closed_on(closing) + timedelta(days=1)


# Nauryz and its day in lieu are 23-25 March 2026; that of the Republic's day is 26 October.
_OFF = {date(2026, 3, 24), date(2026, 3, 25), date(2026, 10, 26)}


def bank_day(plan: Plan, closing: int) -> date:
    """The bank day of the orders: the first working day from the 24th."""
    day = plan.closed_on(closing).replace(day=24)
    while day.weekday() > 4 or day in _OFF:
        day += timedelta(days=1)
    return day


class Recovering(Books):
    """What is owed, and what acts lose to it."""

    def _never_served(self, closing: int) -> None:
        """In December, what was paid of each month for people never served comes down to eighty
        per cent of the norm."""
        if self.plan.months[closing] != DECEMBER:
            return
        for provider in (0, 1):
            paid: dict[tuple[int, str], tuple[int, int]] = {}
            for (holder, month, kind), bill in self.lumps.items():
                if holder == provider and kind in KPN:
                    paid[month, kind] = (bill.accepted, bill.price)
            back = lost_by_never_served(self.plan, provider, paid)
            if back:
                contract = self._covered_primary(provider)[0]
                self.debts.append(Debt(provider, contract, "tmkkk", back, back))
                self.tally["December's recalculations of people never served"] += 1

    def _sanctions(self, closing: int) -> None:
        """The sanctions of each act and funding are one debt."""
        sanctioned: dict[tuple, list[Cut]] = defaultdict(list)
        for bill in self.bills.values():
            for cut in bill.cuts:
                if cut.above and cut.debt is None:
                    sanctioned[bill.service.provider, bill.contract, bill.service.funding].append(
                        cut
                    )
        for key in sorted(sanctioned):
            amount = sum(cut.above for cut in sanctioned[key])
            debt = Debt(*key, amount, amount)
            self.debts.append(debt)
            for cut in sanctioned[key]:
                cut.debt = debt

    def _later(self, closing: int, before: dict) -> None:
        """What was confirmed after its service was settled: at most what was paid is taken back,
        the rest above the price is a sanction."""
        for key in sorted(before):
            bill, s = self.bills[key], self.bills[key].service
            is_open, stake, finding = self._decided(bill, closing)
            if s.month >= self.plan.months[closing] or bill.went_back or is_open or finding is None:
                continue
            allowed = bill.price - min(stake, bill.price)
            back = max(sum(before[key].values()) - allowed, 0) - bill.standing("back")
            above = max(stake - bill.price, 0) - bill.standing("above")
            if back > 0 or above > 0:
                cut = Cut(finding, back=max(back, 0), above=max(above, 0))
                bill.cuts.append(cut)
                way = self._way(bill, finding.found_on, before[key])
                cut.debt = Debt(
                    s.provider,
                    bill.contract,
                    s.funding,
                    cut.back + cut.above,
                    cut.back + cut.above,
                    way,
                )
                self.debts.append(cut.debt)

    def _way(self, bill: Bill, found_on: date, paid_in: dict[int, int]) -> str:
        """Netted, or returned because it was found after all of it was paid."""
        if not paid_in or found_on < SINCE:
            return "net"
        acts = [k for k in paid_in if self.plan.closed_on(k) <= found_on]
        days = [self.paid_on(bill, k) for k in acts]
        if not days or any(day is None or day >= found_on for day in days):
            return "net"
        return "return"

    def paid_on(self, bill: Bill, closing: int) -> date | None:
        """The day on which an act's sum of a service's funding was paid."""
        act = self.acts[bill.service.provider, bill.contract, closing]
        if not self.plan.is_paid(act.provider, act.contract, closing) or not act.contract:
            return None
        return (
            bank_day(self.plan, closing)
            if act.parts[bill.service.funding]["to_pay"]
            else signing_day(self.plan, closing)
        )

    def _net(self, closing: int, acts: list[Act], *, across: bool) -> None:
        """Payments into their contracts' acts; debts from their own contract's act, then from
        others; advances."""
        for provider in (0, 1):
            own = sorted(
                (a for a in acts if a.provider == provider and a.contract), key=lambda a: a.contract
            )
            self._pay_others(provider, own)
            for mine in (True, False) if across else (True,):
                for debt in self.debts:
                    if debt.provider == provider and debt.way == "net":
                        for act in own:
                            if (act.contract == debt.contract) == mine:
                                self._take(debt, act)
            for act in own:
                self._keep(act, closing)
                act.close()

    def _pay_others(self, provider: int, own: list[Act]) -> None:
        for payment in self.payments:
            for act in own:
                if payment[:2] == [provider, act.contract] and not payment[4]:
                    payment[4] = True
                    act.part(payment[2])["other_payments"] += payment[3]
        for act in own:
            act.close()

    def _take(self, debt: Debt, act: Act) -> None:
        part = act.parts.get(debt.funding)
        if part is None:
            return
        part_of_debt = min(debt.left, part["accepted"])
        if part_of_debt:
            debt.left -= part_of_debt
            debt.netted.append(act.contract)
            part["other_deductions"] += part_of_debt
            part["accepted"] -= part_of_debt

    def _keep(self, act: Act, closing: int) -> None:
        """Keep the advance in eleven even parts from January, and more where the contract's sum
        would be passed."""
        for n, (provider, contract, funding, amount) in enumerate(self.plan.advances):
            if (provider, contract) != (act.provider, act.contract):
                continue
            before = self.withheld[n] - sum(p["advance_kept"] for p in act.parts.values())
            elevenths = min(self.plan.months[closing], 11)
            due = min(amount * elevenths // 11 - before, amount - before)
            others = [
                a
                for a in self.acts.values()
                if (a.provider, a.contract) == (provider, contract) and a is not act
            ]
            paid = sum(a.sums()["to_pay"] for a in others) + amount
            free = sum(a.sums()["other_payments"] for a in [*others, act])
            ceiling = self.plan.year_sum(contract, self.plan.closed_on(closing)) + free
            accepted = {f: p["accepted"] for f, p in act.parts.items()}
            least = paid + sum(accepted.values()) - ceiling
            withheld = dict.fromkeys(act.parts, 0)
            if funding in withheld:
                withheld[funding] = min(max(due, 0), accepted[funding])
                withheld[funding] = max(
                    withheld[funding], min(least, accepted[funding], amount - before)
                )
            for f in sorted(withheld):
                more = min(
                    least - sum(withheld.values()),
                    accepted[f] - withheld[f],
                    amount - before - sum(withheld.values()),
                )
                withheld[f] += max(more, 0)
            for f, p in act.parts.items():
                p["advance_kept"] = withheld[f]
            self.withheld[n] = before + sum(withheld.values())
