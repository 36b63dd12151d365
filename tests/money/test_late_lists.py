"""Lists loaded after a closing: a complex tariff, a norm, a number of people. The next closing
enters the difference once, either way; later decisions take no more than what is left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.engine.registers import BIN, OTHER
from tests.money import tampers
from tests.money.four_contracts import Two, accounts, choose, make_two
from tests.money.small_fund import close_case
from tests.money.test_tampers import disarmed
from tests.tampering import contents
from tests.workflow.people import World

from qor.engine.storage.duck import connect, literal
from qor.law.nouns.months import Month
from qor.workflow.acts.models import Debt, Deduction, HeldService, OtherSum
from qor.workflow.acts.service_account import ServiceAccount, accounts_of
from qor.workflow.acts.unready import unready_of
from qor.workflow.disputes.models import Case
from qor.workflow.proof import lake_part, verify

JANUARY, FEBRUARY, MARCH, APRIL = (Month(2026, n) for n in (1, 2, 3, 4))
D = Decimal


@pytest.fixture
def two(tmp_path: Path, world: World) -> Two:
    """Two providers, of mental care; the second has a service of pathology in each month, so that
    it closes."""
    fund = make_two(tmp_path, world)
    accounts(fund, BIN, OTHER)
    fund.contract("K-3", "pathology", "9000.00")
    return fund


def tariff(two: Two, value: str, bin_: str = "*") -> None:
    """The complex tariff of every month, as it is said now."""
    two.load("norms", {"bin": bin_, "kind": "КТ", "valid_from": "2024-01-01", "value": value})


def close(two: Two, *months: Month) -> None:
    """Close months, one after another, each with a proof of all of the money."""
    for month in months:
        two.services(month, 1, "K-3", "pathology")
        two.run(month)
        two.close(month)


def account(two: Two, service: str, of: str = "2026-01") -> ServiceAccount:
    """The account of a service of the first provider."""
    key = (two.world.providers["71"].organisation.pk, service, of)
    return accounts_of(two.lake, [key])[key[:2]]


def decide(two: Two, service: str, stake: str, outcome: str = "confirmed") -> Case:
    """A defect of a service of January, found before its payment, and decided; open where no
    outcome is given."""
    case = two.world.case(
        region="71",
        month="2026-01",
        service_id=service,
        care_form="mental",
        found_on=date(2026, 2, 10),
        amount=D(1300),
        proposed_deduction=D(stake),
    )
    close_case(case, outcome)
    return case


def entered(month: str = "") -> list[tuple[str, str, Decimal]]:
    """The recalculations: contract, month of the closing, tenge; below zero what comes back."""
    sums = OtherSum.objects.filter(ground="recalculation").order_by("pk")
    return [
        (each.contract_no, f"{each.at:%Y-%m}", each.amount if each.pays else -each.amount)
        for each in sums
        if month in each.statement
    ]


def patients(two: Two, count: int, month: Month = JANUARY, number: str = "K-1") -> list[str]:
    """Patients of mental care, each with one service."""
    two.services(month, count, number, "mental")
    return [f"{number}-mental-{month}-{n}" for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("stake", "back", "above"),
    [("1300", 1000, 0), ("1000", 1000, 0), ("3000", 1000, 1700), ("400", 400, 0)],
)
def test_a_lower_tariff_then_a_defect(two: Two, stake: str, back: int, above: int) -> None:
    """291/2020:19: 1,300 paid; the tariff becomes 1,000: 300 come back. Then a defect of the whole
    takes only the 1,000 that are left, and no closing enters the 300 again."""
    two.contract("K-1", "mental", "900000.00")
    (service,) = patients(two, 1)
    tariff(two, "1300.00")
    close(two, JANUARY)
    tariff(two, "1000.00")
    close(two, FEBRUARY)
    assert entered() == [("K-1", "2026-03", D(-300))]
    aftere = account(two, service)
    assert (aftere.price, aftere.accepted, aftere.moved, aftere.paid) == (1300, 1300, -300, 1000)
    decide(two, service, stake)
    close(two, MARCH)
    aftere = account(two, service)
    assert (aftere.taken_back, aftere.sanction, aftere.paid) == (back, above, 1000 - back)
    assert len(entered()) == 1
    assert sum(debt.amount for debt in Debt.objects.all()) == 300 + back + above


@pytest.mark.parametrize(
    ("stake", "moved", "paid"), [("400", -300, 600), ("1200", -100, 0), ("1300", 0, 0)]
)
def test_a_defect_then_a_lower_tariff(two: Two, stake: str, moved: int, paid: int) -> None:
    """291/2020:19: the other way round: of 1,300 a defect took so much; the tariff becomes 1,000:
    never more than what is left comes back, nothing of a service that was taken whole."""
    two.contract("K-1", "mental", "900000.00")
    (service,) = patients(two, 1)
    tariff(two, "1300.00")
    close(two, JANUARY)
    decide(two, service, stake)
    close(two, FEBRUARY)
    tariff(two, "1000.00")
    close(two, MARCH, APRIL)
    after = account(two, service)
    assert (after.moved, after.paid) == (moved, paid)
    assert entered() == ([("K-1", "2026-04", D(moved))] if moved else [])


def test_both_in_one_closing(two: Two) -> None:
    """291/2020:19: the lower tariff and the defect of the whole meet in one closing: 300 and 1,000
    come back, 1,300 in all."""
    two.contract("K-1", "mental", "900000.00")
    (service,) = patients(two, 1)
    tariff(two, "1300.00")
    close(two, JANUARY)
    tariff(two, "1000.00")
    decide(two, service, "1300")
    close(two, FEBRUARY, MARCH)
    after = account(two, service)
    assert (after.moved, after.taken_back, after.sanction, after.paid) == (-300, 1000, 0, 0)
    assert sum(debt.amount for debt in Debt.objects.all()) == 1300


def test_a_deduction_of_the_act_stays_beside_a_lower_tariff(two: Two) -> None:
    """291/2020:19: 400 of 1,300 deducted in the act, 900 paid; the tariff becomes 1,000: 600 are
    due. The deduction is withdrawn: its 400 are released, and 1,000 are paid in all."""
    two.contract("K-1", "mental", "900000.00")
    service, returned = patients(two, 2)
    tariff(two, "1300.00")
    case = decide(two, service, "400")
    decide(two, returned, "1300")
    close(two, JANUARY)
    tariff(two, "1000.00")
    close(two, FEBRUARY)
    assert entered() == [("K-1", "2026-03", D(-300))]
    close_case(case, "rejected")
    close(two, MARCH, APRIL)
    after = account(two, service)
    assert (after.accepted, after.moved, after.paid) == (1300, -300, 1000)
    assert account(two, returned).moved == 0
    assert len(entered()) == 1


@pytest.mark.parametrize(
    ("before", "after", "moved"), [("1300.00", "1000.00", -300), ("", "1000.00", 1000)]
)
def test_what_waits_is_recalculated_when_it_is_free(
    two: Two, before: str, after: str, moved: int
) -> None:
    """291/2020:23: held in January, the tariff changes (or comes) in February, set free by
    February's act as it was held; March brings it to the tariff, April enters nothing."""
    two.contract("K-1", "mental", "900000.00")
    (service,) = patients(two, 1)
    if before:
        tariff(two, before)
    two.services(JANUARY, 1, "K-3", "pathology")
    two.run(JANUARY)
    case = decide(two, service, "500", "")
    two.close(JANUARY)
    assert HeldService.objects.get().amount == D(before or 0)
    tariff(two, after)
    Case.objects.filter(pk=case.pk).update(outcome="rejected")
    close(two, FEBRUARY)
    assert (account(two, service).accepted, entered()) == (D(before or 0), [])
    close(two, MARCH, APRIL)
    assert account(two, service).paid == 1000
    assert entered() == [("K-1", "2026-04", D(moved))]


