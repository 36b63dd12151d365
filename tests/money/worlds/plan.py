"""A random world as plain facts: services, cases and what becomes of them, other sums, advances,
who is paid when. Sums are whole tiyn."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

MONTHS = (1, 2, 3)
FORMS = ("outpatient", "pathology")
FUNDINGS = ("tmkkk", "osms")
WHOLE_YEAR = (date(2026, 1, 1), date(2026, 12, 31))
OPEN, CONFIRMED, REJECTED = "", "confirmed", "rejected"


@dataclass
class Service:
    """A service as it is billed; `named` is the contract that it names."""

    provider: int
    sid: str
    month: int
    form: str
    funding: str
    named: str
    amount: int
    ended: tuple[int, int]


@dataclass
class Finding:
    """A case: on which service, what is at stake, when it was found, and its outcome at each
    closing (index from 0); not there before `born`."""

    sid: str
    provider: int
    slug: str
    stake: int
    found_on: date
    born: int
    outcomes: list[str]


@dataclass
class Other:
    """Another payment or deduction: entered after closing `after`; `corrects` takes it into that
    closing's act of its contract."""

    after: int
    provider: int
    contract: str
    funding: str
    pays: bool
    amount: int
    found_on: date | None
    corrects: bool


@dataclass
class Plan:
    """Everything that happens in a world; `covers`: (provider, contract) -> lines (form, funding);
    `plans`: month's sums by line.

    `spans`: the first and the last day of a line (contract, form, funding) that does not cover the
    whole year.
    """

    seed: int
    covers: dict[tuple[int, str], list[tuple[str, str]]] = field(default_factory=dict)
    plans: dict[tuple[str, str, str, int], int] = field(default_factory=dict)
    spans: dict[tuple[str, str, str], tuple[date, date]] = field(default_factory=dict)
    scaled: bool = False
    services: list[Service] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    advances: list[tuple[int, str, str, int]] = field(default_factory=list)

    def is_paid(self, provider: int, contract: str, closing: int) -> bool:
        """Whether the act is signed and paid before the next closing."""
        return random.Random(f"{self.seed} paid {provider} {contract} {closing}").random() < 0.85

    def returned(self, provider: int, closing: int) -> int:
        """So many tenths of each debt that a provider must return are paid after a closing."""
        return random.Random(f"{self.seed} back {provider} {closing}").choice((0, 0, 0, 4, 10))


def closing_day(closing: int) -> date:
    """The day on which a month is closed: the 20th of the next."""
    return date(2026, MONTHS[closing] + 1, 20)


