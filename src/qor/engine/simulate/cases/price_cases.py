"""Cases of prices of stays and of readmissions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from qor.engine.simulate.builder import Case, Country, Person, Scenario, plant, plant_decoys
from qor.engine.simulate.world import PRINTED_FOR_DAYS, SPECIAL_GROUPS, WEIGHTS, price
from qor.law.nouns.money import round_tenge


def dearer_stay(case: Case) -> None:
    row = case.stay(case.person(), case.day(8), case.day(11))
    row["amount"] += Decimal("0.02") if case.n % 2 else Decimal("51000.00")
    case.expects(row, "tariff-overcharge")


def one_tiyn_dearer(case: Case) -> None:
    case.stay(case.person(), case.day(8), case.day(11))["amount"] += Decimal("0.01")


def dearer_without_a_quantity(case: Case) -> None:
    row = case.stay(case.person(), case.day(8), case.day(11), quantity=None)
    row["amount"] *= 10
    case.expects(row, "tariff-overcharge", "planted: an empty quantity is one unit")
    case.expects(row, "required-missing", "side finding: the quantity is empty")


def day_hospital_at_the_full_tariff(case: Case) -> None:
    row = case.stay(case.person(), case.day(8), case.day(11), setting="day_hospital")
    row["amount"] = round_tenge(row["unit_price"] * row["coefficient"])
    case.expects(
        row, "tariff-overcharge", "planted: a day hospital billed as a round-the-clock stay"
    )


def right_without_a_quantity(case: Case) -> None:
    row = case.stay(case.person(), case.day(8), case.day(11), quantity=None)
    case.expects(row, "required-missing", "side finding: the quantity is empty")


def day_hospital_by_tariff(case: Case) -> None:
    case.stay(
        case.person(),
        case.day(8),
        case.day(11),
        setting="day_hospital",
        group_code=SPECIAL_GROUPS["weighed"],
    )


def day_hospital_by_weight(case: Case) -> None:
    group = SPECIAL_GROUPS["weighed"]
    row = case.stay(
        case.person(), case.day(8), case.day(11), setting="day_hospital", group_code=group
    )
    base = round_tenge(price(group) / Decimal(WEIGHTS[group]))
    row["amount"] = round_tenge(round_tenge(Decimal("1.0305") * base) * row["coefficient"])


def day_hospital_as_printed(case: Case) -> None:
    group = SPECIAL_GROUPS["printed"]
    row = case.stay(
        case.person(), case.day(8), case.day(11), setting="day_hospital", group_code=group
    )
    row["amount"] = round_tenge(PRINTED_FOR_DAYS[group] * row["coefficient"])


def billed_twice(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(8), case.day(8))
    row = case.stay(person, case.day(8), case.day(8))
    row["registered_at"] += timedelta(hours=1)
    case.expects(row, "duplicate-service", "side finding: the same stay twice is 5.1, not 4.0")


def back_within_a_month(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(2) - timedelta(days=30), case.day(2) - timedelta(days=20))
    case.expects(case.stay(person, case.day(2), case.day(6), at=case.other_hospital), "readmission")


def back_on_the_thirtieth_day(case: Case) -> None:
    case.expects(_second_stay(case, 30), "readmission", "planted: exactly thirty days")


def back_after_a_month(case: Case) -> None:
    _second_stay(case, 31)


def another_disease(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(1), case.day(3), icd10_main="J18.0")
    case.stay(person, case.day(9), case.day(12), icd10_main="K80.0")


def palliative_provider(case: Case) -> None:
    person, hospice = case.person(), case.country.hospice
    case.stay(person, case.day(1), case.day(3), at=hospice)
    case.stay(person, case.day(9), case.day(12), at=hospice)


def transferred_same_day(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(5), case.day(7), outcome="transferred")
    case.stay(person, case.day(7), case.day(9), at=case.other_hospital)


def left_by_himself(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(5), case.day(7), outcome="left")
    case.stay(person, case.day(9), case.day(12))


def course_of_chemotherapy(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(2), case.day(4), icd10_main="Z51.1")
    case.stay(person, case.day(10), case.day(12), icd10_main="Z51.1")


def staged_operation(case: Case) -> None:
    person = case.person()
    case.stay(person, case.day(2), case.day(4), operation_codes="STAGED")
    case.stay(person, case.day(10), case.day(12), operation_codes="STAGED;47.09")


def _second_stay(case: Case, days: int) -> dict[str, object]:
    person: Person = case.person()
    start = case.day(9)
    case.stay(person, start - timedelta(days=days + 4), start - timedelta(days=days))
    return case.stay(person, start, start + timedelta(days=3))


def register_all(country: Country, count: int) -> None:
    """Plant `count` defects of each check of prices and readmissions, and as many of each
    look-alike."""
    dearer: list[Scenario] = [
        dearer_stay,
        dearer_without_a_quantity,
        day_hospital_at_the_full_tariff,
    ]
    plant(country, "tariff-overcharge", dearer, count)
    right = [
        day_hospital_by_tariff,
        day_hospital_by_weight,
        day_hospital_as_printed,
        right_without_a_quantity,
    ]
    plant_decoys(country, "tariff-overcharge", [one_tiyn_dearer, *right], count)
    plant(country, "readmission", [back_within_a_month, back_on_the_thirtieth_day], count)
    decoys = [back_after_a_month, another_disease, palliative_provider, transferred_same_day]
    plant_decoys(
        country,
        "readmission",
        [*decoys, left_by_himself, course_of_chemotherapy, staged_operation, billed_twice],
        count,
    )
