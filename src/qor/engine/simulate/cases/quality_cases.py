"""Cases of data quality: dates, entry, codes, required fields, staff, amounts, waiting."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from qor.engine.simulate.builder import Case, Country, plant, plant_decoys
from qor.engine.simulate.world import SPECIAL, VISITS, coefficient, price
from qor.law.nouns.money import round_tenge
from qor.law.reading.calendar import add_working_days, is_working_day


def ends_before_start(case: Case) -> None:
    row = case.visit(case.person(), registered_at=datetime.combine(case.day(10), time(18)))
    row["ended_at"] = row["started_at"] - timedelta(minutes=5)
    case.expects(row, "dates-inverted")


def starts_after_entry(case: Case) -> None:
    row = case.visit(case.person())
    row["registered_at"] = row["started_at"] - timedelta(minutes=1)
    case.expects(row, "dates-inverted")


def ends_after_entry(case: Case) -> None:
    row = case.stay(case.person(), case.day(4), case.day(8))
    row["registered_at"] = row["ended_at"] - timedelta(minutes=1 if case.n % 2 else 4000)
    case.expects(row, "dates-inverted", "planted: entered before it ended")


def entered_at_its_end(case: Case) -> None:
    row = case.stay(case.person(), case.day(4), case.day(8))
    row["registered_at"] = row["ended_at"]


def begun_last_month(case: Case) -> None:
    case.stay(case.person(), case.country.month.first - timedelta(days=3), case.day(2))


def entered_on_fourth_day(case: Case) -> None:
    row = case.visit(case.person(), case.day(4))
    row["registered_at"] = datetime.combine(add_working_days(case.day(4), 4), time(8))
    case.expects(row, "late-entry", "planted: the fourth working day")


def ambulance_after_two_days(case: Case) -> None:
    station = case.country.of_role("station", case.n)
    row = case.visit(
        case.person(), at=station, care_form="ambulance", setting="call", admission="emergency"
    )
    row["registered_at"] = row["ended_at"] + timedelta(days=2)
    case.expects(row, "late-entry", "planted: two days after the call")


def entered_on_third_day(case: Case) -> None:
    row = case.visit(case.person(), case.day(4))
    row["registered_at"] = datetime.combine(add_working_days(case.day(4), 3), time(23, 59))


def ambulance_next_day(case: Case) -> None:
    station = case.country.of_role("station", case.n)
    row = case.visit(
        case.person(), at=station, care_form="ambulance", setting="call", admission="emergency"
    )
    row["registered_at"] = row["ended_at"] + timedelta(days=1)


def code_from_nowhere(case: Case) -> None:
    row = case.visit(case.person(), service_code="Z99.999.999", unit_price=Decimal("1500.00"))
    case.expects(row, "code-unknown")


def code_that_ended(case: Case) -> None:
    row = case.visit(case.person(), date(2026, 2, 13), service_code=SPECIAL["ended"])
    case.expects(row, "code-unknown", "planted: the day after the code's last")


def code_on_its_last_and_first_day(case: Case) -> None:
    case.visit(case.person(), date(2026, 2, 12), service_code=SPECIAL["ended"])
    case.visit(case.person(), date(2026, 2, 12), service_code=SPECIAL["begun"])


def code_in_cyrillic(case: Case) -> None:
    code = VISITS[case.n % len(VISITS)]
    row = case.visit(case.person(), service_code=code)
    row["service_code"] = code.replace("A", "А").replace(".", "..", 1)


def no_diagnosis(case: Case) -> None:
    case.expects(case.visit(case.person(), icd10_main=None), "icd-unknown")


def no_such_diagnosis(case: Case) -> None:
    case.expects(
        case.visit(case.person(), icd10_main=("Q99.99", "ABC", "I99.77")[case.n % 3]), "icd-unknown"
    )


def diagnosis_without_dot(case: Case) -> None:
    case.visit(case.person(), icd10_main="I200")


def blood_without_diagnosis(case: Case) -> None:
    case.visit(
        None,
        at=case.country.of_role("bureau", case.n),
        care_form="blood",
        identity_kind="none",
        icd10_main=None,
    )


def visit_lacks_a_field(case: Case) -> None:
    row = case.visit(case.person())
    row[("card_no", "performer_id", "unit_price")[case.n % 3]] = None
    case.expects(row, "required-missing")


def stay_lacks_a_field(case: Case) -> None:
    row = case.stay(case.person(), case.day(8), case.day(11))
    row[("bed_days", "bed_profile", "outcome")[case.n % 3]] = None
    case.expects(row, "required-missing")


def not_required_here(case: Case) -> None:
    case.visit(case.person(), bed_days=None, outcome=None, group_code=None)


def weight_is_a_word(case: Case) -> None:
    case.expects(case.visit(case.person(), weight="abc"), "value-unreadable")


def no_such_day(case: Case) -> None:
    case.expects(case.visit(case.person(), referral_date="31.02.2026"), "value-unreadable")


def decimal_comma(case: Case) -> None:
    case.visit(case.person(), weight="1,25")


def nobody_of_that_name(case: Case) -> None:
    case.expects(case.visit(case.person(), performer_id=f"NOBODY-{case.n}"), "doctor-unknown")


def left_yesterday(case: Case) -> None:
    on = case.day(10)
    case.works(f"LEFT-{case.n}", case.clinic.bin, works_to=on - timedelta(days=1))
    case.expects(
        case.visit(case.person(), on, performer_id=f"LEFT-{case.n}"),
        "doctor-unknown",
        "planted: the day after the last",
    )


def last_day_at_work(case: Case) -> None:
    on = case.day(10)
    case.works(f"LAST-{case.n}", case.clinic.bin, works_to=on)
    case.visit(case.person(), on, performer_id=f"LAST-{case.n}")


def co_executors_doctor(case: Case) -> None:
    partner = case.other_clinic
    case.visit(case.person(), performer_id=partner.doctor(case.n), subcontract_bin=partner.bin)


def below_tariff(case: Case) -> None:
    row = case.visit(case.person())
    row["amount"] -= Decimal("0.02")
    case.expects(row, "amount-mismatch", "planted: two tiyn below")


def stay_without_coefficient(case: Case) -> None:
    at = next(
        p
        for p in case.country.providers
        if p.role == "hospital" and coefficient(p, "stay_group") > 1
    )
    row = case.stay(case.person(), case.day(8), case.day(11), at=at)
    row["amount"] = price(row["group_code"])
    case.expects(row, "amount-mismatch", "planted: the coefficient forgotten")


def one_tiyn_below(case: Case) -> None:
    case.visit(case.person())["amount"] -= Decimal("0.01")


def with_coefficient(case: Case) -> None:
    at = next(
        p
        for p in case.country.providers
        if p.role == "polyclinic" and coefficient(p, "outpatient") > 1
    )
    row = case.visit(case.person(), at=at)
    row["amount"] = round_tenge(price(row["service_code"]) * coefficient(at, "outpatient"))


def sixteenth_working_day(case: Case) -> None:
    case.expects(
        case.visit(
            case.person(), case.day(10), referral_date=_working_days_before(case.day(10), 16)
        ),
        "waiting-time",
    )


def fifteenth_working_day(case: Case) -> None:
    case.visit(case.person(), case.day(10), referral_date=_working_days_before(case.day(10), 15))


def emergency_after_long(case: Case) -> None:
    case.visit(
        case.person(),
        case.day(10),
        referral_date=_working_days_before(case.day(10), 30),
        admission="emergency",
    )


def register_all(country: Country, count: int) -> None:
    """Plant `count` defects of each check of data quality, and as many of each look-alike."""
    plant(
        country, "dates-inverted", [ends_before_start, starts_after_entry, ends_after_entry], count
    )
    plant_decoys(country, "dates-inverted", [begun_last_month, entered_at_its_end], count)
    plant(country, "late-entry", [entered_on_fourth_day, ambulance_after_two_days], count)
    plant_decoys(country, "late-entry", [entered_on_third_day, ambulance_next_day], count)
    plant(country, "code-unknown", [code_from_nowhere, code_that_ended], count)
    plant_decoys(country, "code-unknown", [code_on_its_last_and_first_day, code_in_cyrillic], count)
    plant(country, "icd-unknown", [no_diagnosis, no_such_diagnosis], count)
    plant_decoys(country, "icd-unknown", [diagnosis_without_dot, blood_without_diagnosis], count)
    plant(country, "required-missing", [visit_lacks_a_field, stay_lacks_a_field], count)
    plant_decoys(country, "required-missing", [not_required_here], count)
    plant(country, "value-unreadable", [weight_is_a_word, no_such_day], count)
    plant_decoys(country, "value-unreadable", [decimal_comma], count)
    plant(country, "doctor-unknown", [nobody_of_that_name, left_yesterday], count)
    plant_decoys(country, "doctor-unknown", [last_day_at_work, co_executors_doctor], count)
    plant(country, "amount-mismatch", [below_tariff, stay_without_coefficient], count)
    plant_decoys(country, "amount-mismatch", [one_tiyn_below, with_coefficient], count)
    plant(country, "waiting-time", [sixteenth_working_day], count)
    plant_decoys(country, "waiting-time", [fifteenth_working_day, emergency_after_long], count)


def _working_days_before(day: date, count: int) -> date:
    while count:
        count -= is_working_day(day)
        day -= timedelta(days=1)
    return day
