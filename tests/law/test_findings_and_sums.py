"""Findings after payment, unconfirmed cases, sums per capita, the Fund's reserve: each clause from
both sides of its border; sums are written out, not computed by the product."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.law.test_outages import choose

from qor.law.nouns.months import Month
from qor.law.nouns.refusals import BadValue, NoFigureOnDate
from qor.law.pages import page
from qor.law.reading import figures
from qor.law.rules.after_payment import WayBack, months_later, return_by, tell_by, way_back
from qor.law.rules.closing_calendar import closing_calendar
from qor.law.rules.fund_cash import reserve, uninvested_balance
from qor.law.rules.per_capita import (
    PaidMonth,
    brought_to_eighty,
    december_recalculation,
    per_capita_sum,
    without_contributions,
)
from qor.law.rules.unconfirmed_totals import (
    alarms,
    contract_threshold,
    month_threshold,
    no_licence_penalty,
)

D = Decimal
FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
CONCLUDED = date(2026, 2, 9)
ENFORCEMENT_BY = date(2026, 2, 23)
THRESHOLD = D(865000)  # 200 indices of 4,325 tenge
WHOLE = D(3460000)  # 800 of them


@pytest.mark.parametrize(
    ("found_on", "paid_on", "way"),
    [
        (date(2026, 3, 14), None, WayBack.NET),
        (date(2026, 3, 14), date(2026, 3, 14), WayBack.NET),
        (date(2026, 3, 14), date(2026, 3, 13), WayBack.RETURN),
        (date(2026, 3, 13), date(2026, 3, 12), WayBack.NET),
        (date(2025, 7, 31), date(2025, 7, 30), WayBack.NET),
    ],
)
def test_how_money_comes_back(found_on: date, paid_on: date | None, way: WayBack) -> None:
    """321/2020:53-2: found on the day of payment lessens it, a day later is returned; before 14
    March 2026, and before the first edition that is held, it is netted."""
    assert way_back(found_on, paid_on) is way


def test_money_may_always_be_netted(monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:53-2: by the other choice of after_payment what was paid is netted too."""
    choose(monkeypatch, "after_payment", "net")
    assert way_back(date(2026, 3, 14), date(2026, 3, 13)) is WayBack.NET


def test_terms_in_calendar_months() -> None:
    """321/2020:53, 321/2020:53-1: told within a month, returned within six; a month that has no
    such day ends the term with its last; no term of return before 14 March 2026."""
    assert tell_by(date(2026, 1, 31)) == date(2026, 2, 28)
    assert tell_by(date(2026, 2, 28)) == date(2026, 3, 28)
    assert return_by(date(2026, 3, 14)) == date(2026, 9, 14)
    assert return_by(date(2026, 8, 31)) == date(2027, 2, 28)
    with pytest.raises(NoFigureOnDate):
        return_by(date(2026, 3, 13))
    assert months_later(date(2027, 12, 31), 2) == date(2028, 2, 29)
    assert months_later(date(2026, 6, 15), 6) == date(2026, 12, 15)
    assert months_later(date(2026, 6, 15), 7) == date(2027, 1, 15)


def test_thresholds_of_unconfirmed_cases() -> None:
    """321/2020:19, 321/2020:20: 200 and 800 indices of the year."""
    assert (month_threshold(FEBRUARY), contract_threshold(FEBRUARY)) == (THRESHOLD, WHOLE)
    assert month_threshold(Month(2025, 12)) == 786400


@pytest.mark.parametrize(("total", "passed"), [("865000.00", False), ("865000.01", True)])
def test_a_month_passes_its_threshold(total: str, passed: bool) -> None:
    """321/2020:19: strictly above 200 indices goes to law enforcement within ten working days."""
    raised = alarms({FEBRUARY: (D(total), CONCLUDED)}, sole_provider=False)
    assert [(a.what, a.total, a.threshold, a.due_on) for a in raised] == (
        [("month", D(total), THRESHOLD, ENFORCEMENT_BY)] if passed else []
    )
    assert alarms({}, sole_provider=False) == []


@pytest.mark.parametrize(("last", "passed"), [("0.00", False), ("0.01", True)])
def test_a_contract_passes_its_threshold(last: str, passed: bool) -> None:
    """321/2020:20: strictly above 800 indices over the contract, told by the last conclusion's day;
    no month of it is above its own."""
    months = {Month(2026, n): (THRESHOLD, date(2026, n, 2)) for n in range(1, 5)}
    months |= {Month(2026, 5): (D(last), CONCLUDED)}
    assert [(a.what, a.total, a.threshold, a.due_on) for a in alarms(months, False)] == (
        [("contract", WHOLE + D(last), WHOLE, ENFORCEMENT_BY)] if passed else []
    )


def test_two_months_above_may_end_a_contract() -> None:
    """321/2020:19, 321/2020:20: one month above does not, two do, but for the only provider of a
    district; the later month is named."""
    first, second = D(865001), D(865002)
    two = {MARCH: (second, CONCLUDED), FEBRUARY: (first, CONCLUDED)}
    ended = alarms(two, sole_provider=False)
    assert [alarm.what for alarm in ended] == ["month", "month", "termination"]
    assert (ended[-1].total, ended[-1].threshold, ended[-1].due_on) == (second, THRESHOLD, None)
    assert [alarm.what for alarm in alarms(two, sole_provider=True)] == ["month", "month"]
    one = {FEBRUARY: (first, CONCLUDED), MARCH: (THRESHOLD, CONCLUDED)}
    assert [alarm.what for alarm in alarms(one, sole_provider=False)] == ["month"]


