"""What corrects a price: first days, days stayed, ages, groups, weights."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.refusals import NormMissing
from qor.law.pages import page
from qor.law.reading import figures
from qor.law.rules.day_hospital import day_hospital_price, day_shares
from qor.law.rules.expected_amounts import Rendered, corrected_amount, corrections, pricings

D = Decimal
BED_DAY = Rendered(CareForm.STAY_BED_DAY, "day_hospital")
PRICED = {"units": D(1), "price": D("90000.00")}
ON = date(2026, 2, 10)


@pytest.mark.parametrize(
    ("service", "first"),
    [
        (Rendered(CareForm.OUTPATIENT, "home_visit"), date(2024, 4, 15)),
        (BED_DAY, date(2025, 10, 1)),
    ],
)
def test_a_correction_begins_on_its_day(service: Rendered, first: date) -> None:
    """291/2020:67, 291/2020:72: on its first day, not the day before."""
    assert len(corrections(service, first)) == 1
    assert corrections(service, date.fromordinal(first.toordinal() - 1)) == []


def _paid(**facts: object) -> Decimal:
    stay = Rendered(CareForm.STAY_GROUP, "inpatient", "transferred", days=3, usual_days=9)
    return corrected_amount(dataclasses.replace(stay, **facts), ON, **PRICED)  # type: ignore[arg-type]


def test_a_short_stay_asks_for_days() -> None:
    """291/2020:81, 291/2020:86: unknown days correct nothing; infectious patients who left are paid
    whole; a stay longer than usual is paid whole; usual days that are not known are an error."""
    assert (_paid(), _paid(days=None), _paid(days=0)) == (30000, 90000, 0)
    assert _paid(flags=frozenset({"infectious_left"})) == 90000
    assert _paid(usual_days=2) == 90000
    foreign = frozenset({"foreigner"})
    assert _paid(days=12, outcome="improved", flags=foreign) == 90000
    for unknown in (None, 0):
        with pytest.raises(NormMissing):
            _paid(usual_days=unknown)
    with pytest.raises(NormMissing):
        _paid(days=None, outcome="improved", flags=foreign)


def test_a_check_up_of_unknown_age_is_paid_whole() -> None:
    """291/2020:66: half only under eighteen; nobody is a minor whose age is not known."""
    child = Rendered(CareForm.OUTPATIENT, "visit", age=17, flags=frozenset({"checkup"}))
    prices = [
        corrected_amount(dataclasses.replace(child, age=age), ON, **PRICED) for age in (0, 17, None)
    ]
    assert prices == [45000, 45000, 90000]


def test_one_correction_of_a_group_and_one_of_each() -> None:
    """291/2020:71, 291/2020:81: dialysis before the day hospital's share; an operation of the list
    before the plain share; a home hospital that was short: a sixth of a third."""
    day = Rendered(CareForm.STAY_GROUP, "day_hospital", operations=("13.73",))
    assert [c.name for c in corrections(day, ON)] == ["day_hospital_surgery"]
    dialysis = dataclasses.replace(day, flags=frozenset({"dialysis"}))
    assert [c.name for c in corrections(dialysis, ON)] == ["dialysis_case"]
    plain = dataclasses.replace(day, operations=("99.99",))
    assert [c.name for c in corrections(plain, ON)] == ["day_hospital"]
    assert _paid(flags=frozenset({"home_hospital"})) == 5000


def test_units_and_coefficients_of_a_corrected_amount() -> None:
    """291/2020:6, 291/2020:72: two units at 1.5 of 100, forty per cent of it: 120."""
    paid = corrected_amount(BED_DAY, ON, units=D(2), price=D(100), coefficient=D("1.5"))
    assert paid == 120
    assert corrected_amount(BED_DAY, ON, units=D(1), price=D(100)) == 40


def test_the_forms_that_have_a_price() -> None:
    """291/2020:70: rural care for stays only."""
    settings = {pricing.care_form: pricing.settings for pricing in pricings()}
    assert CareForm.PRIMARY not in settings and settings[CareForm.OUTPATIENT] == ()
    assert settings[CareForm.RURAL]


def test_a_share_begins_with_its_correction_or_its_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:71: a correction that begins later than its figure, and a value that ended the day
    before the correction began, or on that day."""
    rows = page("qor.law.kz.payment", "price_corrections.yaml")
    row = next(each for each in rows if each["name"] == "day_hospital")
    values = page("qor.law.kz.figures", "day_hospital_share.yaml")
    first = {"from": date(2020, 1, 1), "value": "30", "cites": "291/2020:71", "status": "text"}
    monkeypatch.setitem(values, "values", [first, *values["values"]])
    figures._history.cache_clear()

    def begin() -> list[tuple[date, str]]:
        return [
            (share.valid_from, str(share.share))
            for share in day_shares()
            if share.name == row["name"]
        ]

    assert begin() == [(date(2025, 10, 1), "2/5")]
    monkeypatch.setitem(row, "from", date(2025, 9, 30))
    assert begin() == [(date(2025, 9, 30), "3/10"), (date(2025, 10, 1), "2/5")]
    monkeypatch.undo()
    figures._history.cache_clear()


def test_a_weight_of_nothing_is_no_weight() -> None:
    """291/2020:70:1), 291/2020:71: only the tariff can be taken."""
    for weight in (None, D(0)):
        price = day_hospital_price(D(1000), weight, Fraction(2, 5))
        assert (price.expected, price.other) == (400, None)
