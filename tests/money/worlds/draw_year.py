"""Drawing what a year brings beside services: agreements, people, norms, scales and marks."""

from __future__ import annotations

import random
from datetime import date

from tests.money.worlds.plan import Agreement, Mark, Person, Plan

YEAR = date(2026, 1, 1)


def draw_year(plan: Plan, dice: random.Random) -> None:
    """All of it."""
    _agreements(plan, dice)
    _scales(plan, dice)
    _marks(plan, dice)
    for provider in (0, 1):
        plan.norms[provider, "КТ"] = dice.choice((38_450_00, 900_01, dice.randrange(1, 200_000)))
    if "primary" in plan.forms:
        _primary_care(plan, dice)


def _agreements(plan: Plan, dice: random.Random) -> None:
    """In most worlds a contract is lessened or raised, some lines or all: from a month on that is
    still open, or for months that were closed too."""
    for (_, contract), lines in plan.covers.items():
        if dice.random() > 0.3:
            continue
        since = date(2026, dice.choice(plan.months[1:]), dice.choice((1, 25)))
        sums = {
            (form, funding, month): plan.plans[contract, form, funding, month] * times // 3
            for times, closed_too in [(dice.choice((0, 0, 1, 6)), dice.random() < 0.4)]
            for form, funding in lines
            if dice.random() < 0.8
            for month in plan.months
            if month >= since.month or closed_too
        }
        plan.agreements.append(Agreement(contract, since, sums))


def _scales(plan: Plan, dice: random.Random) -> None:
    """Bands of either scale, or none."""
    if dice.random() < 0.5:
        plan.bands["outpatient"] = [(0, 100, 60), (100, None, 25)]
    if dice.random() < 0.5:
        plan.bands["inpatient"] = [(0, 50, 50), (50, 200, 10)]


def _marks(plan: Plan, dice: random.Random) -> None:
    """What the scales leave alone, from a day on or up to one."""
    day = date(2026, dice.choice(plan.months), dice.randrange(2, 27))
    spans = ((YEAR, None), (YEAR, None), (day, None), (YEAR, day))
    if dice.random() < 0.5:
        names = ("antenatal", "trauma_point", "preventive_examination", "screening")
        plan.service_marks.append(Mark(dice.choice(names), "", "A1", *dice.choice(spans)))
    if "stay_group" in plan.forms:
        if dice.random() < 0.4:
            name = dice.choice(("dialysis", "child_cancer", "high_technology"))
            plan.service_marks.append(Mark(name, "", "G1", *dice.choice(spans)))
        if dice.random() < 0.3:
            beds = Mark("infectious_beds", "bed_profile", "P1", *dice.choice(spans))
            plan.service_marks.append(beds)
        if dice.random() < 0.4:
            plan.provider_marks.append(_of_provider(dice, *dice.choice(spans)))


def _of_provider(dice: random.Random, since: date, until: date | None) -> Mark:
    name, share = dice.choice(
        (
            ("maternity_organisation", ""),
            ("births_share", "45"),
            ("infants_share", "44.99"),
            ("births_and_infants_share", "45.01"),
            ("republican_tuberculosis", ""),
        )
    )
    return Mark(name, "", str(dice.randrange(2)), since, until, share)


def _primary_care(plan: Plan, dice: random.Random) -> None:
    """People, their contributions, norms and what is reported."""
    for letter in "ABCDEFG":
        since = dice.choice(
            (date(2025, 1, 1), date(2025, 1, 1), date(2026, dice.randrange(2, 12), 3))
        )
        begins = dice.choice((date(2020, 1, 1), date(2026, dice.randrange(1, 13), 15)))
        insured = (begins, date(2026, 12, 31)) if dice.random() < 0.7 else None
        plan.persons.append(Person(letter, dice.randrange(2), since, insured))
    for provider in (0, 1):
        plan.norms[provider, "КЖН"] = dice.choice((1_380_50, dice.randrange(1, 90_000)))
        if dice.random() < 0.3:
            plan.factors[provider] = dice.choice((110, 93, 105))
        for kind in ("urgent_care", "pupils", "split_up"):
            plan.norms[provider, kind] = dice.randrange(1, 20_000)
        for month in plan.months:
            for kind in ("pupils", "split_up"):
                if dice.random() < 0.3:
                    plan.groups[provider, month, kind] = dice.randrange(1, 40)
            if dice.random() < 0.3:
                plan.reported[provider, month, "phenylketonuria"] = dice.randrange(1, 90_000)
