"""Drawing the random world of a seed: contracts, services, cases, other sums."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tests.money.worlds.draw_year import draw_year
from tests.money.worlds.plan import (
    CONFIRMED,
    DECEMBER,
    FORMS,
    FUNDINGS,
    OPEN,
    OTHER_FORMS,
    REJECTED,
    WHOLE_YEAR,
    Finding,
    Other,
    Plan,
    Service,
)


def make_plan(seed: int) -> Plan:
    """The world of a seed."""
    dice, plan = random.Random(seed), Plan(seed)
    plan.months = _months(dice)
    plan.forms = FORMS + tuple(form for form in OTHER_FORMS if dice.random() < 0.4)
    _contracts(plan, dice)
    draw_year(plan, random.Random(f"{seed} year"))
    for closing, month in enumerate(plan.months):
        idle = (dice.randrange(2), dice.choice(("A", "B"))) if dice.random() < 0.4 else None
        for n in range(dice.randrange(6, 22) if len(plan.months) < 5 else dice.randrange(3, 9)):
            service = _service(plan, dice, month, n)
            if idle is None or (service.provider, service.named[-1:]) != idle:
                plan.services.append(service)
        _findings(plan, dice, closing)
        _others(plan, dice, closing)
    _advances(plan, dice)
    _spans(plan)
    return plan


def _months(dice: random.Random) -> tuple[int, ...]:
    """The first quarter; or some months and December; or, of one world in thirty, all twelve."""
    kind = dice.random()
    if kind < 0.25:
        return (1, 2, 3)
    if kind > 0.967:
        return tuple(range(1, DECEMBER + 1))
    months = {DECEMBER, *dice.sample((3, 6, 9, 10, 11), dice.choice((1, 1, 2)))}
    if dice.random() < 0.5:
        months.add(dice.randrange(1, DECEMBER))
    return tuple(sorted(months))


def _advances(plan: Plan, dice: random.Random) -> None:
    for provider in (0, 1):
        if dice.random() < 0.4:
            contract = f"K{provider}-{dice.choice('AB')}"
            whole = plan.year_sum(contract, date(2026, 1, 5))
            funding = dice.choice(plan.covers[provider, contract])[1]
            most = max(whole * 3 // 10, 2)
            plan.advances.append((provider, contract, funding, dice.randrange(1, most)))


def _spans(plan: Plan) -> None:
    """In a third of worlds some lines begin or end within a month; contracts with an advance keep
    theirs, as an advance asks for a line in force, and so do those with an agreement."""
    dice = random.Random(f"{plan.seed} spans")
    whole = {contract for _, contract, _, _ in plan.advances}
    whole |= {agreement.contract for agreement in plan.agreements}
    if dice.random() > 1 / 3:
        return
    for (_, contract), lines in plan.covers.items():
        for form, funding in lines:
            if contract not in whole and form != "primary" and dice.random() < 0.5:
                ends = date(2026, dice.choice(plan.months), dice.randrange(5, 25))
                begins = date(2026, 1, 1) + timedelta(days=dice.randrange(4, 48))
                spans = ((WHOLE_YEAR[0], ends), (begins, WHOLE_YEAR[1]))
                plan.spans[contract, form, funding] = dice.choice(spans)


def _contracts(plan: Plan, dice: random.Random) -> None:
    """Two contracts a provider; a line may stand in both, in one, or in none. In a third of worlds
    sums and lines are few, so that what passes the month's sum uses the year's up."""
    scant = dice.random() < 1 / 3
    sums = (100_00, 500_00) if scant else (100_00, 1_500_00, 4_000_00, 20_000_00)
    who = (("A",), ("B",), ("A", "B"), ("A", "B"), ())
    for provider in (0, 1):
        for form in plan.forms:
            for funding in FUNDINGS:
                chosen = dice.choice((*who[:2], (), ()) if scant else who)
                for letter in chosen:
                    plan.covers.setdefault((provider, f"K{provider}-{letter}"), []).append(
                        (form, funding)
                    )
        for letter in "AB":
            plan.covers.setdefault((provider, f"K{provider}-{letter}"), [("outpatient", "tmkkk")])
    for (_, contract), lines in plan.covers.items():
        for form, funding in lines:
            for month in plan.months:
                amount = dice.choice(sums) + dice.randrange(100)
                plan.plans[contract, form, funding, month] = amount


def _service(plan: Plan, dice: random.Random, month: int, n: int) -> Service:
    provider = dice.randrange(2)
    names = (f"K{provider}-A", f"K{provider}-A", f"K{provider}-B", f"K{provider}-B", "", "K-9")
    named = dice.choice((*names, f"K{1 - provider}-A"))
    amount = dice.choice((100_000, dice.randrange(1, 90_000), dice.randrange(1, 300_000)))
    ended = (dice.randrange(1, 28), dice.randrange(60))
    form, funding = dice.choice(plan.forms), dice.choice(FUNDINGS)
    patient = dice.choice(("M1", "M2", f"C{month}-{n:02d}", dice.choice("ABCDEFG")))
    service = Service(
        provider, f"{month}-{n:02d}", month, form, funding, named, amount, ended, patient
    )
    if form == "outpatient":
        service.code = dice.choice(("V1", "V2", "A1", "A1"))
    if form == "stay_group":
        service.group, service.bed = dice.choice(("G1", "G2")), dice.choice(("P1", "P2"))
        settings = ("inpatient", "day_hospital", "admission_department", "home_visit")
        service.setting = dice.choice(settings)
    return service


def _findings(plan: Plan, dice: random.Random, closing: int) -> None:
    """Cases on the month's services before its closing; and on those of earlier months after
    theirs, found before their payment or after."""
    for service in plan.services:
        own = service.month == plan.months[closing]
        if own and dice.random() < 0.6:
            for slug in ("after-death", "repeat-diagnostics")[: dice.choice((1, 1, 2))]:
                found_on = plan.closed_on(closing) - timedelta(days=18)
                plan.findings.append(_finding(plan, service, slug, dice, closing, found_on))
        if not own and dice.random() < 0.35:
            slug = f"later-{closing}"
            found_on = plan.closed_on(closing - 1) + timedelta(days=dice.choice((-2, 1, 8, 12)))
            plan.findings.append(_finding(plan, service, slug, dice, closing, found_on))


def _finding(
    plan: Plan, service: Service, slug: str, dice: random.Random, born: int, found_on: date
) -> Finding:
    part = dice.choice((0, 3, 6, 10, 10, 30))
    stake = service.amount * part // 10 if dice.random() < 0.8 else dice.randrange(1, 500_000)
    outcomes, now = [], dice.choice((OPEN, CONFIRMED, CONFIRMED, REJECTED))
    for closing in range(len(plan.months)):
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
            plan.closed_on(closing) - timedelta(days=dice.choice((3, 9)))
            if not pays and dice.random() < 0.3
            else None
        )
        amount = dice.choice((dice.randrange(1, 40_000), dice.randrange(1, 900_000)))
        lines = plan.covers.get((provider, contract), ENDED)
        funding = dice.choice(sorted({of for _, of in lines}))
        plan.others.append(
            Other(closing, provider, contract, funding, pays, amount, found_on, corrects)
        )
