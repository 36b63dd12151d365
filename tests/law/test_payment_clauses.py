"""Clauses of the payment rules as a lawyer reads them, each on both sides of its border; sums are
written out, not computed by the product."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.months import Month, month_of
from qor.law.nouns.refusals import BadValue
from qor.law.rules.advances import (
    AdvanceKind,
    Standing,
    due_in,
    kept,
    may_have_advance,
    most_advance,
)
from qor.law.rules.closing_calendar import closing_calendar
from qor.law.rules.expected_amounts import Rendered, corrected_amount, corrections, expected_amount
from qor.law.rules.per_capita import december_recalculation, per_capita_sum, without_contributions
from qor.law.rules.scales import Band, payable
from qor.law.rules.ways_of_paying import Way, way_of

FEBRUARY = Month(2026, 2)
ON = date(2026, 2, 10)
PRICE = Decimal("90000.00")


def _sum(service: Rendered, on: date = ON) -> Decimal:
    return corrected_amount(service, on, units=Decimal(1), price=PRICE)


def test_a_service_belongs_to_the_calendar_month_of_its_end() -> None:
    """291/2020:5, 291/2020:16: the period is the calendar month; what ends on its last day is in,
    what ends a day later is not."""
    assert (FEBRUARY.first, FEBRUARY.last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert [month_of(date(2026, 2, 28)), month_of(date(2026, 3, 1))] == [FEBRUARY, Month(2026, 3)]


def test_paid_by_approved_tariffs() -> None:
    """291/2020:6, 291/2020:63: units times tariff times coefficient, rounded once, half up: 3 times
    333.33 times 1.1."""
    assert expected_amount(Decimal(3), Decimal("333.33"), Decimal("1.1")) == Decimal("1099.99")


def test_an_advance_has_its_most() -> None:
    """291/2020:8, 291/2020:8:1), 291/2020:8:2), 291/2020:8:3): 30 per cent of the contract; 70 of
    December's plan and what is left; 50 for marrow."""
    most = {
        kind: most_advance(kind, Decimal("1000.01"), Decimal("650.00"), Month(2026, 12))
        for kind in AdvanceKind
    }
    assert most == {
        AdvanceKind.GENERAL: Decimal("300.00"),
        AdvanceKind.DECEMBER: Decimal("650.00"),
        AdvanceKind.MARROW: Decimal("500.00"),
    }
    assert most_advance(AdvanceKind.DECEMBER, Decimal(1000), Decimal(900), Month(2026, 12)) == 700


def test_an_advance_is_kept_evenly_to_november() -> None:
    """291/2020:9: granted in March for 900, nine parts of 100 from March to November; December's is
    kept in December."""
    parts = [
        due_in(AdvanceKind.GENERAL, Decimal(900), Month(2026, 3), Month(2026, n))
        for n in range(1, 13)
    ]
    assert parts == [0, 0, *[100] * 9, 0]
    assert due_in(AdvanceKind.DECEMBER, Decimal(700), Month(2026, 11), Month(2026, 12)) == 700


def test_no_more_of_an_advance_is_kept_than_was_accepted() -> None:
    """291/2020:10: due 100 and 50 carried: of 120 accepted, 120; of 500, 150."""
    assert [kept(Decimal(100), Decimal(50), Decimal(accepted)) for accepted in (120, 500)] == [
        120,
        150,
    ]


@pytest.mark.parametrize(
    ("months", "owes", "before", "excepted", "may"),
    [
        (7, False, True, False, True),
        (6, False, True, False, False),
        (12, True, True, False, False),
        (12, False, False, False, False),
        (3, True, False, True, True),
    ],
)
def test_who_gets_an_advance(
    months: int, owes: bool, before: bool, excepted: bool, may: bool
) -> None:
    """291/2020:11, 291/2020:11:1), 291/2020:11:2), 291/2020:11:3), 291/2020:11:4): six months or
    less, a debt, a first contract; but for the excepted."""
    assert may_have_advance(Standing(months, owes, before, excepted), FEBRUARY) is may


def test_days_of_the_closing_calendar() -> None:
    """291/2020:15 ¶2, 291/2020:56, 291/2020:58: a wrong register goes back in a working day; a
    quarter closes by the 10th, its report by the 25th."""
    february = {day.what: day.due_on for day in closing_calendar(FEBRUARY)}
    assert (february["register_day"], february["register_return_term"]) == (
        date(2026, 3, 10),
        date(2026, 3, 11),
    )
    assert "quarter_closing_day" not in february
    march = {day.what: day.due_on for day in closing_calendar(Month(2026, 3))}
    assert (march["quarter_closing_day"], march["stimulus_report_day"]) == (
        date(2026, 4, 10),
        date(2026, 4, 25),
    )
    assert march["indicator_confirmation_term"] == date(2026, 4, 15)


def test_what_is_paid_per_capita_does_not_depend_on_volume() -> None:
    """291/2020:39, 291/2020:42, 291/2020:47: norm times people times coefficient; no volume is
    asked for."""
    assert per_capita_sum(Decimal("1380.50"), 37, Decimal("1.1")) == Decimal("56186.35")
    assert {way_of(form).way for form in (CareForm.PRIMARY, CareForm.AMBULANCE)} == {Way.PER_CAPITA}
    with pytest.raises(BadValue):
        per_capita_sum(Decimal(1), -1)


