"""Cases of ambulance calls, prescriptions, autopsies and refused admissions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from qor.engine.simulate.builder import Case, Country, Person, Row, plant, plant_decoys
from qor.engine.simulate.world import DRUGS

CRISIS = "J45.9"


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


def _autopsy(case: Case, autopsy: str) -> Row:
    person = case.person(died=case.day(9), cause="I21.9")
    row = case.stay(
        person, case.day(5), case.day(9), icd10_main="I21.9", icd10_autopsy=autopsy, outcome="died"
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


def register_all(country: Country, count: int) -> None:
    """Plant `count` defects of each check of calls, prescriptions, autopsies and refusals, and as
    many of each look-alike."""
    cases: dict[str, tuple[list[Any], list[Any]]] = {
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
