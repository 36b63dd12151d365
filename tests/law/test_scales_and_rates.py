"""The linear scale with its exceptions, ways of paying, rates of deductions: both sides of each
border."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.law.test_outages import choose

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.refusals import BadValue, CodeDoesNotApply
from qor.law.pages import page
from qor.law.rules.deductions import Rate, deduction, deduction_rate
from qor.law.rules.scale_exceptions import scale_exceptions
from qor.law.rules.scales import Band, ScaleNotHeld, payable, regressive_scale
from qor.law.rules.ways_of_paying import EXCEPTED, way_of, ways_of_paying

D = Decimal

LAST_TENTH = (Band(D("0.1"), D("0.2"), D("0.5")),)


@pytest.mark.parametrize(
    ("total", "paid"),
    [("1000", "1000"), ("1000.01", "1000"), ("1100", "1000"), ("1150", "1025"), ("1300", "1050")],
)
def test_a_band_pays_between_its_ends(total: str, paid: str) -> None:
    """291/2020:76: half of what lies from 110 to 120 per cent of the month's sum of 1,000."""
    assert payable(D(1000), LAST_TENTH, D(total)) == D(paid)


def test_a_month_without_a_sum_and_the_regressive_scale() -> None:
    """291/2020:2:33), 291/2020:61: where no sum is set all is paid; the regressive scale is refused
    by name."""
    assert payable(None, LAST_TENTH, D(7)) == 7
    with pytest.raises(ScaleNotHeld):
        regressive_scale()


@pytest.mark.parametrize(
    ("on", "outpatient", "inpatient"),
    [
        (date(2024, 12, 31), 0, 0),
        (date(2025, 1, 1), 0, 11),
        (date(2025, 9, 30), 0, 11),
        (date(2025, 10, 1), 4, 11),
    ],
)
def test_exceptions_of_the_scale_begin_on_their_day(
    on: date, outpatient: int, inpatient: int
) -> None:
    """291/2020:61, 291/2020:78: eleven of the inpatient scale, four of the outpatient one."""
    scales = [exception.scale for exception in scale_exceptions(on)]
    assert (scales.count("outpatient"), scales.count("inpatient")) == (outpatient, inpatient)


def test_an_exception_of_the_scale_ends_with_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:78: an exception in force until 31 May 2026 holds on that day and not on the
    next."""
    rows = page("qor.law.kz.payment", "scale_exceptions.yaml")
    monkeypatch.setitem(rows, "dialysis", rows["dialysis"] | {"to": date(2026, 5, 31)})
    names = [
        [e.name for e in scale_exceptions(date(2026, 5, 31) + n * timedelta(1))] for n in (0, 1)
    ]
    assert ["dialysis" in each for each in names] == [True, False]


def test_both_readings_of_two_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:78:1), 291/2020:78:11): maternity departments or the whole hospital; infectious beds
    or these and the diagnosis; no other exception changes with them."""
    day = date(2026, 2, 1)
    before = {e.name: (e.marks, e.diagnosis) for e in scale_exceptions(day)}
    assert before["maternity_departments"] == (("maternity_beds",), "")
    assert before["infectious_beds"] == (("infectious_beds",), "")
    choose(monkeypatch, "scale_maternity_departments", "whole_hospital")
    choose(monkeypatch, "scale_infectious_patients", "beds_and_diagnosis")
    after = {e.name: (e.marks, e.diagnosis) for e in scale_exceptions(day)}
    assert {name: after[name] for name in after if after[name] != before[name]} == {
        "maternity_departments": ((), ""),
        "infectious_beds": (("infectious_beds",), "infectious_disease"),
    }


def test_the_share_that_an_exception_asks_for() -> None:
    """291/2020:78:3): the least share of births is a figure; the others ask for none."""
    least = {e.name: e.least_share for e in scale_exceptions(date(2026, 2, 1))}
    asked = {name for name, share in least.items() if share is not None}
    assert asked == {"births_share", "infants_share", "births_and_infants_share"}


def test_each_form_is_paid_in_one_way() -> None:
    """291/2020:70, 291/2020:78: stays by medico-economic tariff are excepted from the scale."""
    forms = [way.care_form for way in ways_of_paying()]
    assert len(forms) == len(set(forms))
    assert all(way_of(form).care_form is form for form in forms)
    assert way_of(CareForm.STAY_ECONOMIC).scale == EXCEPTED


def test_no_deduction_from_less_than_nothing() -> None:
    """321/2020:12: from a service of nothing nothing is taken; one of less than nothing is an
    error."""
    on = date(2026, 6, 1)
    assert deduction("5.1", "outpatient", D(0), on).amount == 0
    with pytest.raises(BadValue):
        deduction("5.1", "outpatient", D("-0.01"), on)


def test_what_a_rate_says_and_cites() -> None:
    """321/2020:annex 1, 321/2020:12: a plus cites its own cell and the parent's, a cell of its own
    one place, a general defect clause 12; a norm speaks before the percentage only if given."""
    on = date(2026, 6, 1)
    plus = deduction_rate("5.1", CareForm.OUTPATIENT, on)
    assert [str(c) for c in plus.cites] == [
        "321/2020:annex 1:5.1/outpatient",
        "321/2020:annex 1:5.0/outpatient",
    ]
    assert len(deduction_rate("5.0", CareForm.OUTPATIENT, on).cites) == 1
    general = deduction_rate("2.0", CareForm.OUTPATIENT, on)
    assert (general.share, str(general.cites[-1])) == (0, "321/2020:12")
    both = deduction_rate("5.0", CareForm.HIV, on)
    assert isinstance(both, Rate) and (both.share, both.norms) == (3, 3) and both.norm_kinds
    assert deduction("5.1", "outpatient", D(100), on, D(7)).amount == 300
    with pytest.raises(CodeDoesNotApply):
        deduction_rate("5.1", CareForm.RURAL, on)
