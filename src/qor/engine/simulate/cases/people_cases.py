"""Cases of what people say and how they work: answers, complaints, sold services, overload, days
off, referrals, certificates, attachment."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from qor.engine.simulate.builder import OPEN_ON_SUNDAYS, Case, Country, Row, plant, plant_decoys
from qor.engine.simulate.world import SPECIAL, VISITS

SUNDAY = date(2026, 2, 8)


def _answered(check: str, answer: str) -> Any:
    def says_so(case: Case) -> None:
        case.expects(_answer(case, answer), check)

    return says_so


def all_is_well(case: Case) -> None:
    _answer(case, "received")


def another_persons_word(case: Case) -> None:
    row = case.visit(case.person())
    at = datetime.combine(case.day(15), time(9))
    case.also("patient_answers", row, iin=case.person().iin, answer="not_received", answered_at=at)


def rightly_complained(case: Case) -> None:
    case.expects(_complaint(case, True), "complaint-justified")


def wrongly_complained(case: Case) -> None:
    _complaint(case, False)


def sold_the_same_day(case: Case) -> None:
    row = case.visit(case.person())
    _sold(case, row, row["started_at"].date(), row["service_code"])
    case.expects(row, "paid-in-register")


def sold_next_day_or_otherwise(case: Case) -> None:
    row = case.visit(case.person())
    day = row["started_at"].date()
    if case.n % 2:
        _sold(case, row, day + timedelta(days=1), row["service_code"])
    else:
        _sold(case, row, day, SPECIAL["laboratory"])


def a_day_of_sixteen_hours(case: Case) -> None:
    doctor = case.works(f"LONG-{case.n}", case.clinic.bin)
    rows = [_long_visit(case, doctor, hour) for hour in (8, 9, 10, 11)]
    case.expects(rows[-1], "doctor-overload", "planted: the entry that passes the limit")


def a_day_of_twelve_hours(case: Case) -> None:
    doctor = case.works(f"FULL-{case.n}", case.clinic.bin)
    for hour in (8, 9, 10):
        _long_visit(case, doctor, hour)


def a_shift_over_midnight(case: Case) -> None:
    doctor = case.works(f"NIGHT-{case.n}", case.clinic.bin)
    for hour in (20, 21, 22, 24, 25, 26):
        _long_visit(case, doctor, hour)


def one_session_of_many(case: Case) -> None:
    doctor = case.works(f"GROUP-{case.n}", case.clinic.bin)
    for _ in range(4):
        case.visit(
            case.person(), performer_id=doctor, clock=time(10), service_code=SPECIAL["session"]
        )


def seen_on_a_day_off(case: Case) -> None:
    case.expects(case.visit(case.person(), SUNDAY, at=_keeps_days_off(case)), "closed-day")


def urgent_on_a_day_off(case: Case) -> None:
    case.visit(case.person(), SUNDAY, at=_keeps_days_off(case), admission="emergency")


def works_on_days_off(case: Case) -> None:
    at = next(provider for provider in case.country.providers if provider.number == OPEN_ON_SUNDAYS)
    case.visit(case.person(), SUNDAY, at=at)


def without_a_referral(case: Case) -> None:
    case.expects(case.visit(case.person(), service_code=SPECIAL["referred"]), "referral-missing")


def with_a_referral(case: Case) -> None:
    facts: Row = {"referral_no": f"R-{case.n}"} if case.n % 2 else {"referral_date": case.day(9)}
    case.visit(case.person(), case.day(10), service_code=SPECIAL["referred"], **facts)


def urgent_without_a_referral(case: Case) -> None:
    case.visit(case.person(), service_code=SPECIAL["referred"], admission="emergency")


def screened_too_young(case: Case) -> None:
    today = case.day(10)
    born = (today + timedelta(days=1)).replace(year=today.year - 40)
    row = case.visit(case.person(born=born), today, service_code=SPECIAL["screening"])
    case.expects(row, "screening-age", "planted: one day short of forty")


def screened_on_the_birthday(case: Case) -> None:
    today = case.day(10)
    case.visit(
        case.person(born=today.replace(year=today.year - 40)),
        today,
        service_code=SPECIAL["screening"],
    )


def certificate_ran_out(case: Case) -> None:
    on = case.day(10) if case.n % 2 else date(2026, 3, 17)
    until = on - timedelta(days=1)
    doctor = case.works(
        f"STALE-{case.n}", case.clinic.bin, certificate_from=date(2021, 1, 1), certificate_to=until
    )
    row = case.visit(case.person(), on, performer_id=doctor)
    case.expects(row, "certificate-expired", "planted: the day after (code 1.3, from 14 March 6.2)")


def last_day_of_certificate(case: Case) -> None:
    on = case.day(10)
    doctor = case.works(
        f"VALID-{case.n}", case.clinic.bin, certificate_from=date(2021, 1, 1), certificate_to=on
    )
    case.visit(case.person(), on, performer_id=doctor)


def certificate_renewed(case: Case) -> None:
    on, doctor = case.day(10), f"RENEWED-{case.n}"
    case.works(
        doctor,
        case.clinic.bin,
        certificate_from=date(2021, 1, 1),
        certificate_to=on - timedelta(days=1),
    )
    case.works(doctor, case.other_clinic.bin, certificate_from=on)
    case.visit(case.person(), on, performer_id=doctor)


def attached_unasked(case: Case) -> None:
    row = _attached(case, consent=False, basis="application")
    case.expects(row, "attached-without-consent")


def attached_with_consent_or_by_order(case: Case) -> None:
    _attached(case, consent=bool(case.n % 2), basis="application" if case.n % 2 else "order")


def register_all(country: Country, count: int) -> None:
    """Plant `count` cases of what people say and how they work, and as many of each look-alike."""
    cases: dict[str, tuple[list[Any], list[Any]]] = {
        "patient-denies": (
            [_answered("patient-denies", "not_received")],
            [all_is_well, another_persons_word],
        ),
        "patient-paid": ([_answered("patient-paid", "paid")], [all_is_well]),
        "patient-bought-drugs": (
            [_answered("patient-bought-drugs", "bought_drugs")],
            [all_is_well],
        ),
        "complaint-justified": ([rightly_complained], [wrongly_complained]),
        "paid-in-register": ([sold_the_same_day], [sold_next_day_or_otherwise]),
        "doctor-overload": (
            [a_day_of_sixteen_hours],
            [a_day_of_twelve_hours, a_shift_over_midnight, one_session_of_many],
        ),
        "closed-day": ([seen_on_a_day_off], [urgent_on_a_day_off, works_on_days_off]),
        "referral-missing": ([without_a_referral], [with_a_referral, urgent_without_a_referral]),
        "screening-age": ([screened_too_young], [screened_on_the_birthday]),
        "certificate-expired": (
            [certificate_ran_out],
            [last_day_of_certificate, certificate_renewed],
        ),
        "attached-without-consent": ([attached_unasked], [attached_with_consent_or_by_order]),
    }
    for check, (defects, decoys) in cases.items():
        plant(country, check, defects, count)
        plant_decoys(country, check, decoys, count)


def _answer(case: Case, answer: str) -> Row:
    person = case.person()
    row = case.visit(person)
    case.also(
        "patient_answers",
        row,
        iin=person.iin,
        answer=answer,
        answered_at=datetime.combine(case.day(15), time(9)),
    )
    return row


def _complaint(case: Case, justified: bool) -> Row:
    row = case.visit(case.person())
    facts = {
        "complaint_id": f"C-{row['service_id']}",
        "received_at": datetime.combine(case.day(12), time(9)),
    }
    case.also("complaints", row, **facts, justified=justified, decided_on=case.day(15))
    return row


def _sold(case: Case, row: Row, on: date, code: str) -> None:
    sale = {
        "provider_bin": row["provider_bin"],
        "receipt_no": f"T-{row['service_id']}",
        "iin": row["iin"],
        "sold_on": on,
    }
    case.also("paid_services", row, **sale, service_code=code, amount=Decimal("5000.00"))


def _long_visit(case: Case, doctor: str, hour: int) -> Row:
    day = case.day(8) + timedelta(days=hour // 24)
    return case.visit(
        case.person(), day, performer_id=doctor, clock=time(hour % 24), service_code=SPECIAL["long"]
    )


def _keeps_days_off(case: Case) -> Any:
    clinic = case.clinic
    return case.other_clinic if clinic.number == OPEN_ON_SUNDAYS else clinic


def _attached(case: Case, consent: bool, basis: str) -> Row:
    person = case.person(
        attached=case.clinic.bin, attached_since=case.day(4), consent=consent, basis=basis
    )
    row = case.visit(person, case.day(4), care_form="primary", service_code=VISITS[0])
    case.visit(person, case.day(9), care_form="primary", service_code=VISITS[1])
    return row