def test_december_takes_a_fifth_for_people_never_served() -> None:
    """291/2020:47-1 ¶1: two people, twelve norms of 1,000: what December brings to 80 per cent is
    4,800."""
    assert december_recalculation([Decimal(1000)] * 12, 2, 2026) == Decimal("4800.00")


def test_ninety_per_cent_where_no_contributions_were_paid() -> None:
    """291/2020:47-1 ¶2: ten people at a norm of 1,000 bring 9,000."""
    assert without_contributions(Decimal(1000), 10, FEBRUARY) == Decimal("9000.00")


@pytest.mark.parametrize(("total", "paid"), [(900, 900), (1000, 1000), (1050, 1025), (1200, 1050)])
def test_above_the_months_sum_the_linear_scale_pays(total: int, paid: int) -> None:
    """291/2020:2:33), 291/2020:76: up to the sum of 1,000 all, of the first tenth above it half, of
    the rest nothing."""
    bands = (
        Band(Decimal(0), Decimal("0.1"), Decimal("0.5")),
        Band(Decimal("0.1"), None, Decimal(0)),
    )
    assert payable(Decimal(1000), bands, Decimal(total)) == paid


@pytest.mark.parametrize(
    ("form", "way"),
    [
        ("outpatient", "per_service"),
        ("railway_mobile", "per_service"),
        ("stay_group", "per_case"),
        ("stay_actual", "per_case"),
        ("stay_bed_day", "per_bed_day"),
        ("stay_average", "per_case"),
        ("stay_economic", "per_case"),
        ("primary", "per_capita"),
    ],
)
def test_each_form_has_its_way(form: str, way: str) -> None:
    """291/2020:32, 291/2020:60, 291/2020:64, 291/2020:65, 291/2020:70, 291/2020:70:1),
    291/2020:70:2), 291/2020:70:3), 291/2020:70:4), 291/2020:70:5)."""
    assert way_of(CareForm(form)).way == Way(way)


@pytest.mark.parametrize(
    ("service", "paid"),
    [
        (Rendered(CareForm.OUTPATIENT, "visit"), "90000.00"),
        (Rendered(CareForm.OUTPATIENT, "home_visit"), "180000.00"),
        (Rendered(CareForm.OUTPATIENT, "remote"), "45000.00"),
        (Rendered(CareForm.OUTPATIENT, "visit", age=17, flags=frozenset({"checkup"})), "45000.00"),
        (Rendered(CareForm.OUTPATIENT, "visit", age=18, flags=frozenset({"checkup"})), "90000.00"),
    ],
)
def test_outpatient_prices(service: Rendered, paid: str) -> None:
    """291/2020:66, 291/2020:67, 291/2020:68: twice the tariff at home, half of it at a distance,
    half in a check-up under eighteen."""
    assert _sum(service) == Decimal(paid)


@pytest.mark.parametrize(
    ("service", "paid"),
    [
        (Rendered(CareForm.STAY_BED_DAY, "day_hospital"), "36000.00"),
        (
            Rendered(CareForm.STAY_GROUP, "inpatient", flags=frozenset({"home_hospital"})),
            "15000.00",
        ),
        (
            Rendered(CareForm.STAY_GROUP, "inpatient", "transferred", days=3, usual_days=9),
            "30000.00",
        ),
        (
            Rendered(CareForm.STAY_GROUP, "inpatient", "transferred", days=4, usual_days=9),
            "90000.00",
        ),
        (Rendered(CareForm.STAY_GROUP, "inpatient", "improved", days=3, usual_days=9), "90000.00"),
        (
            Rendered(
                CareForm.STAY_AVERAGE,
                "inpatient",
                days=4,
                usual_days=8,
                flags=frozenset({"justified_early"}),
            ),
            "45000.00",
        ),
        (
            Rendered(
                CareForm.STAY_GROUP,
                "inpatient",
                days=2,
                usual_days=9,
                flags=frozenset({"foreigner"}),
            ),
            "20000.00",
        ),
        (
            Rendered(CareForm.STAY_GROUP, "day_hospital", flags=frozenset({"coronarography"})),
            "67500.00",
        ),
        (Rendered(CareForm.STAY_GROUP, "day_hospital", flags=frozenset({"dialysis"})), "0.00"),
    ],
)
def test_prices_of_stays(service: Rendered, paid: str) -> None:
    """291/2020:72, 291/2020:73, 291/2020:81 ¶1, 291/2020:85, 291/2020:86, 291/2020:88, 291/2020:89,
    291/2020:90: each beside what stays whole."""
    assert _sum(service) == Decimal(paid)


def test_shares_begin_on_their_day() -> None:
    """291/2020:66, 291/2020:72: the check-up's half and the day hospital's forty per cent hold from
    1 October 2025."""
    child = Rendered(CareForm.OUTPATIENT, "visit", age=10, flags=frozenset({"checkup"}))
    for service in (child, Rendered(CareForm.STAY_BED_DAY, "day_hospital")):
        assert corrections(service, date(2025, 9, 30)) == []
        assert len(corrections(service, date(2025, 10, 1))) == 1
