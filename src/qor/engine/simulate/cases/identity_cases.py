"""Cases of identity: IIN, register, sex and age against the diagnosis."""

from __future__ import annotations

from datetime import date, timedelta

from qor.engine.simulate.builder import Case, Country, plant, plant_decoys
from qor.law.nouns.identifiers import check_digit

_WRONG = ("wrong digit", "eleven digits", "no date", "missing")


def bad_iin(case: Case) -> None:
    good = case.person(registered=False).iin
    no_date = f"801399400{case.n % 100:02d}"
    iins = (
        good[:11] + str((int(good[11]) + 1) % 10),
        good[:11],
        f"{no_date}{check_digit(no_date)}" if check_digit(no_date) is not None else "801399400",
        None,
    )
    case.expects(
        case.visit(None, iin=iins[case.n % 4]), "iin-invalid", f"planted: {_WRONG[case.n % 4]}"
    )


def without_iin(case: Case) -> None:
    kinds = ("newborn", "foreigner", "unidentified", "anonymous")
    case.visit(None, identity_kind=kinds[case.n % 4])


def blood_has_none(case: Case) -> None:
    bureau = case.country.of_role("bureau", case.n)
    case.visit(None, at=bureau, care_form="blood", identity_kind="none", icd10_main=None)


def stranger(case: Case) -> None:
    person = case.person(registered=False)
    case.expects(case.visit(person), "person-unknown")


def foreigner(case: Case) -> None:
    case.visit(None, identity_kind="foreigner")


def register_differs(case: Case) -> None:
    person = case.person(born=date(1975, 6, 1), sex="m" if case.n % 2 else "f")
    if case.n % 2:
        person.sex = "f"
    else:
        person.born = person.born + timedelta(days=1)
    case.expects(
        case.visit(person),
        "birth-sex-mismatch",
        "planted: sex" if case.n % 2 else "planted: birth date",
    )


def seventh_digit_zero(case: Case) -> None:
    case.visit(case.person(born=date(1970, 1, 2) + timedelta(days=case.n), digit="0"))


def man_with_womans_disease(case: Case) -> None:
    case.expects(case.visit(case.person(sex="m"), icd10_main="N70.1"), "sex-conflict-diagnosis")


def woman_with_mans_disease(case: Case) -> None:
    case.expects(case.visit(case.person(sex="f"), icd10_main="N40"), "sex-conflict-diagnosis")


def right_sex(case: Case) -> None:
    case.visit(case.person(sex="f"), icd10_main="N70.1")
    case.visit(case.person(sex="m"), icd10_main="N40")


def grown_up_newborn(case: Case) -> None:
    case.expects(case.visit(case.person(), icd10_main="P07.3"), "age-conflict-diagnosis")


def day_before_eighteen(case: Case) -> None:
    tomorrow = case.day(10) + timedelta(days=1)
    person = case.person(born=tomorrow.replace(year=tomorrow.year - 18))
    case.expects(
        case.visit(person, icd10_main="F10.2"),
        "age-conflict-diagnosis",
        "planted: one day short of the limit",
    )


def eighteenth_birthday(case: Case) -> None:
    today = case.day(10)
    case.visit(case.person(born=today.replace(year=today.year - 18)), icd10_main="F10.2")


def infant_of_eleven_months(case: Case) -> None:
    case.visit(case.person(born=date(2025, 3, 2)), icd10_main="P07.3")


def register_all(country: Country, count: int) -> None:
    """Plant `count` defects of each check of identity, and as many of each look-alike."""
    plant(country, "iin-invalid", [bad_iin], count)
    plant_decoys(country, "iin-invalid", [without_iin, blood_has_none], count)
    plant(country, "person-unknown", [stranger], count)
    plant_decoys(country, "person-unknown", [foreigner], count)
    plant(country, "birth-sex-mismatch", [register_differs], count)
    plant_decoys(country, "birth-sex-mismatch", [seventh_digit_zero], count)
    plant(
        country, "sex-conflict-diagnosis", [man_with_womans_disease, woman_with_mans_disease], count
    )
    plant_decoys(country, "sex-conflict-diagnosis", [right_sex], count)
    plant(country, "age-conflict-diagnosis", [grown_up_newborn, day_before_eighteen], count)
    plant_decoys(
        country, "age-conflict-diagnosis", [eighteenth_birthday, infant_of_eleven_months], count
    )
