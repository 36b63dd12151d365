"""The invented country's reference data: providers, staff, codes, prices, rules. Plausible, marked
as a demonstration, nobody's real data."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qor.law.nouns.identifiers import check_digit
from qor.law.nouns.regions import region_codes

BRANCHES = 17
DOCTORS = 40
OPEN_FROM = date(2024, 1, 1)
ROLES = (
    "polyclinic",
    "hospital",
    "polyclinic",
    "rural",
    "polyclinic",
    "hospital",
    "dispensary",
    "polyclinic",
    "hospital",
    "station",
    "polyclinic",
    "bureau",
)
FORMS_OF_ROLE = {
    "polyclinic": ("primary", "outpatient"),
    "hospital": (
        "stay_group",
        "stay_bed_day",
        "stay_average",
        "stay_economic",
        "stay_actual",
        "outpatient",
    ),
    "rural": ("rural",),
    "dispensary": ("mental", "tuberculosis", "hiv"),
    "station": ("ambulance", "railway_mobile"),
    "bureau": ("pathology", "blood"),
}
DISEASES = (
    "I20.0",
    "I25.1",
    "J18.0",
    "J44.1",
    "K25.4",
    "K80.0",
    "N10",
    "N20.0",
    "G45.0",
    "E11.7",
    "M16.0",
    "D50.0",
    "L40.0",
    "H25.0",
    "A09.0",
    "I50.0",
    "I63.0",
    "K35.8",
    "J45.0",
    "E04.1",
)
VISITS = tuple(f"A02.{n:03d}.000" for n in range(12))
EXAMINATIONS = tuple(f"B03.{n:03d}.001" for n in range(12))
GROUPS = tuple(f"G{n:03d}" for n in range(20))
REPEAT_DAYS = 30
SPECIAL = {
    "women": "S01.001.000",
    "men": "S01.002.000",
    "adults": "S01.003.000",
    "children": "S01.004.000",
    "screening": "S01.005.000",
    "donor": "S01.006.000",
    "dialysis": "S01.007.000",
    "prescription": "S01.008.000",
    "remote": "S01.009.000",
    "limited": "S01.010.000",
    "ended": "S01.011.000",
    "begun": "S01.012.000",
    "contracted": "S01.013.000",
    "laboratory": "S01.014.000",
    "referred": "S01.015.000",
    "long": "S01.016.000",
    "session": "S01.017.000",
    "tomography": "S01.018.000",
}
INTERCHANGEABLE = ("S02.001.000", "S02.002.000")
SPECIAL_GROUPS = {
    "long_stay": "GS01",
    "hernia": "GS02",
    "hernia_operated": "GS03",
    "weighed": "GS04",
    "printed": "GS05",
}
WEIGHTS = {"GS01": "1.2", "GS02": "0.8", "GS03": "1.4", "GS04": "2.5763", "GS05": "1.9"}
DAY_SHARE = Decimal("0.40")  # of a group's price in the day hospital
PRINTED_FOR_DAYS = {"GS05": Decimal("123456.78")}  # a price of its own in the list
DRUGS = {"listed": "C09AA02", "free": "A10BA02"}


@dataclass(frozen=True, slots=True)
class Provider:
    """One invented provider: BIN, role, region, and its number in the country."""

    number: int
    bin: str
    role: str
    region: str

    def doctor(self, n: int) -> str:
        """The identifier of one of its doctors."""
        return f"D{self.number:04d}-{n % DOCTORS:02d}"


def providers(count: int) -> list[Provider]:
    """So many providers, the roles in turn, spread over the branches."""
    regions = region_codes()[:BRANCHES]
    bins = provider_bins(count)
    return [
        Provider(n, bins[n], ROLES[n % len(ROLES)], regions[n % len(regions)]) for n in range(count)
    ]


def person_number(born: date, sex: str, serial: int, digit: str | None = None) -> str | None:
    """An invented IIN: serials from 5000 up, far above those that a day's registrations reach; None
    where no such number is issued.

    `digit` replaces the seventh (century and sex) digit.
    """
    century = {18: 1, 19: 3, 20: 5}[born.year // 100] + (sex == "f")
    first = f"{born:%y%m%d}{digit or century}{serial:04d}"
    last = check_digit(first)
    return None if last is None else f"{first}{last}"


def price(code: str) -> Decimal:
    """The invented tariff of a code in tenge, the same in every run."""
    dice = random.Random(code)  # noqa: S311 - a price list, not a secret
    if code in GROUPS or code in WEIGHTS:
        return Decimal(dice.randrange(90_000_00, 900_000_00)) / 100
    return Decimal(dice.randrange(900_00, 18_000_00)) / 100


def dear_and_fair() -> tuple[str, str]:
    """The two interchangeable codes, the dearer first."""
    dear, fair = sorted(INTERCHANGEABLE, key=price, reverse=True)
    return dear, fair


def coefficient(provider: Provider, form: str) -> Decimal:
    """What the provider may multiply its tariffs by: every fifth one has a coefficient."""
    return (
        Decimal("1.10")
        if provider.number % 5 == 0 and form in {"outpatient", "stay_group"}
        else Decimal(1)
    )


def provider_bins(count: int) -> list[str]:
    """So many invented BINs with their check digits."""
    bins: list[str] = []
    serial = 0
    while len(bins) < count:
        first = f"990149{serial:05d}"
        digit = check_digit(first)
        serial += 1
        if digit is not None:
            bins.append(f"{first}{digit}")
    return bins
