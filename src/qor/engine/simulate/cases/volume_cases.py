"""Cases of unjustified and overstated care: repeats, licences, quantities."""

from __future__ import annotations

from datetime import date, time, timedelta

from qor.engine.simulate.builder import Case, Country, plant, plant_decoys
from qor.engine.simulate.world import EXAMINATIONS, SPECIAL, Provider

LICENCE_ENDS = date(2026, 2, 13)


def repeated_examination(case: Case) -> None:
    person, code = case.person(), EXAMINATIONS[case.n % len(EXAMINATIONS)]
    case.visit(person, case.day(10) - timedelta(days=20), service_code=code)
    case.expects(
        case.visit(person, case.day(10), service_code=code, at=case.other_clinic),
        "repeat-diagnostics",
    )


def repeated_on_the_thirtieth_day(case: Case) -> None:
    person, code = case.person(), EXAMINATIONS[case.n % len(EXAMINATIONS)]
    case.visit(person, case.day(10) - timedelta(days=30), service_code=code)
    case.expects(
        case.visit(person, case.day(10), service_code=code),
        "repeat-diagnostics",
        "planted: exactly the limit",
    )


def after_the_limit(case: Case) -> None:
    person, code = case.person(), EXAMINATIONS[case.n % len(EXAMINATIONS)]
    case.visit(person, case.day(10) - timedelta(days=31), service_code=code)
    case.visit(person, case.day(10), service_code=code)


def for_another_disease(case: Case) -> None:
    person, code = case.person(), EXAMINATIONS[case.n % len(EXAMINATIONS)]
    case.visit(person, case.day(5), service_code=code, icd10_main="I10")
    case.visit(person, case.day(10), service_code=code, icd10_main="J45.0")


def control_after_operation(case: Case) -> None:
    person, code = case.person(), EXAMINATIONS[case.n % len(EXAMINATIONS)]
    case.visit(person, case.day(3), service_code=code)
    case.stay(person, case.day(5), case.day(8), operation_codes="47.09")
    case.visit(person, case.day(12), service_code=code)


def unlicensed_form(case: Case) -> None:
    row = case.visit(case.person(), at=_unlicensed(case), care_form="railway_mobile")
    case.expects(row, "licence-missing")


def day_after_licence(case: Case) -> None:
    row = case.visit(
        case.person(),
        LICENCE_ENDS + timedelta(days=3),
        at=_short_licence(case),
        care_form="railway_mobile",
    )
    case.expects(row, "licence-missing", "planted: after the licence's last day")


def last_day_of_licence(case: Case) -> None:
    case.visit(case.person(), LICENCE_ENDS, at=_short_licence(case), care_form="railway_mobile")


def licensed_co_executor(case: Case) -> None:
    station = case.country.of_role("station", 0)
    case.visit(
        case.person(),
        at=_unlicensed(case),
        care_form="railway_mobile",
        performer_id=station.doctor(case.n),
        subcontract_bin=station.bin,
    )


def unlicensed_after_order_19(case: Case) -> None:
    on = date(2026, 3, 16) + timedelta(days=case.n % 5)
    row = case.visit(case.person(), on, at=_unlicensed(case), care_form="railway_mobile")
    case.expects(row, "unlicensed-work")


def long_after_licence(case: Case) -> None:
    on = date(2026, 3, 26) + timedelta(days=case.n % 2)
    row = case.visit(case.person(), on, at=_short_licence(case), care_form="railway_mobile")
    case.expects(row, "unlicensed-work", "planted: after the licence's last day")


def unlicensed_before_order_19(case: Case) -> None:
    row = case.visit(
        case.person(), date(2026, 3, 13), at=_unlicensed(case), care_form="railway_mobile"
    )
    case.expects(row, "licence-missing", "side finding: order 68 has a code for it")


def co_executor_after_order_19(case: Case) -> None:
    station = case.country.of_role("station", 0)
    doctor = {"performer_id": station.doctor(case.n), "subcontract_bin": station.bin}
    case.visit(
        case.person(), date(2026, 3, 17), at=_unlicensed(case), care_form="railway_mobile", **doctor
    )


def three_in_one_row(case: Case) -> None:
    case.expects(
        case.visit(case.person(), service_code=SPECIAL["limited"], quantity=3), "quantity-excess"
    )


def two_and_one(case: Case) -> None:
    person = case.person()
    case.visit(person, service_code=SPECIAL["limited"], quantity=2)
    row = case.visit(
        person, service_code=SPECIAL["limited"], clock=time(15, case.n % 60), at=case.other_clinic
    )
    case.expects(row, "quantity-excess", "planted: the entry that passes the limit")


def third_without_a_quantity(case: Case) -> None:
    person = case.person()
    case.visit(person, service_code=SPECIAL["limited"], quantity=2)
    row = case.visit(
        person, service_code=SPECIAL["limited"], quantity=None, clock=time(15, case.n % 60)
    )
    case.expects(row, "quantity-excess", "planted: an empty quantity is one unit")
    case.expects(row, "required-missing", "side finding: the quantity is empty")


def exactly_the_limit(case: Case) -> None:
    case.visit(case.person(), service_code=SPECIAL["limited"], quantity=2)


def next_day_again(case: Case) -> None:
    person = case.person()
    case.visit(person, case.day(10), service_code=SPECIAL["limited"], quantity=2)
    case.visit(person, case.day(11), service_code=SPECIAL["limited"], quantity=2)


def doubled_record(case: Case) -> None:
    person = case.person()
    case.visit(person, service_code=SPECIAL["limited"], quantity=2)
    row = case.visit(person, service_code=SPECIAL["limited"], quantity=2)
    row["registered_at"] += timedelta(hours=1)
    case.expects(row, "duplicate-service", "side finding: the same record twice is 5.1, not 3.1")


def register_all(country: Country, count: int) -> None:
    """Plant `count` defects of each check of volume, and as many of each look-alike."""
    plant(
        country, "repeat-diagnostics", [repeated_examination, repeated_on_the_thirtieth_day], count
    )
    plant_decoys(
        country,
        "repeat-diagnostics",
        [after_the_limit, for_another_disease, control_after_operation],
        count,
    )
    plant(country, "licence-missing", [unlicensed_form, day_after_licence], count)
    plant_decoys(country, "licence-missing", [last_day_of_licence, licensed_co_executor], count)
    plant(country, "unlicensed-work", [unlicensed_after_order_19, long_after_licence], count)
    plant_decoys(
        country, "unlicensed-work", [unlicensed_before_order_19, co_executor_after_order_19], count
    )
    plant(
        country, "quantity-excess", [three_in_one_row, two_and_one, third_without_a_quantity], count
    )
    plant_decoys(
        country, "quantity-excess", [exactly_the_limit, next_day_again, doubled_record], count
    )


def _unlicensed(case: Case) -> Provider:
    """A polyclinic whose contract names railway care, and which has no licence for it."""
    return case.country.of_role("polyclinic", 1)


def _short_licence(case: Case) -> Provider:
    """A polyclinic whose licence for railway care ends in the middle of the month."""
    return case.country.of_role("polyclinic", 2)
