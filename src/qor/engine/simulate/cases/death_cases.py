"""Deaths, services outside the contract, rows that go back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from qor.engine.simulate.builder import Case, Country, plant, plant_decoys
from qor.engine.simulate.world import SPECIAL

CONTRACT_ENDS = date(2026, 2, 12)


def died_in_hospital(case: Case) -> None:
    person = case.person(died=case.day(10), cause="I21.9")
    case.expects(case.stay(person, case.day(7), case.day(10), outcome="died"), "death-in-stay")


def maternal_death(case: Case) -> None:
    person = case.person(born=date(1995, 1, 1), died=case.day(10), cause="O72.1")
    case.stay(person, case.day(7), case.day(10), outcome="died", icd10_main="O72.1")


def infant_died_at_home(case: Case) -> None:
    person = case.person(born=date(2025, 8, 1), died=case.day(12), cause="J18.9")
    case.visit(person, case.day(8))
    row = case.visit(person, case.day(10), service_code="A02.011.000")
    case.expects(row, "infant-death", "planted: the last service before the death")


def infant_died_in_hospital(case: Case) -> None:
    person = case.person(born=date(2025, 8, 1), died=case.day(10), cause="J18.9")
    row = case.stay(person, case.day(7), case.day(10), outcome="died")
    case.expects(row, "infant-death")
    case.expects(row, "death-in-stay", "side finding: the stay ended in death (clause 40, 1)")


def infant_complication(case: Case) -> None:
    person = case.person(born=date(2025, 8, 1), died=case.day(12), cause="W80.0")
    row = case.visit(person, case.day(10), icd10_main="T81.4")
    case.expects(row, "infant-death", "planted: a complication of care is never excepted")


def newborn_died(case: Case) -> None:
    row = case.stay(
        None, case.day(7), case.day(9), identity_kind="newborn", outcome="died", icd10_main="P22.0"
    )
    case.expects(row, "infant-death", "planted: a newborn without an IIN")
    case.expects(row, "death-in-stay", "side finding: the stay ended in death (clause 40, 1)")


def infant_accident(case: Case) -> None:
    case.visit(case.person(born=date(2025, 8, 1), died=case.day(12), cause="W80.0"), case.day(10))


def on_the_first_birthday(case: Case) -> None:
    died = case.day(12)
    case.visit(
        case.person(born=died.replace(year=died.year - 1), died=died, cause="J18.9"), case.day(10)
    )


def form_outside_contract(case: Case) -> None:
    row = case.visit(case.person(), at=case.country.of_role("polyclinic", 3), care_form="pathology")
    case.expects(row, "not-in-contract")


def day_after_contract(case: Case) -> None:
    row = case.visit(
        case.person(),
        CONTRACT_ENDS + timedelta(days=1),
        at=case.country.of_role("polyclinic", 4),
        care_form="pathology",
    )
    case.expects(row, "not-in-contract", "planted: the day after the contract line's last")


def last_day_of_contract(case: Case) -> None:
    case.visit(
        case.person(),
        CONTRACT_ENDS,
        at=case.country.of_role("polyclinic", 4),
        care_form="pathology",
    )


def named_by_its_code(case: Case) -> None:
    case.visit(
        case.person(),
        at=case.country.of_role("polyclinic", 3),
        care_form="blood",
        identity_kind="iin",
        service_code=SPECIAL["contracted"],
    )


def overpriced(case: Case) -> None:
    row = case.visit(case.person())
    row["amount"] += Decimal("0.02")
    case.expects(row, "overpriced", "planted: two tiyn above")


def one_tiyn_above(case: Case) -> None:
    case.visit(case.person())["amount"] += Decimal("0.01")


def not_insured(case: Case) -> None:
    case.expects(case.visit(case.person(insured=False), funding="osms"), "not-insured")


def insured_until_yesterday(case: Case) -> None:
    person = case.person(insured_to=case.day(10) - timedelta(days=1))
    case.expects(
        case.visit(person, funding="osms"),
        "not-insured",
        "planted: the day after the last insured one",
    )


def last_insured_day(case: Case) -> None:
    case.visit(case.person(insured_to=case.day(10)), case.day(10), funding="osms")


def state_guaranteed(case: Case) -> None:
    case.visit(case.person(insured=False), funding="tmkkk")


def emergency(case: Case) -> None:
    case.visit(case.person(insured=False), funding="osms", admission="emergency")


def register_all(country: Country, count: int) -> None:
    """Plant `count` cases of deaths, contracts and returned rows, and as many of each
    look-alike."""
    plant(country, "death-in-stay", [died_in_hospital], count)
    plant_decoys(country, "death-in-stay", [maternal_death], count)
    plant(
        country,
        "infant-death",
        [infant_died_at_home, infant_died_in_hospital, infant_complication, newborn_died],
        count,
    )
    plant_decoys(country, "infant-death", [infant_accident, on_the_first_birthday], count)
    plant(country, "not-in-contract", [form_outside_contract, day_after_contract], count)
    plant_decoys(country, "not-in-contract", [last_day_of_contract, named_by_its_code], count)
    plant(country, "overpriced", [overpriced], count)
    plant_decoys(country, "overpriced", [one_tiyn_above], count)
    plant(country, "not-insured", [not_insured, insured_until_yesterday], count)
    plant_decoys(country, "not-insured", [last_insured_day, state_guaranteed, emergency], count)
