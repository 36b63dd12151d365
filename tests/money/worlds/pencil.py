"""A clerk with a pencil: what acts, debts and services of a world come to, in whole tiyn, service
by service. Knows nothing of the product.

Beyond the contract, sums that hang on no service first, then services in the order of ends: the
month's sum of the line with the bands above it, December's mean, the contract's year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.money.worlds.plan import (
    CONFIRMED,
    DECEMBER,
    OPEN,
    REJECTED,
    WHOLE_YEAR,
    Finding,
    Other,
    Plan,
    Service,
    last_day,
)
from tests.money.worlds.rules import (
    KPN,
    capitation,
    carriers,
    half_up,
    left_alone,
    line_pays,
    lost_by_never_served,
    worth,
)

SINCE = date(2026, 3, 14)  # the order with clauses 53-1 and 53-2
SUMS = (
    "claimed",
    "released",
    "other_payments",
    "returned",
    "held",
    "disallowed",
    "beyond",
    "other_deductions",
    "accepted",
    "advance_kept",
    "to_pay",
)


@dataclass
class Cut:
    """What a decision took: of the act, of what was paid, above the price."""

    finding: Finding
    disallowed: int = 0
    back: int = 0
    above: int = 0
    debt: Debt | None = None
    gone: bool = False


@dataclass
class Debt:
    """What a provider owes; `left` of it; `netted`: the contracts of the acts that took of it, in
    order."""

    provider: int
    contract: str
    funding: str
    amount: int
    left: int
    way: str = "net"
    netted: list[str] = field(default_factory=list)


@dataclass
class Bill:
    """A service with what became of it; `price`: what it is worth by its way of paying."""

    service: Service
    contract: str = ""
    price: int = 0
    went_back: bool = False
    waits: int = 0
    first_wait: bool = False
    paid_in: dict[int, int] = field(default_factory=dict)
    beyond: int = 0
    cuts: list[Cut] = field(default_factory=list)

    def standing(self, what: str) -> int:
        """What decisions that stand took of it."""
        return sum(getattr(cut, what) for cut in self.cuts if not cut.gone)

    @property
    def accepted(self) -> int:
        """What acts accepted of it."""
        return sum(self.paid_in.values())


@dataclass
class Act:
    """An act: its sums by funding."""

    provider: int
    contract: str
    closing: int
    parts: dict[str, dict[str, int]] = field(default_factory=dict)

    def part(self, funding: str) -> dict[str, int]:
        """The sums of a funding."""
        return self.parts.setdefault(funding, dict.fromkeys(SUMS, 0))

    def close(self) -> None:
        """Set what is accepted and paid."""
        for p in self.parts.values():
            gross = (
                p["claimed"]
                + p["released"]
                + p["other_payments"]
                - p["returned"]
                - p["held"]
                - p["disallowed"]
                - p["beyond"]
            )
            p["accepted"] = gross - p["other_deductions"]
            p["to_pay"] = p["accepted"] - p["advance_kept"]

    def sums(self) -> dict[str, int]:
        """All fundings together."""
        return {name: sum(p[name] for p in self.parts.values()) for name in SUMS}


class Clerk:
    """Keeps the books of a world, month after month."""

    def __init__(self, plan: Plan, *, named_or_back: bool = True) -> None:
        self.plan, self.named_or_back = plan, named_or_back
        self.bills = {(s.provider, s.sid): Bill(s) for s in plan.services}
        self.lumps: dict[tuple[int, int, str], Bill] = {}  # (provider, month, kind)
        self.acts: dict[tuple[int, str, int], Act] = {}
        self.debts: list[Debt] = []
        self.tally = Counter[str]()  # what happened, for the print
        self.payments: list[list] = []  # [provider, contract, funding, amount, taken]
        self.kept: dict[int, int] = defaultdict(int)
        self.used: dict[tuple, int] = defaultdict(int)
        self.accepted: dict[tuple[str, int], int] = defaultdict(int)  # (contract, month)
        # (contract, closing, month, form, funding, kind) -> [accepted, beyond]
        self.lines: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])

    # -- a closing

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
        for provider, contract, *_, taken in self.payments:
            if not taken and contract:
                self._act(provider, contract, closing)
        self._net(
            closing, [act for key, act in self.acts.items() if key[2] == closing], across=True
        )

    def _act(self, provider: int, contract: str, closing: int) -> Act:
        return self.acts.setdefault((provider, contract, closing), Act(provider, contract, closing))

    def _outcome(self, finding: Finding, closing: int) -> str | None:
        return finding.outcomes[closing] if finding.born <= closing else None

    def _decided(self, bill: Bill, closing: int) -> tuple[bool, int, Finding | None]:
        """Whether a case of the service is open; the largest confirmed stake, and its case."""
        is_open, stake, decisive = False, 0, None
        for finding in self.plan.findings:
            if (finding.provider, finding.sid) == (bill.service.provider, bill.service.sid):
                outcome = self._outcome(finding, closing)
                is_open = is_open or outcome == OPEN
                if outcome == CONFIRMED and (decisive is None or finding.stake > stake):
                    stake, decisive = finding.stake, finding
        return is_open, stake, decisive

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

    def _covered_primary(self, provider: int) -> list[str]:
        """The provider's contracts of primary care; the first by number is paid per capita."""
        return sorted(
            contract
            for (holder, contract), lines in self.plan.covers.items()
            if holder == provider and ("primary", "tmkkk") in lines
        )

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
        taken, above = min(stake, bill.price), max(stake - bill.price, 0)
        if not whole:
            of_price = taken - bill.standing("disallowed") - bill.standing("back")
            taken, above = min(max(of_price, 0), piece), 0
        if taken or above:
            assert finding is not None
            bill.cuts.append(Cut(finding, disallowed=taken, above=above))
            part["disallowed"] += taken
        return taken

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
        found: dict[tuple, list[Cut]] = defaultdict(list)
        for bill in self.bills.values():
            for cut in bill.cuts:
                if cut.above and cut.debt is None:
                    found[bill.service.provider, bill.contract, bill.service.funding].append(cut)
        for key in sorted(found):
            amount = sum(cut.above for cut in found[key])
            debt = Debt(*key, amount, amount)
            self.debts.append(debt)
            for cut in found[key]:
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

    # -- netting

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
        taken = min(debt.left, part["accepted"])
        if taken:
            debt.left -= taken
            debt.netted.append(act.contract)
            part["other_deductions"] += taken
            part["accepted"] -= taken

    def _keep(self, act: Act, closing: int) -> None:
        """Keep the advance in eleven even parts from January, and more where the contract's sum
        would be passed."""
        for n, (provider, contract, funding, amount) in enumerate(self.plan.advances):
            if (provider, contract) != (act.provider, act.contract):
                continue
            before = self.kept[n] - sum(p["advance_kept"] for p in act.parts.values())
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
            kept = dict.fromkeys(act.parts, 0)
            if funding in kept:
                kept[funding] = min(max(due, 0), accepted[funding])
                kept[funding] = max(kept[funding], min(least, accepted[funding], amount - before))
            for f in sorted(kept):
                more = min(
                    least - sum(kept.values()),
                    accepted[f] - kept[f],
                    amount - before - sum(kept.values()),
                )
                kept[f] += max(more, 0)
            for f, p in act.parts.items():
                p["advance_kept"] = kept[f]
            self.kept[n] = before + sum(kept.values())

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
