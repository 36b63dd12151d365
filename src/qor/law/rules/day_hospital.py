"""What a case of the day hospital costs: a share of the round-the-clock tariff, taken of its weight
or of its price (291/2020:71, 72, 88)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.citations import Citation, cites
from qor.law.nouns.money import round_tenge
from qor.law.pages import page
from qor.law.reading.figures import history
from qor.law.reading.interpretations import interpretation

SETTING = "day_hospital"
SETTLEMENT = "day_hospital_price"
_WEIGHT_STEP = Decimal("0.0001")  # the price list prints weights to four places


@dataclass(frozen=True, slots=True)
class DayShare:
    """A share of the tariff that holds over an interval of days for cases of these care forms.

    `operations`: the case has one of these codes; empty for the share that holds where no other
    does.
    """

    name: str
    care_forms: tuple[CareForm, ...]
    operations: tuple[str, ...]
    share: Fraction
    valid_from: date
    valid_to: date | None
    cites: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class DayPrice:
    """The expected price of one case in tenge, exact, and the price by the other reading, which is
    no defect either."""

    expected: Decimal
    other: Decimal | None


def day_shares() -> list[DayShare]:
    """The shares of a day hospital that a record alone tells, in the order in which they are asked.

    Dialysis is paid by its sessions and is none of them. Sources: 291/2020:71, 291/2020:72,
    291/2020:88.
    """
    return [
        share
        for facts in page("qor.law.kz.payment", "price_corrections.yaml")
        if _told(facts)
        for share in _shares(facts)
    ]


def day_hospital_price(price: Decimal, weight: Decimal | None, share: Fraction) -> DayPrice:
    """The price of a case from the round-the-clock tariff, its weight if it has one, and the share.

    By the weight: the share of the weight, half-up to four places, times the base, to 0.01; so the
    price list prints it. By the tariff: the share of the tariff, as clause 71 is worded. Which is
    expected is the setting `day_hospital_price`; without a weight only the tariff can be taken.
    Sources: 291/2020:70:1), 291/2020:71.
    """
    by_tariff = _decimal(Fraction(price) * share)
    if not weight:
        return DayPrice(by_tariff, None)
    lighter = _decimal(Fraction(weight) * share).quantize(_WEIGHT_STEP, ROUND_HALF_UP)
    by_weight = round_tenge(lighter * base_rate(price, weight))
    if interpretation(SETTLEMENT).choice == "share_of_tariff":
        return DayPrice(by_tariff, by_weight)
    return DayPrice(by_weight, by_tariff)


def base_rate(price: Decimal, weight: Decimal) -> Decimal:
    """The base that a printed price and its weight come from: price / weight in tenge, half-up to
    0.01 (291/2020:70:1))."""
    return round_tenge(price / weight)


def _told(facts: dict[str, Any]) -> bool:
    when = facts["when"]
    return when.get("setting") == [SETTING] and "flag" not in when and "share" in facts["takes"]


def _shares(facts: dict[str, Any]) -> list[DayShare]:
    """One share for each value that its figure has had since the correction began."""
    when, begins = facts["when"], facts["from"]
    return [
        DayShare(
            facts["name"],
            tuple(map(CareForm, when["care_form"])),
            tuple(when.get("operation", ())),
            Fraction(value.value) / 100,
            max(begins, value.valid_from),
            value.valid_to,
            cites(facts["cites"]),
        )
        for value in history(facts["takes"]["share"])
        if value.valid_to is None or value.valid_to >= begins
    ]


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)
