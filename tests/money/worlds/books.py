"""The books of a clerk with a pencil: bills, cuts, debts and acts of a world, in whole tiyn."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tests.money.worlds.plan import CONFIRMED, OPEN, Finding, Plan, Service

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


class Books:
    """The books of a world, and what they are asked for."""

    def __init__(self, plan: Plan, *, named_or_back: bool = True) -> None:
        self.plan, self.named_or_back = plan, named_or_back
        self.bills = {(s.provider, s.sid): Bill(s) for s in plan.services}
        self.lumps: dict[tuple[int, int, str], Bill] = {}  # (provider, month, kind)
        self.acts: dict[tuple[int, str, int], Act] = {}
        self.debts: list[Debt] = []
        self.tally = Counter[str]()  # what happened, for the print
        self.payments: list[list] = []  # [provider, contract, funding, amount, in_an_act]
        self.withheld: dict[int, int] = defaultdict(int)
        self.used: dict[tuple, int] = defaultdict(int)
        self.accepted: dict[tuple[str, int], int] = defaultdict(int)  # (contract, month)
        # (contract, closing, month, form, funding, kind) -> [accepted, beyond]
        self.lines: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])

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

    def _covered_primary(self, provider: int) -> list[str]:
        """The provider's contracts of primary care; the first by number is paid per capita."""
        return sorted(
            contract
            for (holder, contract), lines in self.plan.covers.items()
            if holder == provider and ("primary", "tmkkk") in lines
        )
