"""Cases of stays, prices, standards, prescriptions, calls, autopsies and refusals."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from qor.engine.simulate.builder import Case, Country, Person, Row, plant, plant_decoys
from qor.engine.simulate.world import DRUGS, SPECIAL, SPECIAL_GROUPS, dear_and_fair
from qor.law.nouns.money import round_tenge

MILD, BACK, STROKE, HERNIA, CRISIS = "I10", "M54.5", "I64", "K40.9", "J45.9"


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


def second_call_to_hospital(case: Case) -> None:
    case.expects(
        _two_calls(case, timedelta(hours=24), "left_home", "hospitalised"),
        "repeat-call",
        "planted: exactly a day",
    )


def second_call_after_a_day(case: Case) -> None:
    _two_calls(case, timedelta(hours=24, seconds=1), "left_home", "hospitalised")


def first_call_took_to_hospital(case: Case) -> None:
    _two_calls(case, timedelta(hours=9), "hospitalised", "hospitalised")


def second_call_for_another_disease(case: Case) -> None:
    _two_calls(case, timedelta(hours=9), "left_home", "hospitalised", "K25.4")


def never_dispensed(case: Case) -> None:
    case.expects(_prescribed(case, "free", None), "prescription-not-filled")


def dispensed_on_the_eleventh_day(case: Case) -> None:
    row = _prescribed(case, "free", case.day(5) + timedelta(days=11))
    case.expects(row, "prescription-not-filled", "planted: the eleventh day")


def dispensed_on_the_tenth_day(case: Case) -> None:
    _prescribed(case, "free", case.day(5) + timedelta(days=10))


def term_still_running(case: Case) -> None:
    _prescribed(case, "free", None, on=case.day(17))


def drug_for_another_disease(case: Case) -> None:
    case.expects(_prescribed(case, "listed", case.day(6), icd10_main="K80.0"), "drug-not-indicated")


def drug_for_its_disease(case: Case) -> None:
    _prescribed(case, "listed", case.day(6), icd10_main="I11.9")


def drug_of_no_list(case: Case) -> None:
    _prescribed(case, "free", case.day(6), icd10_main="K80.0")


def autopsy_says_otherwise(case: Case) -> None:
    case.expects(_autopsy(case, "I63.0"), "diagnosis-discrepancy")


def autopsy_of_the_same_block(case: Case) -> None:
    _autopsy(case, "I25.1")


def turned_away_then_urgent_elsewhere(case: Case) -> None:
    row = _turned_away(case, timedelta(hours=24), admission="emergency", icd10_main="J44.1")
    case.expects(row, "refused-admission", "planted: exactly a day")


def turned_away_and_died(case: Case) -> None:
    person = case.person(died=case.day(6), cause="J44.1")
    case.expects(_refusal(case, person), "refused-admission", "planted: died the same day")


def urgent_after_a_day(case: Case) -> None:
    _turned_away(case, timedelta(hours=24, minutes=1), admission="emergency", icd10_main="J44.1")


def planned_or_another_block(case: Case) -> None:
    facts: Row = (
        {"admission": "planned"}
        if case.n % 2
        else {"admission": "emergency", "icd10_main": "K80.0"}
    )
    _turned_away(case, timedelta(hours=5), **({"icd10_main": "J44.1"} | facts))


def register_all(country: Country, count: int) -> None:
    """Plant `count` defects of each clinical check, and as many of each look-alike."""
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
        "repeat-call": (
            [second_call_to_hospital],
            [second_call_after_a_day, first_call_took_to_hospital, second_call_for_another_disease],
        ),
        "prescription-not-filled": (
            [never_dispensed, dispensed_on_the_eleventh_day],
            [dispensed_on_the_tenth_day, term_still_running],
        ),
        "drug-not-indicated": ([drug_for_another_disease], [drug_for_its_disease, drug_of_no_list]),
        "diagnosis-discrepancy": ([autopsy_says_otherwise], [autopsy_of_the_same_block]),
        "refused-admission": (
            [turned_away_then_urgent_elsewhere, turned_away_and_died],
            [urgent_after_a_day, planned_or_another_block],
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


def _two_calls(case: Case, apart: timedelta, first: str, second: str, disease: str = CRISIS) -> Row:
    person, station = case.person(), case.country.of_role("station", case.n)
    began = datetime.combine(case.day(8), time(9, case.n % 60))
    row: Row = {}
    for at, outcome, icd in ((began, first, CRISIS), (began + apart, second, disease)):
        facts: Row = {
            "care_form": "ambulance",
            "setting": "call",
            "admission": "emergency",
            "icd10_main": icd,
        }
        row = case.visit(person, at.date(), at=station, clock=at.time(), **facts)
        call = {
            "station_bin": station.bin,
            "call_id": row["service_id"],
            "iin": person.iin,
            "received_at": at,
            "urgency": 3,
        }
        case.also("calls", row, **call, diagnosis=icd, outcome=outcome)
    return row


def _prescribed(
    case: Case, drug: str, dispensed: date | None, on: date | None = None, **facts: Any
) -> Row:
    person, day = case.person(), on or case.day(5)
    row = case.visit(person, day, care_form="primary", **facts)
    case.also(
        "prescriptions",
        row,
        prescription_id=f"P-{row['service_id']}",
        iin=person.iin,
        prescriber_bin=row["provider_bin"],
        service_id=row["service_id"],
        drug_code=DRUGS[drug],
        quantity=1,
        icd10=row["icd10_main"],
        prescribed_on=day,
        dispensed_on=dispensed,
    )
    return row


def _autopsy(case: Case, found: str) -> Row:
    person = case.person(died=case.day(9), cause="I21.9")
    row = case.stay(
        person, case.day(5), case.day(9), icd10_main="I21.9", icd10_autopsy=found, outcome="died"
    )
    case.expects(row, "death-in-stay", "side finding: the stay ended in death (clause 40, 1)")
    return row


def _refusal(case: Case, person: Person) -> Row:
    facts: Row = {
        "setting": "admission_department",
        "admission": "emergency",
        "outcome": "refused",
        "icd10_main": "J44.1",
    }
    return case.stay(person, case.day(6), case.day(6), **facts)


def _turned_away(case: Case, wait: timedelta, **facts: Any) -> Row:
    person = case.person()
    row = _refusal(case, person)
    began = row["ended_at"] + wait
    case.stay(
        person,
        began.date(),
        began.date() + timedelta(days=5),
        at=case.other_hospital,
        started_at=began,
        **facts,
    )
    return row