def test_a_tariff_that_comes_late_pays_every_month_by_its_contract(two: Two) -> None:
    """291/2020:19, 291/2020:27: no tariff in January and February: nothing was paid. Loaded in
    March: two contracts are paid their patients of both months, within the month's sum."""
    for number in ("K-1", "K-2"):
        two.contract(number, "mental", "2500.00")
    for month in (JANUARY, FEBRUARY):
        patients(two, 2, month)
        patients(two, 3, month, "K-2")
    close(two, JANUARY, FEBRUARY)
    assert entered() == []
    tariff(two, "1000.00")
    close(two, MARCH)
    by_month = {
        of: sorted((contract, amount) for contract, _, amount in entered(of))
        for of in ("2026-01", "2026-02")
    }
    whole = [("K-1", D(2000)), ("K-2", D(2500))]
    assert by_month == {"2026-01": whole, "2026-02": whole}
    assert [two.act(MARCH, n).to_pay for n in ("K-1", "K-2")] == [D(4000), D(5000)]
    tariff(two, "1200.00")
    close(two, APRIL)
    assert entered()[4:] == [("K-1", "2026-05", D(400)), ("K-1", "2026-05", D(400))]


def test_a_line_keeps_to_its_sum(two: Two) -> None:
    """291/2020:27: three patients at 1,300, a month's sum of 2,600: one lies beyond. At 1,000 each
    600 of 2,600 pay the third; at 800 the line comes to 2,400; at 1,300 again it is as before."""
    two.contract("K-1", "mental", "2600.00")
    services = patients(two, 3)
    tariff(two, "1300.00")
    close(two, JANUARY)
    for value, month, moved in (
        ("1000.00", FEBRUARY, [-300, -300, 600]),
        ("800.00", MARCH, [-500, -500, 800]),
        ("1300.00", APRIL, [-500 + 200, -500, 800]),
    ):
        tariff(two, value)
        close(two, month)
        assert [account(two, service).moved for service in services] == moved
    assert [amount for _, _, amount in entered()] == [D(-200), D(200)]


