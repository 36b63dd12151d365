"""What is to be paid of a month's services: contracts, prices, the cases about them, limits.

Beyond the contract, sums that hang on no service first, then services in the order of ends: the
month's sum of the line with the bands above it, December's mean, the contract's year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from tests.money.worlds.books import Bill, Books, Cut
from tests.money.worlds.plan import DECEMBER, REJECTED, WHOLE_YEAR, Finding, Service
from tests.money.worlds.rules import capitation, carriers, half_up, left_alone, line_pays, worth


class Judging(Books):
    """What becomes of a month's services."""

    def _withdraw(self, closing: int) -> None:
        """Give back what rejected cases took: the price waits again, what is owed is struck out or
        paid back."""
        for bill in self.bills.values():
            for cut in bill.cuts:
                if cut.gone or self._outcome(cut.finding, closing) != REJECTED:
                    continue
                cut.gone = True
                bill.waits += cut.disallowed
                owed = cut.back + cut.above
                if owed:
                    debt = cut.debt
                    assert debt is not None
                    struck = min(debt.left, owed)
                    debt.left -= struck
                    if owed > struck:
                        to = debt.contract or debt.netted[-1]
                        self.payments.append(
                            [debt.provider, to, debt.funding, owed - struck, False]
                        )

    def _covering(self, s: Service) -> list[str]:
        return sorted(
            contract
            for (provider, contract), lines in self.plan.covers.items()
            if provider == s.provider
            and (s.form, s.funding) in lines
            and self._in_force(contract, s)
        )

    def _in_force(self, contract: str, s: Service) -> bool:
        first, last = self.plan.spans.get((contract, s.form, s.funding), WHOLE_YEAR)
        return first <= date(2026, s.month, s.ended[0]) <= last

    def _bill(self, closing: int) -> None:
        """Whose contract each service of the month is, and what it is worth."""
        month = [b for b in self.bills.values() if b.service.month == self.plan.months[closing]]
        for bill in month:
            s = bill.service
            covering = self._covering(s)
            if s.named in covering:
                bill.contract = s.named
            elif len(covering) == 1 or (covering and not self.named_or_back):
                bill.contract = covering[0]
            bill.went_back = not bill.contract and len(covering) > 1
        carry = carriers((b.service, not b.contract, self._decided(b, closing)[0]) for b in month)
        for bill in month:
            s = bill.service
            bill.price = worth(self.plan, s, (s.provider, s.sid) in carry)
            part = self._act(s.provider, bill.contract, closing).part(s.funding)
            part["claimed"] += bill.price

    def _capitation(self, closing: int) -> list[tuple]:
        """Sums that hang on no service: claimed whole; rows for the limits."""
        rows = []
        for provider in (0, 1):
            contracts = self._covered_primary(provider)
            for kind, amount in capitation(self.plan, provider, self.plan.months[closing]):
                if contracts and amount:
                    month = self.plan.months[closing]
                    service = Service(provider, kind, month, "primary", "tmkkk", "", amount, (1, 0))
                    bill = Bill(service, contracts[0], amount)
                    self.lumps[provider, month, kind] = bill
                    part = self._act(provider, contracts[0], closing).part("tmkkk")
                    part["claimed"] += amount
                    rows.append(((0, 0, 0), provider, kind, bill, amount))
        return sorted(rows, key=lambda row: row[:3])

    def _judge(self, closing: int) -> list[tuple]:
        """Each service of the month and each piece set free: what of it is to be paid within the
        limits."""
        rows = []
        for bill in self.bills.values():
            s, own = bill.service, bill.service.month == self.plan.months[closing]
            if not own and not bill.waits and not bill.first_wait:
                continue
            is_open, stake, finding = self._decided(bill, closing)
            part = (
                self._act(s.provider, bill.contract, closing).part(s.funding)
                if own or not is_open
                else {}
            )
            if own and bill.went_back:
                part["returned"] += bill.price
            elif is_open:
                if own:
                    bill.waits, bill.first_wait = bill.price, True
                    part["held"] += bill.price
            else:
                piece = bill.price if own else bill.waits
                if not own:
                    part["released"] += piece
                left = piece - self._disallow(bill, part, piece, own, stake, finding)
                if not bill.price:  # without a price of its own it is paid with its act
                    bill.paid_in[closing] = 0
                if left:
                    order = (s.month, *s.ended) if own else (s.month, s.ended[0], -1)
                    rows.append((order, s.provider, s.sid, bill, left))
        return sorted(rows, key=lambda row: row[:3])

    def _disallow(
        self,
        bill: Bill,
        part: dict[str, int],
        piece: int,
        own: bool,
        stake: int,
        finding: Finding | None,
    ) -> int:
        """Take what is confirmed of a service, or of a piece of it that waited; how much."""
        whole = own or bill.first_wait
        bill.waits, bill.first_wait = 0, False
        disallowed, above = min(stake, bill.price), max(stake - bill.price, 0)
        if not whole:
            of_price = disallowed - bill.standing("disallowed") - bill.standing("back")
            disallowed, above = min(max(of_price, 0), piece), 0
        if disallowed or above:
            assert finding is not None
            bill.cuts.append(Cut(finding, disallowed=disallowed, above=above))
            part["disallowed"] += disallowed
        return disallowed

    def _limits(self, closing: int, rows: Iterable[tuple]) -> None:
        """Let what is to be paid through the line's month, December's mean and the contract's
        year."""
        on = self.plan.closed_on(closing)
        room = {
            contract: self.plan.year_sum(contract, on)
            - sum(v for (c, _), v in self.accepted.items() if c == contract)
            for _, contract in self.plan.covers
        }
        december = {contract: self._december_room(contract) for contract in room}
        total: dict[tuple, int] = defaultdict(int)
        for _, _, _, bill, payable in rows:
            s = bill.service
            line = (bill.contract, s.form, s.funding, s.month)
            free = left_alone(self.plan, s)
            self.tally["left alone by the linear scale"] += free
            allowed = payable if bill.contract else 0
            if bill.contract and not free:
                upto = self.used[line] + total[line] + payable
                allowed = line_pays(self.plan, line, on, upto) - line_pays(
                    self.plan, line, on, upto - payable
                )
                total[line] += payable
            if bill.contract and s.month == DECEMBER and december[bill.contract] is not None:
                self.tally["cut by December's mean"] += allowed > december[bill.contract]
                allowed = max(min(allowed, december[bill.contract]), 0)
                december[bill.contract] -= allowed
            if bill.contract:
                self.tally["cut by the year's sum"] += allowed > room[bill.contract]
                allowed = max(min(allowed, room[bill.contract]), 0)
                room[bill.contract] -= allowed
            self._let_through(bill, closing, payable, allowed, free)
        for line, amount in total.items():
            self.used[line] += amount

    def _let_through(
        self, bill: Bill, closing: int, payable: int, allowed: int, free: bool
    ) -> None:
        s = bill.service
        bill.beyond += payable - allowed
        if allowed:
            bill.paid_in[closing] = bill.paid_in.get(closing, 0) + allowed
        part = self._act(s.provider, bill.contract, closing).part(s.funding)
        part["beyond"] += payable - allowed
        self.accepted[bill.contract, s.month] += allowed
        kind = s.sid if (s.provider, s.month, s.sid) in self.lumps else "unscaled" if free else ""
        line = self.lines[bill.contract, closing, s.month, s.form, s.funding, kind]
        line[0] += allowed
        line[1] += payable - allowed

    def _december_room(self, contract: str) -> int | None:
        """What December's services may still be paid: the mean of what was accepted of eleven
        months; no bound where nothing was."""
        months = {m: v for (c, m), v in self.accepted.items() if c == contract}
        before = sum(v for m, v in months.items() if m < DECEMBER)
        return half_up(before, 11) - months.get(DECEMBER, 0) if before else None
