"""Unconfirmed cases: the dead, the unborn, two places at once, the same record twice, impossible
sex and age."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from qor.engine.simulate.builder import Case, Country, plant, plant_decoys
from qor.engine.simulate.world import SPECIAL


def seen_after_death(case: Case) -> None:
    row = case.visit(case.person(died=case.day(7)), case.day(10))
    case.expects(row, "after-death")


def seen_the_day_after(case: Case) -> None:
    rural = case.country.of_role("rural", case.n)
    row = case.visit(case.person(died=case.day(8)), case.day(9), at=rural, care_form="rural")
    case.expects(row, "after-death", "planted: the day after, in rural care (code 5.0)")


def on_the_day_of_death(case: Case) -> None:
    case.visit(case.person(died=case.day(10)), case.day(10))


def pathology_afterwards(case: Case) -> None:
    bureau = case.country.of_role("bureau", case.n)
    case.visit(case.person(died=case.day(7)), case.day(8), at=bureau, care_form="pathology")


def donor_afterwards(case: Case) -> None:
    case.visit(case.person(died=case.day(7)), case.day(8), service_code=SPECIAL["donor"])


def sample_taken_before(case: Case) -> None:
    morning = datetime.combine(case.day(6), time(8))
    case.visit(
        case.person(died=case.day(7)),
        case.day(8),
        service_code=SPECIAL["laboratory"],
        sample_taken_at=morning,
    )


def seen_before_birth(case: Case) -> None:
    row = case.visit(case.person(born=case.day(11)), case.day(10))
    case.expects(row, "before-birth")


def on_the_day_of_birth(case: Case) -> None:
    case.visit(case.person(born=case.day(10)), case.day(10))


def visit_inside_a_stay(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(6), case.day(12))
    case.expects(case.visit(person, case.day(9)), "during-stay")


def visit_at_the_edges(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(6), case.day(12))
    case.visit(person, case.day(6))
    case.visit(person, case.day(12), service_code="A02.011.000")


def subcontracted(case: Case) -> None:
    person, partner = case.person(), case.other_clinic
    case.stay(person, case.day(6), case.day(12))
    case.visit(
        person, case.day(9), performer_id=partner.doctor(case.n), subcontract_bin=partner.bin
    )


def other_lawful_services(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(6), case.day(12))
    case.visit(person, case.day(8), service_code=SPECIAL["dialysis"])
    case.visit(person, case.day(9), service_code=SPECIAL["prescription"])
    case.visit(
        person,
        case.day(9),
        service_code=SPECIAL["laboratory"],
        sample_taken_at=datetime.combine(case.day(6), time(8)),
        clock=time(12),
    )
    bureau, station = (
        case.country.of_role("bureau", case.n),
        case.country.of_role("station", case.n),
    )
    case.visit(person, case.day(10), at=bureau, care_form="pathology")
    case.visit(
        person,
        case.day(11),
        at=station,
        care_form="ambulance",
        setting="call",
        admission="emergency",
    )


def two_beds(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(6), case.day(10), icd10_main="J18.0")
    row = case.stay(person, case.day(9), case.day(12), at=case.other_hospital, icd10_main="K80.0")
    case.expects(row, "overlapping-stays", "planted: the stay entered later")


def two_beds_by_a_day(case: Case) -> None:
    person = case.person()
    late = case.day(12) + timedelta(days=1)
    row = case.stay(
        person,
        case.day(6),
        case.day(8),
        icd10_main="J18.0",
        registered_at=datetime.combine(late, time(20)),
    )
    case.stay(
        person,
        case.day(8) - timedelta(days=1),
        case.day(11),
        at=case.other_hospital,
        icd10_main="K80.0",
    )
    case.expects(row, "overlapping-stays", "planted: the earlier stay, entered later")


def two_beds_in_one_hospital(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(6), case.day(10), icd10_main="J18.0")
    row = case.stay(person, case.day(10) - timedelta(days=1), case.day(12), icd10_main="K80.0")
    case.expects(
        row, "overlapping-stays", "planted: by a day at one hospital, the stay entered later"
    )


def moved_between_departments(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(6), case.day(9), outcome="transferred")
    case.stay(person, case.day(9), case.day(12), bed_profile="SURGERY")


def same_stay_again(case: Case) -> None:
    person = case.person()
    facts = {"setting": "day_hospital"} if case.n % 2 else {}
    case.stay(person, case.day(6), case.day(10), **facts)
    row = case.stay(person, case.day(6), case.day(10), **facts)
    row["registered_at"] += timedelta(hours=18)
    case.expects(row, "duplicate-service", "planted: the same stay under another number")


def moved_the_same_day(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(6), case.day(9), outcome="transferred")
    case.stay(person, case.day(9), case.day(12), at=case.other_hospital)


def same_record_again(case: Case) -> None:
    person = case.person()
    case.visit(person)
    row = case.visit(person)
    row["registered_at"] += timedelta(minutes=7)
    case.expects(row, "duplicate-service")


def same_record_elsewhere(case: Case) -> None:
    person, doctor = case.person(), f"TWICE-{case.n}"
    case.works(doctor, case.clinic.bin, case.other_clinic.bin)
    case.visit(person, performer_id=doctor)
    row = case.visit(person, at=case.other_clinic, performer_id=doctor)
    row["registered_at"] += timedelta(days=1)
    case.expects(row, "duplicate-service", "planted: billed again by another provider")


def co_executors_register(case: Case) -> None:
    person, partner = case.person(), case.other_clinic
    doctor = partner.doctor(case.n)
    case.visit(person, performer_id=doctor, subcontract_bin=partner.bin)
    case.visit(person, at=partner, performer_id=doctor)


def another_hour(case: Case) -> None:
    person = case.person()
    case.visit(person)
    case.visit(person, clock=time(16, case.n % 60))


def twins_seen_together(case: Case) -> None:
    born = date(1991, 3, 4) + timedelta(days=case.n)
    for _ in range(2):
        case.visit(case.person(born=born), clock=time(9, 30))


def wrong_sex(case: Case) -> None:
    sex, code = ("m", "women") if case.n % 2 else ("f", "men")
    case.expects(case.visit(case.person(sex=sex), service_code=SPECIAL[code]), "sex-conflict")


def right_sex(case: Case) -> None:
    sex, code = ("f", "women") if case.n % 2 else ("m", "men")
    case.visit(case.person(sex=sex), service_code=SPECIAL[code])


def day_before_coming_of_age(case: Case) -> None:
    tomorrow = case.day(10) + timedelta(days=1)
    row = case.visit(
        case.person(born=tomorrow.replace(year=tomorrow.year - 18)), service_code=SPECIAL["adults"]
    )
    case.expects(row, "age-conflict", "planted: one day short of eighteen")


def grown_up_at_childrens(case: Case) -> None:
    today = case.day(10)
    row = case.visit(
        case.person(born=today.replace(year=today.year - 18)), service_code=SPECIAL["children"]
    )
    case.expects(row, "age-conflict", "planted: the eighteenth birthday")


def birthday_at_the_limit(case: Case) -> None:
    today = case.day(10)
    case.visit(
        case.person(born=today.replace(year=today.year - 18)), service_code=SPECIAL["adults"]
    )


def screening_out_of_group(case: Case) -> None:
    row = case.visit(case.person(born=date(2001, 5, 5)), service_code=SPECIAL["screening"])
    case.expects(row, "screening-age", "side finding: a screening outside its age group is 1.2")


def two_clinics_at_once(case: Case) -> None:
    doctor = f"BOTH-{case.n}"
    case.works(doctor, case.clinic.bin, case.other_clinic.bin)
    case.visit(case.person(), performer_id=doctor, clock=time(10, 0))
    row = case.visit(case.person(), at=case.other_clinic, performer_id=doctor, clock=time(10, 19))
    case.expects(row, "doctor-two-places", "planted: they overlap by one minute")


def second_job(case: Case) -> None:
    doctor = f"SECOND-{case.n}"
    case.works(doctor, case.clinic.bin, case.other_clinic.bin)
    case.visit(case.person(), performer_id=doctor, clock=time(10, 0))
    case.visit(case.person(), at=case.other_clinic, performer_id=doctor, clock=time(10, 20))


def reading_from_afar(case: Case) -> None:
    doctor = f"REMOTE-{case.n}"
    case.works(doctor, case.clinic.bin, case.other_clinic.bin)
    case.visit(case.person(), performer_id=doctor, clock=time(10, 0))
    case.visit(
        case.person(),
        at=case.other_clinic,
        performer_id=doctor,
        clock=time(10, 5),
        service_code=SPECIAL["remote"],
    )


def register_all(country: Country, count: int) -> None:
    """Plant `count` unconfirmed cases of each check, and as many of each look-alike."""
    plant(country, "after-death", [seen_after_death, seen_the_day_after], count)
    plant_decoys(
        country,
        "after-death",
        [on_the_day_of_death, pathology_afterwards, donor_afterwards, sample_taken_before],
        count,
    )
    plant(country, "before-birth", [seen_before_birth], count)
    plant_decoys(country, "before-birth", [on_the_day_of_birth], count)
    plant(country, "during-stay", [visit_inside_a_stay], count)
    plant_decoys(
        country, "during-stay", [visit_at_the_edges, subcontracted, other_lawful_services], count
    )
    plant(
        country, "overlapping-stays", [two_beds, two_beds_by_a_day, two_beds_in_one_hospital], count
    )
    plant_decoys(
        country, "overlapping-stays", [moved_the_same_day, moved_between_departments], count
    )
    plant(
        country,
        "duplicate-service",
        [same_record_again, same_record_elsewhere, same_stay_again],
        count,
    )
    plant_decoys(
        country,
        "duplicate-service",
        [co_executors_register, another_hour, twins_seen_together, moved_between_departments],
        count,
    )
    plant(country, "sex-conflict", [wrong_sex], count)
    plant_decoys(country, "sex-conflict", [right_sex], count)
    plant(country, "age-conflict", [day_before_coming_of_age, grown_up_at_childrens], count)
    plant_decoys(country, "age-conflict", [birthday_at_the_limit, screening_out_of_group], count)
    plant(country, "doctor-two-places", [two_clinics_at_once], count)
    plant_decoys(country, "doctor-two-places", [second_job, reading_from_afar], count)