def test_a_year_that_is_used_up_pays_nothing_more(two: Two) -> None:
    """291/2020:27: the year's sum is 3,000, paid out in January's and February's acts; a higher
    tariff finds nothing left. A supplementary agreement brings 500: so much is paid."""
    facts = {"valid_from": "2026-01-01"}
    line = {"contract_no": "K-1", "bin": BIN, "care_form": "mental", "funding": "tmkkk"}
    two.load("contracts", line | facts | {"line": 1, "service_code": "*", "amount": "3000.00"})
    patients(two, 2)
    tariff(two, "1500.00")
    close(two, JANUARY)
    tariff(two, "1800.00")
    close(two, FEBRUARY)
    assert entered() == []
    later = {"valid_from": "2026-03-01", "agreement_no": "2"}
    two.load("contracts", line | later | {"line": 1, "service_code": "*", "amount": "3500.00"})
    close(two, MARCH, APRIL)
    assert entered() == [("K-1", "2026-04", D(500))]


def test_a_norm_and_people_that_change_late(two: Two) -> None:
    """291/2020:47, 47-1: January had seven people at 100; two of them turn out to be without
    contributions, the norm to be 120: 5 x 120 + 2 x 108 - 700 = 116. February's own line is right
    from the start, and nothing is entered twice."""
    two.contract("K-1", "primary", "900000.00")
    norm = {"bin": "*", "kind": "КЖН", "valid_from": "2024-01-01"}
    two.load("norms", norm | {"value": "100.00"})
    people = {"bin": BIN, "month": "2026-01", "sex": "f", "persons": 7}
    two.load("attached", people, of="2026-01")
    close(two, JANUARY)
    two.load("norms", norm | {"value": "120.00"})
    two.load("attached", people | {"without_contributions": 2}, of="2026-01")
    two.load("attached", people | {"month": "2026-02"}, of="2026-02")
    close(two, FEBRUARY)
    assert entered() == [("K-1", "2026-03", D(116))]
    assert two.act(FEBRUARY, "K-1").to_pay == D(840 + 116)
    two.load("attached", people | {"persons": 3}, of="2026-01")
    close(two, MARCH)
    assert entered()[1:] == [("K-1", "2026-04", D(3 * 120 - 816))]
    close(two, APRIL)
    assert len(entered()) == 2


