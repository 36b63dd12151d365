"""Cases of stays, their prices and their standards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from qor.engine.simulate.builder import Case, Country, Person, Row, plant, plant_decoys
from qor.engine.simulate.world import SPECIAL, SPECIAL_GROUPS, dear_and_fair
from qor.law.nouns.money import round_tenge

MILD, BACK, STROKE, HERNIA = "I10", "M54.5", "I64", "K40.9"


def short_stay_for_a_mild_disease(case: Case) -> None:
    row = case.stay(case.person(), case.day(5), case.day(5) + timedelta(days=3), icd10_main=MILD)
    case.expects(row, "avoidable-stay", "planted: exactly three days")


def mild_but_long(case: Case) -> None:
    case.stay(case.person(), case.day(5), case.day(5) + timedelta(days=4), icd10_main=MILD)


def mild_but_urgent_or_operated(case: Case) -> None:
    facts: Row = {"admission": "emergency"} if case.n % 2 else {"operation_codes": "47.09"}
    case.stay(case.person(), case.day(5), case.day(7), icd10_main=MILD, **facts)


def sent_home_too_soon(case: Case) -> None:
    row = case.stay(
        case.person(),
        case.day(5),
        case.day(5) + timedelta(days=3),
        group_code=SPECIAL_GROUPS["long_stay"],
    )
    case.expects(row, "stay-too-short")


def a_third_of_the_usual(case: Case) -> None:
    case.stay(
        case.person(),
        case.day(5),
        case.day(5) + timedelta(days=4),
        group_code=SPECIAL_GROUPS["long_stay"],
    )


def short_but_left_or_moved(case: Case) -> None:
    outcome = ("left", "transferred", "refused")[case.n % 3]
    case.stay(
        case.person(),
        case.day(5),
        case.day(7),
        group_code=SPECIAL_GROUPS["long_stay"],
        outcome=outcome,
    )


def short_and_paid_by_its_days(case: Case) -> None:
    row = case.stay(
        case.person(),
        case.day(5),
        case.day(5) + timedelta(days=3),
        group_code=SPECIAL_GROUPS["long_stay"],
    )
    row["amount"] = round_tenge(row["amount"] * 3 / 12)
    case.expects(row, "amount-mismatch", "side finding: the reduced price is below the tariff")


def day_hospital_would_do(case: Case) -> None:
    last = date(2026, 3, 14) + timedelta(days=case.n % 10)
    row = case.stay(case.person(), last - timedelta(days=5), last, icd10_main=BACK)
    case.expects(row, "day-hospital-indicated")


def before_the_edition(case: Case) -> None:
    case.stay(case.person(), date(2026, 3, 8), date(2026, 3, 13), icd10_main=BACK)


def in_the_day_hospital_itself(case: Case) -> None:
    facts: Row = {"setting": "day_hospital"} if case.n % 2 else {"admission": "emergency"}
    case.stay(case.person(), date(2026, 3, 12), date(2026, 3, 17), icd10_main=BACK, **facts)


def dearer_of_two(case: Case) -> None:
    row = case.visit(case.person(), service_code=dear_and_fair()[0], icd10_main="K29.7")
    case.expects(row, "costly-alternative")


def cheaper_of_two(case: Case) -> None:
    case.visit(case.person(), service_code=dear_and_fair()[1], icd10_main="K29.7")


def dearer_for_another_disease(case: Case) -> None:
    case.visit(case.person(), service_code=dear_and_fair()[0], icd10_main="K80.0")


def operated_group_without_operation(case: Case) -> None:
    group = SPECIAL_GROUPS["hernia_operated"]
    row = case.stay(case.person(), case.day(5), case.day(9), icd10_main=HERNIA, group_code=group)
    case.expects(row, "group-upcoding")


def operated_group_with_operation(case: Case) -> None:
    group = SPECIAL_GROUPS["hernia_operated"]
    case.stay(
        case.person(),
        case.day(5),
        case.day(9),
        icd10_main=HERNIA,
        group_code=group,
        operation_codes="53.00",
    )


def lighter_group(case: Case) -> None:
    facts: Row = {"operation_codes": "53.00"} if case.n % 2 else {}
    case.stay(
        case.person(),
        case.day(5),
        case.day(9),
        icd10_main=HERNIA,
        group_code=SPECIAL_GROUPS["hernia"],
        **facts,
    )


def stroke_without_imaging(case: Case) -> None:
    row = _stroke(case, case.person(), "worse")
    case.expects(row, "core-service-missing")


def imaging_too_late(case: Case) -> None:
    person = case.person()
    row = _stroke(case, person, "unchanged")
    _tomography(case, person, row["started_at"] + timedelta(hours=3, minutes=1))
    case.expects(row, "core-service-missing", "planted: a minute after the third hour")


def imaging_in_time(case: Case) -> None:
    person = case.person()
    row = _stroke(case, person, "worse")
    _tomography(case, person, row["started_at"] + timedelta(hours=3))


def imaging_among_the_operations(case: Case) -> None:
    _stroke(case, case.person(), "worse", operation_codes="88.91")


def stroke_that_improved(case: Case) -> None:
    _stroke(case, case.person(), "improved")


def register_all(country: Country, count: int) -> None:
    """Plant `count` defects of each check of stays, and as many of each look-alike."""
    cases: dict[str, tuple[list[Any], list[Any]]] = {
        "avoidable-stay": (
            [short_stay_for_a_mild_disease],
            [mild_but_long, mild_but_urgent_or_operated],
        ),
        "stay-too-short": (
            [sent_home_too_soon],
            [a_third_of_the_usual, short_but_left_or_moved, short_and_paid_by_its_days],
        ),
        "day-hospital-indicated": (
            [day_hospital_would_do],
            [before_the_edition, in_the_day_hospital_itself],
        ),
        "costly-alternative": ([dearer_of_two], [cheaper_of_two, dearer_for_another_disease]),
        "group-upcoding": (
            [operated_group_without_operation],
            [operated_group_with_operation, lighter_group],
        ),
        "core-service-missing": (
            [stroke_without_imaging, imaging_too_late],
            [imaging_in_time, imaging_among_the_operations, stroke_that_improved],
        ),
    }
    for check, (defects, decoys) in cases.items():
        plant(country, check, defects, count)
        plant_decoys(country, check, decoys, count)


def _stroke(case: Case, person: Person, outcome: str, **facts: Any) -> Row:
    return case.stay(person, case.day(5), case.day(9), icd10_main=STROKE, outcome=outcome, **facts)


def _tomography(case: Case, person: Person, at: datetime) -> Row:
    return case.visit(
        person,
        at.date(),
        at=case.hospital,
        clock=at.time(),
        service_code=SPECIAL["tomography"],
        icd10_main=STROKE,
    )
