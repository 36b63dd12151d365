"""The law of the money on both sides of each border, and its identities on random sums."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qor.engine.indicators.execution_table import (
    above_contract,
    disagreements,
    execution_table,
    lines_of,
    report_2020,
)
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import NormMissing
from qor.law.rules.act_sums import GrossAmounts, act_sums
from qor.law.rules.advances import (
    AdvanceKind,
    Standing,
    due_in,
    kept,
    may_have_advance,
    most_advance,
)
from qor.law.rules.closing_calendar import closing_calendar
from qor.law.rules.debts import share_debts
from qor.law.rules.expected_amounts import Rendered, corrections
from qor.law.rules.fund_cash import reserve, uninvested_balance
from qor.law.rules.scales import Band, ScaleNotHeld, payable, regressive_scale
from qor.law.rules.unconfirmed_totals import (
    alarms,
    contract_threshold,
    month_threshold,
    no_licence_penalty,
)
from qor.law.rules.ways_of_paying import ways_of_paying
from qor.workflow.acts.execution import runs_out_on

MONEY = st.decimals(min_value=0, max_value=10**9, places=2)
FEBRUARY = Month(2026, 2)
ON = date(2026, 2, 10)


@given(MONEY, MONEY, MONEY, MONEY, MONEY, MONEY, st.one_of(st.none(), MONEY))
def test_an_act_always_closes(
    claimed: Decimal,
    owed: Decimal,
    due: Decimal,
    carried: Decimal,
    paid: Decimal,
    other: Decimal,
    ceiling: Decimal | None,
) -> None:
    """Both identities; nothing below zero; what is owed is taken or carried; the ceiling is not
    passed where it was not before."""
    services = GrossAmounts(
        claimed, Decimal(0), Decimal(0), claimed / 4 // 1, Decimal(0), Decimal(0), other
    )
    sums = act_sums(
        services,
        owed=owed,
        advance_due=due,
        advance_carried=carried,
        already_paid=paid,
        ceiling=ceiling,
    )
    assert sums.accepted == services.gross - sums.other_deductions
    assert sums.to_pay == sums.accepted - sums.advance_kept
    assert (
        min(
            sums.accepted,
            sums.to_pay,
            sums.advance_kept,
            sums.deductions_carried,
            sums.advance_carried,
        )
        >= 0
    )
    assert sums.other_deductions + sums.deductions_carried == owed
    if ceiling is not None and paid <= ceiling:
        assert paid + sums.to_pay <= ceiling


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), MONEY), max_size=4),
    st.lists(st.tuples(st.sampled_from("ABC"), MONEY), max_size=4),
)
def test_debts_are_shared_out(
    debts: list[tuple[str, Decimal]], acts: list[tuple[str, Decimal]]
) -> None:
    """No act below zero, no debt above itself, and nothing is left owed while an act has room."""
    shares = share_debts(debts, acts)
    assert all(
        sum(parts, Decimal(0)) <= amount for parts, (_, amount) in zip(shares, debts, strict=True)
    )
    rooms = [
        gross - sum((parts[n] for parts in shares), Decimal(0)) for n, (_, gross) in enumerate(acts)
    ]
    assert all(room >= 0 for room in rooms)
    left = sum(
        (amount - sum(parts, Decimal(0)) for parts, (_, amount) in zip(shares, debts, strict=True)),
        Decimal(0),
    )
    assert left == 0 or sum(rooms, Decimal(0)) == 0


@given(MONEY, st.integers(1, 11))
def test_an_advance_is_kept_in_even_parts(amount: Decimal, first: int) -> None:
    """The parts sum to the advance; none after November, none before the first month."""
    parts = [
        due_in(AdvanceKind.GENERAL, amount, Month(2026, first), Month(2026, n))
        for n in range(1, 13)
    ]
    assert sum(parts, Decimal(0)) == amount
    assert parts[11] == 0 and not any(parts[: first - 1])
    live = parts[first - 1 : 11]
    assert max(live) - min(live) <= Decimal("0.01")


def test_decembers_advance() -> None:
    """Kept in December whole; at most seventy per cent of its plan, and what is left of the
    contract."""
    assert due_in(AdvanceKind.DECEMBER, Decimal(700), Month(2026, 11), Month(2026, 12)) == 700
    assert most_advance(AdvanceKind.DECEMBER, Decimal(1000), Decimal(900), Month(2026, 12)) == 700
    assert most_advance(AdvanceKind.DECEMBER, Decimal(1000), Decimal(650), Month(2026, 12)) == 650
    assert most_advance(AdvanceKind.MARROW, Decimal(1000), Decimal(0), FEBRUARY) == 500
    assert kept(Decimal(100), Decimal(50), Decimal(120)) == 120


@pytest.mark.parametrize(
    ("standing", "may"),
    [
        (Standing(7, False, True), True),
        (Standing(6, False, True), False),
        (Standing(12, True, True), False),
        (Standing(12, False, False), False),
        (Standing(3, True, False, excepted=True), True),
    ],
)
def test_who_gets_an_advance(standing: Standing, may: bool) -> None:
    """More than six months, no debt, not the first contract; or excepted (291/2020:11)."""
    assert may_have_advance(standing, FEBRUARY) is may


@given(MONEY, MONEY, st.decimals(min_value=0, max_value=1, places=2))
def test_the_scale_never_pays_more_than_was_claimed(
    plan: Decimal, total: Decimal, share: Decimal
) -> None:
    """Between the plan and the total, and never falling; no limit where no plan is set."""
    bands = (Band(Decimal(0), Decimal("0.1"), share), Band(Decimal("0.1"), None, share / 2))
    assert min(plan, total) <= payable(plan, bands, total) <= total
    assert payable(plan, bands, total) <= payable(plan, bands, total + 1)
    assert payable(None, bands, total) == total
    with pytest.raises(ScaleNotHeld):
        regressive_scale()


def test_corrections_begin_on_their_day() -> None:
    """The day hospital's forty per cent hold from 1 October 2025; no factor is guessed where the
    usual days are not known."""
    stay = Rendered(CareForm.STAY_GROUP, "day_hospital")
    assert corrections(stay, date(2025, 9, 30)) == []
    assert [c.name for c in corrections(stay, date(2025, 10, 1))] == ["day_hospital"]
    left = Rendered(CareForm.STAY_GROUP, "inpatient", "left", days=3)
    with pytest.raises(NormMissing):
        corrections(left, ON)
    infectious = Rendered(
        CareForm.STAY_GROUP, "inpatient", "left", days=3, flags=frozenset({"infectious_left"})
    )
    assert corrections(infectious, ON) == []


def test_every_form_has_a_way() -> None:
    """Fifteen forms of care, each with its clauses."""
    assert {way.care_form for way in ways_of_paying()} == set(CareForm)
    assert all(way.cites for way in ways_of_paying())


def test_unconfirmed_thresholds() -> None:
    """Strictly above; twice above is a ground for termination, unless there is no other
    provider."""
    once, day = month_threshold(FEBRUARY), date(2026, 3, 20)
    assert once == 200 * 4325 and contract_threshold(FEBRUARY) == 800 * 4325
    assert alarms({FEBRUARY: (once, day)}, False) == []
    above = {Month(2026, n): (once + 1, day) for n in (1, 3)}
    assert [a.what for a in alarms(above, False)] == ["month", "month", "termination"]
    assert [a.what for a in alarms(above, True)] == ["month", "month"]
    assert alarms(above, True)[0].due_on == date(2026, 4, 8)
    many = {Month(2026, n): (once, day) for n in (1, 2, 3, 4)} | {Month(2026, 5): (Decimal(1), day)}
    assert [a.what for a in alarms(many, False)] == ["contract"]
    assert no_licence_penalty(Decimal("1000000.05"), date(2026, 3, 14)) == Decimal("100000.01")


def test_what_the_fund_keeps() -> None:
    """Three per cent; a twelfth, and never under fifty billion."""
    assert reserve(Decimal("1000000000.00"), ON) == Decimal("30000000.00")
    assert uninvested_balance(Decimal(1200 * 10**9), ON) == Decimal(100 * 10**9)
    assert uninvested_balance(Decimal(120 * 10**9), ON) == Decimal(50 * 10**9)


def test_the_closing_calendar() -> None:
    """February 2026: register by 10 March, protocol by the 20th, refusal and answer in working days
    with Nauryz between; a quarter has more."""
    days = {day.what: day.due_on for day in closing_calendar(FEBRUARY)}
    assert (days["register_day"], days["register_return_term"]) == (
        date(2026, 3, 10),
        date(2026, 3, 11),
    )
    assert (days["protocol_refusal_term"], days["protocol_answer_term"]) == (
        date(2026, 3, 30),
        date(2026, 4, 1),
    )
    assert "quarter_closing_day" not in days
    assert {d.what: d.due_on for d in closing_calendar(Month(2026, 3))}[
        "stimulus_report_day"
    ] == date(2026, 4, 25)


def test_when_a_line_runs_out() -> None:
    """At the pace of January to March the half is gone by the end of June; a line that lasts has no
    day."""
    assert runs_out_on(Decimal(1200), Decimal(600), Month(2026, 3)) == date(2026, 6, 30)
    assert runs_out_on(Decimal(1200), Decimal(290), Month(2026, 3)) is None
    assert runs_out_on(Decimal(1200), Decimal(0), Month(2026, 3)) is None


def test_table_6_of_the_report() -> None:
    """Adding up the parts gives each printed sum to 0.01 million tenge, but where the report
    disagrees with itself; row 14 is above its contracts."""
    printed = report_2020()
    rows = execution_table(lines_of(printed))
    for line, computed in zip(printed[:-1], rows[:-1], strict=True):
        assert abs(line.contracts["total"] - computed.contracts["total"]) <= Decimal("0.01")
        assert line.accepted == computed.accepted
    apart = [(d.n, d.measure, d.column, d.printed - d.computed) for d in disagreements(printed)]
    assert apart == [
        (16, "contracts", "total", Decimal("-0.01")),
        (0, "contracts", "total", Decimal("0.01")),
        (0, "contracts", "osms", Decimal("0.01")),
        (0, "contracts", "column", Decimal("0.02")),
    ]
    assert [row.n for row in above_contract(rows)] == [14]