def test_a_late_line_is_not_counted_twice(two: Two) -> None:
    """291/2020:47: January's people come in February, whose act makes the line of January; March
    changes them: only the difference is entered."""
    two.contract("K-1", "ambulance", "900000.00")
    two.load("norms", {"bin": "*", "kind": "ЖБН", "valid_from": "2024-01-01", "value": "10.00"})
    close(two, JANUARY)
    people = {"bin": BIN, "month": "2026-01", "sex": "f", "persons": 7}
    two.load("attached", people, of="2026-01")
    close(two, FEBRUARY)
    assert entered() == [] and two.act(FEBRUARY, "K-1").to_pay == 70
    two.load("attached", people | {"persons": 9}, of="2026-01")
    close(two, MARCH, APRIL)
    assert entered() == [("K-1", "2026-04", D(20))]


def test_only_named_by_the_setting(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:19: by the other choice of lists_loaded_late nothing is entered: the line is named
    with its difference, until a person enters it or the setting is changed."""
    choose(monkeypatch, "lists_loaded_late", "name_only")
    two.contract("K-1", "mental", "900000.00")
    (service,) = patients(two, 1)
    tariff(two, "1300.00")
    close(two, JANUARY)
    tariff(two, "1000.00")
    close(two, FEBRUARY)
    late = [m for m in unready_of(FEBRUARY) if m.what == "loaded_late"]
    assert [(m.contract_no, m.service_month, m.services, m.amount) for m in late] == [
        ("K-1", "2026-01", 1, D(-300))
    ]
    assert (entered(), account(two, service).paid) == ([], 1300)
    choose(monkeypatch, "lists_loaded_late", "recalculate")
    close(two, MARCH)
    assert entered() == [("K-1", "2026-04", D(-300))]
    assert not [m for m in unready_of(MARCH) if m.what == "loaded_late"]


def test_no_deduction_stands_without_its_sum(two: Two) -> None:
    """291/2020:19: the account, the other sum, its debt and the act agree: 300 are netted from the
    next act of the contract."""
    two.contract("K-1", "mental", "900000.00")
    patients(two, 1)
    tariff(two, "1300.00")
    close(two, JANUARY)
    tariff(two, "1000.00")
    patients(two, 1, FEBRUARY)
    close(two, FEBRUARY)
    act = two.act(FEBRUARY, "K-1")
    assert (act.claimed, act.other_deductions, act.to_pay) == (1000, 300, 700)
    debt = Debt.objects.get()
    assert (debt.way, debt.contract_no, debt.funding) == ("net", "K-1", "tmkkk")
    assert not Deduction.objects.exists()


def test_a_recalculation_that_was_changed_is_found(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:19: the sum lessened, moved, deleted or renamed with all that hangs on it: the part
    of the lake says otherwise. A part that takes back more than was accepted is found too."""
    two.contract("K-1", "mental", "900000.00")
    patients(two, 1)
    tariff(two, "1300.00")
    close(two, JANUARY)
    tariff(two, "1000.00")
    close(two, FEBRUARY)
    for name, statements in tampers.LATE.items():
        assert "settled_services_are_those_of_the_acts" in _broken(two, *statements), name
    part = next(part for part in two.lake.parts("settled") if part.month == "2026-02")
    _take_more_back(two.lake.root / part.path)
    assert "the_lake_holds_what_was_closed" in _broken(two)
    monkeypatch.setattr(lake_part, "sha256_of", lambda _: part.sha256)  # as if its digest were it
    assert "nothing_is_recalculated_below_zero" in _broken(two)


def _broken(two: Two, *statements: str) -> set[str]:
    """What is broken by a change past the actions, which is undone."""
    with transaction.atomic():
        before = contents("acts_")
        with disarmed(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        assert not statements or contents("acts_") != before
        broken = {proof.name for proof in verify(two.lake) if proof.broken}
        transaction.set_rollback(True)
    return broken


def _take_more_back(path: Path) -> None:
    """The part anew, with ten times what came back."""
    draft = path.with_suffix(".draft")
    with connect() as duck:
        duck.execute(f"""COPY (SELECT * REPLACE (CASE WHEN kind = 'moved' THEN accepted * 10
            ELSE accepted END AS accepted) FROM read_parquet({literal(path)}))
            TO {literal(draft)} (FORMAT parquet)""")
    path.chmod(0o600)
    draft.replace(path)