def make_plan(seed: int) -> Plan:
    """The world of a seed."""
    dice, plan = random.Random(seed), Plan(seed)
    plan.scaled = dice.random() < 0.5
    _contracts(plan, dice)
    for closing, month in enumerate(MONTHS):
        idle = (dice.randrange(2), dice.choice(("A", "B"))) if dice.random() < 0.4 else None
        for n in range(dice.randrange(6, 22)):
            service = _service(plan, dice, month, n)
            if idle is None or (service.provider, service.named[-1:]) != idle:
                plan.services.append(service)
        _findings(plan, dice, closing)
        _others(plan, dice, closing)
    for provider in (0, 1):
        if dice.random() < 0.4:
            contract = f"K{provider}-{dice.choice('AB')}"
            lines = plan.covers[provider, contract]
            whole = sum(v for k, v in plan.plans.items() if k[0] == contract)
            plan.advances.append(
                (
                    provider,
                    contract,
                    dice.choice(lines)[1],
                    dice.randrange(1, max(whole * 3 // 10, 2)),
                )
            )
    _spans(plan)
    return plan


def _spans(plan: Plan) -> None:
    """In a third of worlds some lines begin or end within a month; contracts with an advance keep
    theirs, as an advance asks for a line in force."""
    dice, ahead = (
        random.Random(f"{plan.seed} spans"),
        {contract for _, contract, _, _ in plan.advances},
    )
    if dice.random() > 1 / 3:
        return
    for (_, contract), lines in plan.covers.items():
        for form, funding in lines:
            if contract not in ahead and dice.random() < 0.5:
                ends = date(2026, dice.choice(MONTHS), dice.randrange(5, 25))
                begins = date(2026, 1, 1) + timedelta(days=dice.randrange(4, 48))
                spans = ((WHOLE_YEAR[0], ends), (begins, WHOLE_YEAR[1]))
                plan.spans[contract, form, funding] = dice.choice(spans)


def _contracts(plan: Plan, dice: random.Random) -> None:
    """Two contracts a provider; a line may stand in both, in one, or in none."""
    for provider in (0, 1):
        for form in FORMS:
            for funding in FUNDINGS:
                chosen = dice.choice((("A",), ("B",), ("A", "B"), ("A", "B"), ()))
                for letter in chosen:
                    plan.covers.setdefault((provider, f"K{provider}-{letter}"), []).append(
                        (form, funding)
                    )
        for letter in "AB":
            plan.covers.setdefault((provider, f"K{provider}-{letter}"), [("outpatient", "tmkkk")])
    for (_, contract), lines in plan.covers.items():
        for form, funding in lines:
            for month in MONTHS:
                plan.plans[contract, form, funding, month] = dice.choice(
                    (100_00, 1_500_00, 4_000_00, 20_000_00)
                ) + dice.randrange(100)


def _service(plan: Plan, dice: random.Random, month: int, n: int) -> Service:
    provider = dice.randrange(2)
    named = dice.choice(
        (
            f"K{provider}-A",
            f"K{provider}-A",
            f"K{provider}-B",
            f"K{provider}-B",
            "",
            "K-9",
            f"K{1 - provider}-A",
        )
    )
    amount = dice.choice((100_000, dice.randrange(1, 90_000), dice.randrange(1, 300_000)))
    ended = (dice.randrange(1, 28), dice.randrange(60))
    return Service(
        provider,
        f"{month}-{n:02d}",
        month,
        dice.choice(FORMS),
        dice.choice(FUNDINGS),
        named,
        amount,
        ended,
    )


def _findings(plan: Plan, dice: random.Random, closing: int) -> None:
    """Cases on the month's services before its closing; and on those of earlier months after
    theirs, found before their payment or after."""
    for service in plan.services:
        own = service.month == MONTHS[closing]
        if own and dice.random() < 0.6:
            for slug in ("after-death", "repeat-diagnostics")[: dice.choice((1, 1, 2))]:
                found_on = closing_day(closing) - timedelta(days=18)
                plan.findings.append(_finding(service, slug, dice, closing, found_on))
        if not own and dice.random() < 0.35:
            slug = f"later-{closing}"
            found_on = closing_day(closing - 1) + timedelta(days=dice.choice((-2, 1, 8, 12)))
            plan.findings.append(_finding(service, slug, dice, closing, found_on))


def _finding(
    service: Service, slug: str, dice: random.Random, born: int, found_on: date
) -> Finding:
    part = dice.choice((0, 3, 6, 10, 10, 30))
    stake = service.amount * part // 10 if dice.random() < 0.8 else dice.randrange(1, 500_000)
    outcomes, now = [], dice.choice((OPEN, CONFIRMED, CONFIRMED, REJECTED))
    for closing in range(len(MONTHS)):
        if closing > born:
            if now == OPEN and dice.random() < 0.6:
                now = dice.choice((CONFIRMED, REJECTED))
            elif now == CONFIRMED and dice.random() < 0.3:
                now = REJECTED
            elif now == REJECTED and dice.random() < 0.1:
                now = CONFIRMED
        outcomes.append(now)
    return Finding(service.sid, service.provider, slug, stake, found_on, born, outcomes)


# What the third contract of each provider covered, which ended before the year.
ENDED = [("outpatient", "tmkkk")]


def _others(plan: Plan, dice: random.Random, closing: int) -> None:
    """Courts, penalties, hidden defects: of a contract of the month, or of one that has ended."""
    for _ in range(dice.choice((0, 1, 2))):
        provider = dice.randrange(2)
        contract = f"K{provider}-{dice.choice('ABC')}"
        pays, corrects = dice.random() < 0.5, dice.random() < 0.4
        found_on = (
            closing_day(closing) - timedelta(days=dice.choice((3, 9)))
            if not pays and dice.random() < 0.3
            else None
        )
        amount = dice.choice((dice.randrange(1, 40_000), dice.randrange(1, 900_000)))
        lines = plan.covers.get((provider, contract), ENDED)
        funding = dice.choice(sorted({of for _, of in lines}))
        plan.others.append(
            Other(closing, provider, contract, funding, pays, amount, found_on, corrects)
        )
