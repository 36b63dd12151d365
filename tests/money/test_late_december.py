"""December's recalculation of people never served, when what it rests on changes after December
was closed: closings after it enter only the difference, either way (291/2020:47-1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import BIN, OTHER
from tests.money.four_contracts import Two, accounts, choose, make_two
from tests.tiny import PEOPLE
from tests.workflow.people import World

from qor.law.nouns.months import Month
from qor.workflow.acts.models import OtherSum
from qor.workflow.acts.unready import unready_of
from qor.workflow.proof import verify

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
D = Decimal
PERSON = {
    "sex": "f",
    "birth_date": "1980-03-14",
    "attached_bin": BIN,
    "attached_since": "2025-01-01",
    "attachment_consent": "true",
}


@pytest.fixture
def two(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Two:
    """A provider paid for two people never served in November and December, one of them without
    contributions; both months are closed."""
    choose(monkeypatch, "december_mean_of_a_young_contract", "months_of_the_contract")
    fund = make_two(tmp_path, world)
    accounts(fund, BIN, OTHER)
    norm(fund, "100.00")
    fund.contract("K-1", "primary", "900000.00", range(11, 13), valid_from="2026-11-01")
    fund.load("people", *(PERSON | {"iin": PEOPLE[n]} for n in "AB"))
    fund.load("insured", {"iin": PEOPLE["A"], "valid_from": "2020-01-01"})
    for month in (NOVEMBER, DECEMBER):
        people = {"bin": BIN, "month": str(month), "sex": "f", "persons": 2}
        fund.load("attached", people | {"without_contributions": 1}, of=str(month))
    fund.close(NOVEMBER)
    fund.close(DECEMBER, date(2027, 1, 20))
    return fund


def norm(two: Two, value: str) -> None:
    """The norm of a person a month."""
    two.load("norms", {"bin": "*", "kind": "КЖН", "valid_from": "2024-01-01", "value": value})


def close(two: Two, number: int) -> None:
    """Close a month of 2027, and prove all of the money, the lake's parts too."""
    month = Month(2027, number)
    two.close(month, month.shift(1).first.replace(day=20))
    assert [proof.name for proof in verify(two.lake) if proof.broken] == []


def entered(clause: str = "291/2020:47-1") -> list[Decimal]:
    """The recalculations of a clause in their order; below zero what comes back."""
    sums = OtherSum.objects.filter(statement__startswith=clause, ground="recalculation")
    return [each.amount if each.pays else -each.amount for each in sums.order_by("pk")]


@pytest.mark.slow
def test_only_the_difference_is_entered_after_december(two: Two) -> None:
    """291/2020:47-1: December takes 20 and 10 of each month: 60. The insured person turns out to
    have died in December: 40 are given back. Who is attached elsewhere in 2027 changes nothing.
    The norm was 200: November is paid 190 more, December stays at its mean as it was closed (24),
    so that ten per cent of 200 come back once and of December, paid at less, nothing."""
    assert entered() == [D(-60)]
    close(two, 1)
    assert entered() == [D(-60)]
    two.load("people", PERSON | {"iin": PEOPLE["A"], "death_date": "2026-12-15"})
    close(two, 2)
    assert entered() == [D(-60), D(40)]
    moved = {"attached_bin": OTHER, "attached_since": "2027-03-10"}
    two.load("people", PERSON | {"iin": PEOPLE["B"]} | moved)
    close(two, 3)
    assert len(entered()) == 2
    norm(two, "200.00")
    close(two, 4)
    assert (entered(), entered("291/2020:19")) == ([D(-60), D(40)], [D(190)])
    two.load("people", PERSON | {"iin": PEOPLE["A"]})
    close(two, 5)
    assert (entered(), entered("291/2020:19")) == ([D(-60), D(40), D(-40)], [D(190)])
    close(two, 6)
    assert (len(entered()), len(entered("291/2020:19"))) == (3, 1)


@pytest.mark.slow
def test_only_named_after_december(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:47-1: by the other choice of lists_loaded_late the difference is named; the next
    closing enters it when the setting is changed, though no list came since."""
    choose(monkeypatch, "lists_loaded_late", "name_only")
    two.load("people", PERSON | {"iin": PEOPLE["A"], "death_date": "2026-12-15"})
    close(two, 1)
    late = [
        (m.service_month, m.kind, m.amount)
        for m in unready_of(Month(2027, 1))
        if m.what == "loaded_late"
    ]
    assert (late, entered()) == ([("2026-12", "never_served", D(40))], [D(-60)])
    choose(monkeypatch, "lists_loaded_late", "recalculate")
    close(two, 2)
    assert entered() == [D(-60), D(40)]


@pytest.mark.slow
def test_december_itself_is_entered_by_either_choice(two: Two) -> None:
    """291/2020:47-1: the deduction of December is no late list; it names its month and persons."""
    recalculated = OtherSum.objects.get()
    assert recalculated.statement == "291/2020:47-1, primary, 2026-12: 1"
    assert (
        recalculated.contract_no,
        recalculated.funding,
        recalculated.amount,
        recalculated.pays,
    ) == ("K-1", "tmkkk", 60, False)