def test_the_last_month_above_is_the_ground() -> None:
    """321/2020:20: of three months above, the last with its own year's threshold."""
    three = {Month(2025, 11): 1, Month(2025, 12): 2, Month(2026, 1): 3}
    months = {month: (D(900000 + n), CONCLUDED) for month, n in three.items()}
    ground = alarms(months, sole_provider=False)[-1]
    assert (ground.what, ground.total, ground.threshold) == ("termination", 900003, THRESHOLD)


def test_work_without_a_licence() -> None:
    """321/2020:10: ten per cent of the contract's sum, half up, from 14 March 2026."""
    assert no_licence_penalty(D("1000.05"), date(2026, 3, 14)) == D("100.01")
    with pytest.raises(NoFigureOnDate):
        no_licence_penalty(D(1000), date(2026, 3, 13))


def test_what_the_fund_keeps() -> None:
    """Strategy 2020-2025: three per cent of the receipts; a twelfth of them, and never below fifty
    billion tenge."""
    day = date(2026, 1, 1)
    assert reserve(D("1000.50"), day) == D("30.02")
    billion = 10**9
    balances = [uninvested_balance(D(each * billion), day) for each in (599, 600, 612)]
    assert balances == [50 * billion, 50 * billion, 51 * billion]


def test_the_closing_calendar_of_a_quarter() -> None:
    """291/2020:15, 291/2020:20, 291/2020:38, 291/2020:56, 291/2020:58: after March, in order of the
    day; the refusal's term runs from the protocol, the answer's from the refusal; after February
    nothing of a quarter."""
    march = [(day.due_on.day, day.what) for day in closing_calendar(MARCH)]
    assert march == [
        (10, "quarter_closing_day"),
        (10, "register_day"),
        (13, "register_return_term"),
        (15, "indicator_confirmation_term"),
        (20, "allowance_report_day"),
        (20, "protocol_day"),
        (23, "protocol_refusal_term"),
        (25, "stimulus_report_day"),
        (27, "protocol_answer_term"),
    ]
    assert {day.due_on.month for day in closing_calendar(MARCH)} == {4}
    assert [len(closing_calendar(Month(2026, n))) for n in (2, 3, 4, 5, 6, 12)] == [
        6,
        9,
        6,
        6,
        9,
        9,
    ]
    assert all(day.cites for day in closing_calendar(MARCH))


def _changed(monkeypatch: pytest.MonkeyPatch, name: str, values: list[dict[str, object]]) -> None:
    """A figure with other values, for one test."""
    facts = page("qor.law.kz.figures", f"{name}.yaml")
    monkeypatch.setitem(facts, "values", [facts["values"][0] | each for each in values])
    figures._history.cache_clear()


def test_a_refusal_runs_from_the_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:20: from the protocol's day, not from that of the report on allowances."""
    _changed(monkeypatch, "allowance_report_day", [{"value": "25"}])
    days = {day.what: day.due_on.day for day in closing_calendar(MARCH)}
    monkeypatch.undo()
    figures._history.cache_clear()
    assert (days["allowance_report_day"], days["protocol_refusal_term"]) == (25, 23)


def test_december_goes_by_its_own_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:47-1: a share that changes with the new year does not touch the December before."""
    new_year = {"from": date(2026, 1, 1), "value": "70"}
    _changed(monkeypatch, "never_served_share", [{}, new_year])
    back = [december_recalculation([D(1000)], 1, year) for year in (2025, 2026)]
    monkeypatch.undo()
    figures._history.cache_clear()
    assert back == [200, 300]


def test_nobody_is_paid_nothing_and_less_than_nobody_is_an_error() -> None:
    """291/2020:39, 291/2020:47-1: no people, no sum; without a coefficient the norm itself; ninety
    per cent with one."""
    assert per_capita_sum(D(1000), 0) == 0
    assert per_capita_sum(D(1000), 3) == 3000
    with pytest.raises(BadValue):
        per_capita_sum(D(1000), -1)
    assert without_contributions(D(1000), 10, FEBRUARY, D("1.1")) == 9900


@pytest.mark.parametrize(
    ("share", "contributions", "back", "of_ninety"),
    [
        (Fraction(1), True, "400.00", "400.00"),
        (Fraction(9, 10), False, "200.00", "360.00"),
        (Fraction(4, 5), True, "0.00", "0.00"),
        (Fraction(0), False, "0.00", "0.00"),
    ],
)
def test_what_december_brings_to_eighty(
    share: Fraction, contributions: bool, back: str, of_ninety: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:47-1: two people at 1,000: a fifth of a month paid whole, a tenth of one at ninety,
    nothing of one not paid; by the other choice a month at ninety is brought to 72 per cent."""
    month = PaidMonth(D(1000), 2, share, contributions)
    assert brought_to_eighty([month], 2026) == D(back)
    choose(monkeypatch, "never_served_without_contributions", "eighty_of_ninety")
    assert brought_to_eighty([month], 2026) == D(of_ninety)


def test_december_rounds_once() -> None:
    """291/2020:47-1: three months of 0.02 give 0.012: one tiyn, not none; contributions were paid
    where nothing is said; the figure is that of the year's December."""
    months = [PaidMonth(D("0.02"), 1, Fraction(1))] * 3
    assert brought_to_eighty(months, 2025) == D("0.01")
    assert months[0].contributions
    assert december_recalculation([D(1000), D(500)], 2, 2025) == 600
