"""The price of a day hospital's case: the printed examples, both readings of clause 71, the days on
which shares begin."""

import dataclasses
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from qor.law.nouns.care_forms import CareForm
from qor.law.reading.interpretations import interpretation
from qor.law.rules import day_hospital
from qor.law.rules.day_hospital import base_rate, day_hospital_price, day_shares
from qor.law.rules.expected_amounts import Rendered, corrected_amount

FORTY = Fraction(2, 5)
ON = date(2026, 2, 10)
# Order 176 of 31.12.2025: round-the-clock price, weight, weight and price printed for the day
# hospital.
PRINTED = (
    ("686930.98", "3.9114", "1.5646", "274779.42", "274772.39"),
    ("452456.99", "2.5763", "1.0305", "180979.29", "180982.80"),
)


@pytest.mark.parametrize(("price", "weight", "lighter", "printed", "by_tariff"), PRINTED)
def test_the_printed_prices(
    price: str, weight: str, lighter: str, printed: str, by_tariff: str
) -> None:
    """The default gives what the list prints; the words of clause 71 give a few tenge less or
    more."""
    assert round(Decimal(weight) * Decimal("0.4"), 4) == Decimal(lighter)
    assert base_rate(Decimal(price), Decimal(weight)) == Decimal("175622.79")
    price_of_day = day_hospital_price(Decimal(price), Decimal(weight), FORTY)
    assert (
        price_of_day.expected == Decimal(printed)
        and price_of_day.other is not None
        and round(price_of_day.other, 2) == Decimal(by_tariff)
    )


def test_the_other_reading_is_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set to the tariff, forty per cent of the price is expected, and the weight's price is right
    as well."""
    chosen = dataclasses.replace(interpretation("day_hospital_price"), choice="share_of_tariff")
    monkeypatch.setattr(day_hospital, "interpretation", lambda name: chosen)
    price_of_day = day_hospital_price(Decimal("686930.98"), Decimal("3.9114"), FORTY)
    assert price_of_day.expected == Decimal("274772.392") and price_of_day.other == Decimal(
        "274779.42"
    )
    stay = Rendered(CareForm.STAY_GROUP, "day_hospital")
    assert corrected_amount(
        stay, ON, units=Decimal(1), price=Decimal("686930.98"), weight=Decimal("3.9114")
    ) == Decimal("274772.39")


def test_a_case_by_its_weight_and_without_one() -> None:
    """The law's function for one case; a listed operation takes three quarters of the weight; no
    weight, no choice."""
    stay = Rendered(CareForm.STAY_GROUP, "day_hospital")
    listed = dataclasses.replace(stay, operations=("13.73",))
    facts = {"units": Decimal(1), "price": Decimal("686930.98")}
    assert corrected_amount(stay, ON, **facts, weight=Decimal("3.9114")) == Decimal("274779.42")
    assert corrected_amount(stay, ON, **facts) == Decimal("274772.39")
    assert corrected_amount(listed, ON, **facts, weight=Decimal("3.9114")) == round(
        Decimal("2.9336") * Decimal("175622.79"), 2
    )
    assert day_hospital_price(Decimal("300000.00"), None, FORTY).other is None


def test_shares_begin_on_their_days() -> None:
    """Forty and seventy-five per cent of clause 71 from 1 October 2025, seventy-five of clause 88
    from 15 April 2024."""
    begin = {share.name: (share.valid_from, share.share) for share in day_shares()}
    assert begin == {
        "coronarography_by_code": (date(2024, 4, 15), Fraction(3, 4)),
        "day_hospital_surgery": (date(2025, 10, 1), Fraction(3, 4)),
        "day_hospital": (date(2025, 10, 1), FORTY),
        "day_hospital_bed_day": (date(2025, 10, 1), FORTY),
    }
