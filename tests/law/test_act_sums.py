"""The sums of an act, advances kept from it and debts netted, each at its border; sums are written
out, not computed by the product."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.law.test_outages import choose

from qor.law.nouns.months import Month
from qor.law.rules.act_sums import GrossAmounts, act_sums
from qor.law.rules.advances import (
    AdvanceKind,
    Standing,
    due_in,
    keep_advances,
    may_have_advance,
    most_advance,
)
from qor.law.rules.co_execution import co_executor_due
from qor.law.rules.debts import netting_rank, own_first, share_debts
from qor.law.rules.later_decisions import taken_after

D = Decimal
NOTHING = D(0)
DECEMBER = Month(2026, 12)
# 1000 claimed, 200 set free, 30 of other payments, less 40 returned, 50 held, 60 taken, 80 beyond.
SERVICES = GrossAmounts(D(1000), D(200), D(40), D(50), D(60), D(80), D(30))
PLAIN = GrossAmounts(D(1000), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)


def _act(gross: GrossAmounts = PLAIN, **changed: Decimal | None) -> tuple[Decimal, ...]:
    """Other deductions, carried, accepted, advance kept, advance carried, to pay."""
    facts: dict[str, Decimal | None] = {
        "owed": NOTHING,
        "advance_due": NOTHING,
        "advance_carried": NOTHING,
        "already_paid": NOTHING,
        "ceiling": None,
    }
    sums = act_sums(gross, **(facts | changed))  # type: ignore[arg-type]
    assert sums.gross_amounts == gross and sums.advance_due == (facts | changed)["advance_due"]
    return (
        sums.other_deductions,
        sums.deductions_carried,
        sums.accepted,
        sums.advance_kept,
        sums.advance_carried,
        sums.to_pay,
    )


def test_what_an_act_accepts() -> None:
    """291/2020:4, 291/2020:23: 1,000 and 200 and 30 less 40, 50, 60 and 80 are 1,000; other
    payments are none where none are named."""
    assert SERVICES.gross == 1000
    assert replace(SERVICES, other_payments=D(0)).gross == 970
    assert PLAIN.other_payments == 0 and PLAIN.gross == 1000


@pytest.mark.parametrize(
    ("owed", "deducted", "carried", "accepted"),
    [(0, 0, 0, 1000), (999, 999, 0, 1), (1000, 1000, 0, 0), (1001, 1000, 1, 0)],
)
def test_an_act_does_not_go_below_nothing(
    owed: int, deducted: int, carried: int, accepted: int
) -> None:
    """291/2020:19, 291/2020:23: what a provider owes takes the whole act at most, the rest is
    carried forward."""
    assert _act(owed=D(owed)) == (deducted, carried, accepted, 0, 0, accepted)


def test_services_below_nothing_are_an_error() -> None:
    """291/2020:4: an act of nothing is an act, one of less is not."""
    assert _act(replace(PLAIN, returned=D(1000))) == (0, 0, 0, 0, 0, 0)
    with pytest.raises(ValueError, match="less than nothing"):
        _act(replace(PLAIN, returned=D("1000.01")))


@pytest.mark.parametrize(
    ("due", "carried", "now", "left", "paid"),
    [(100, 50, 150, 0, 850), (900, 100, 1000, 0, 0), (900, 150, 1000, 50, 0)],
)
def test_an_advance_is_kept_up_to_what_is_accepted(
    due: int, carried: int, now: int, left: int, paid: int
) -> None:
    """291/2020:10, 291/2020:13: due and carried over; the rest is carried on."""
    assert _act(advance_due=D(due), advance_carried=D(carried)) == (0, 0, 1000, now, left, paid)


@pytest.mark.parametrize(
    ("paid", "now", "left"),
    [(0, 100, 0), (600, 100, 0), (601, 101, 0), (1500, 1000, 0), (1600, 1000, 0)],
)
def test_the_contracts_sum_is_never_passed(paid: int, now: int, left: int) -> None:
    """291/2020:27: under a contract of 1,500, 1,000 are accepted and 100 due: with 600 paid before
    100 are kept, with 601 one more, and never more than is accepted."""
    sums = _act(advance_due=D(100), already_paid=D(paid), ceiling=D(1500))
    assert sums == (0, 0, 1000, now, left, 1000 - now)


def test_what_several_fundings_keep_is_given() -> None:
    """291/2020:10, 291/2020:27: kept as it was shared out, whatever the ceiling; of 100 due and 50
    carried over 30 are kept and 120 carried on."""
    given = _act(
        advance_due=D(100),
        advance_carried=D(50),
        already_paid=D(1500),
        ceiling=D(1500),
        advance_kept=D(30),
    )
    assert given == (0, 0, 1000, 30, 120, 970)


def test_decembers_advance_is_never_less_than_nothing() -> None:
    """291/2020:8:2): 70 per cent of the plan, what is left of the contract, nothing where nothing
    is left; a general advance does not ask what is left."""
    left = [most_advance(AdvanceKind.DECEMBER, D(1000), D(each), DECEMBER) for each in (1, 0, -1)]
    assert left == [1, 0, 0]
    assert most_advance(AdvanceKind.GENERAL, D(1000), D(-1), DECEMBER) == 300


def test_an_advance_is_rounded_down() -> None:
    """291/2020:8: 30 per cent of 100.33 are 30.099: 30.09 and not a tiyn more."""
    assert most_advance(AdvanceKind.GENERAL, D("100.33"), NOTHING, DECEMBER) == D("30.09")


def test_nobody_is_excepted_unless_said() -> None:
    """291/2020:11: a contract of six months gives no advance."""
    assert not may_have_advance(Standing(6, owes=False, had_contracts=True), DECEMBER)


def _parts(amount: int, first: Month, kind: AdvanceKind = AdvanceKind.GENERAL) -> list[Decimal]:
    """What falls due from the first month on, fourteen months long."""
    return [due_in(kind, D(amount), first, first.shift(n)) for n in range(14)]


def test_the_parts_of_an_advance_sum_to_it() -> None:
    """291/2020:9: 100 from March: nine parts, each rounded down over the sum so far, nothing before
    and nothing after; from November one part; from December all at once."""
    march = _parts(100, Month(2026, 3))
    ninths = "11.11 11.11 11.11 11.11 11.11 11.11 11.11 11.11 11.12"
    assert march == [*map(D, ninths.split()), 0, 0, 0, 0, 0]
    assert due_in(AdvanceKind.GENERAL, D(100), Month(2026, 3), Month(2026, 2)) == 0
    assert _parts(100, Month(2026, 11)) == [100, *[0] * 13]
    assert _parts(100, Month(2026, 10)) == [50, 50, *[0] * 12]
    assert _parts(100, DECEMBER) == [100, *[0] * 13]
    finer = [
        due_in(AdvanceKind.GENERAL, D("10.005"), Month(2026, 9), Month(2026, n))
        for n in (9, 10, 11)
    ]
    assert finer == [D("3.33"), D("3.34"), D("3.335")]


def test_decembers_advance_is_kept_in_that_december() -> None:
    """291/2020:9: neither in November nor in another year's December."""
    november = Month(2026, 11)
    assert _parts(70, november, AdvanceKind.DECEMBER) == [0, 70, *[0] * 12]
    assert due_in(AdvanceKind.DECEMBER, D(70), november, Month(2027, 12)) == 0
    assert due_in(AdvanceKind.DECEMBER, D(70), november, Month(2025, 12)) == 0


@pytest.mark.parametrize(
    ("at_least", "own", "other"),
    [
        (0, [30, 0], [0, 20]),
        (50, [30, 0], [0, 20]),
        (51, [31, 0], [0, 20]),
        (100, [80, 0], [0, 20]),
        (110, [90, 0], [0, 20]),
        (111, [90, 0], [0, 21]),
        (150, [90, 0], [0, 60]),
        (190, [90, 10], [0, 90]),
        (250, [90, 10], [0, 90]),
    ],
)
def test_more_is_kept_only_until_the_contracts_sum(
    at_least: int, own: list[int], other: list[int]
) -> None:
    """291/2020:9, 291/2020:10, 291/2020:27: due are 30 of 120 and 20 of 90, each from its own
    funding, which accepts 90 and 100; more first of the own funding, then of the other's, never
    more than the advance or the act has."""
    advances = [("tmkkk", D(30), D(120)), ("osms", D(20), D(90))]
    accepted = [("tmkkk", D(90)), ("osms", D(100))]
    assert keep_advances(advances, accepted, D(at_least)) == [own, other]


def test_what_is_due_is_kept_within_what_is_left_and_accepted() -> None:
    """291/2020:10: due 50 of which 40 are left; of 30 accepted, 30; of another funding nothing."""
    assert keep_advances([("tmkkk", D(50), D(40))], [("tmkkk", D(100))], NOTHING) == [[40]]
    assert keep_advances([("tmkkk", D(50), D(60))], [("tmkkk", D(30))], NOTHING) == [[30]]
    assert keep_advances([("tmkkk", D(50), D(60))], [("osms", D(30))], NOTHING) == [[0]]
    two = [("tmkkk", D(40), D(60)), ("tmkkk", D(40), D(60))]
    assert keep_advances(two, [("tmkkk", D(50))], NOTHING) == [[40], [10]]


@pytest.mark.parametrize(
    ("most", "used", "due", "above"),
    [
        ("100.00", "0", "33.34", "0.00"),
        ("100.00", "66.66", "33.34", "0.00"),
        ("100.00", "66.67", "33.33", "0.01"),
        ("100.00", "101", "0", "33.34"),
        (None, "0", "0", "33.34"),
    ],
)
def test_a_co_executors_share(most: str | None, used: str, due: str, above: str) -> None:
    """291/2020:33, 291/2020:34, 291/2020:37: 25 per cent of 133.34 are 33.335, half up 33.34, at
    most what the co-execution contract leaves; without one nothing."""
    share = co_executor_due(D("133.34"), D(25), D(most) if most else None, D(used))
    assert (share.due, share.above) == (D(due), D(above))


@pytest.mark.parametrize(
    ("accepted", "stake", "of_price", "back", "sanction"),
    [
        (100, 30, 30, 30, 0),
        (100, 100, 100, 100, 0),
        (100, 101, 100, 100, 1),
        (80, 20, 20, 0, 0),
        (80, 21, 21, 1, 0),
        (0, 300, 100, 0, 200),
    ],
)
def test_what_a_later_decision_takes(
    accepted: int, stake: int, of_price: int, back: int, sanction: int
) -> None:
    """321/2020:53, 291/2020:19: of a service of 100; what was never paid goes first, what lies
    above the price is a sanction."""
    decision = taken_after(D(100), D(accepted), D(stake))
    assert (decision.of_price, decision.taken_back, decision.sanction) == (of_price, back, sanction)


def test_debts_go_to_the_own_act_first() -> None:
    """291/2020:19: 150 of K-2 take its act of 100, 60 of K-1 its own; then 10 more of K-1 for what
    is left of the first; no debt takes more than itself, no act gives more than it has."""
    acts = [("K-1", D(70)), ("K-2", D(100))]
    assert share_debts([("K-2", D(150)), ("K-1", D(60))], acts) == [[10, 100], [60, 0]]
    assert share_debts([("K-2", D(100))], acts) == [[0, 100]]
    assert share_debts([("K-2", D(171))], acts) == [[70, 100]]
    assert (own_first("K-1", "K-1"), own_first("K-1", "K-2")) == (0, 1)


@pytest.mark.parametrize(
    ("act", "rank"),
    [(("K-1", "tmkkk"), 0), (("K-1", "osms"), 1), (("K-2", "tmkkk"), 2), (("K-2", "osms"), 3)],
)
def test_the_nearer_sum_is_netted_first(
    act: tuple[str, str], rank: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:19: by default a debt stays with its funding, and one that names none has all for
    its own; by the other choice of debts_across_fundings the own funding comes first, and a debt
    of another contract last."""
    debt = ("K-1", "tmkkk")
    other_funding = act[1] == "osms"
    assert netting_rank(debt, act) == (None if other_funding else rank)
    assert netting_rank(("K-1", ""), act) == (0 if act[0] == "K-1" else 2)
    choose(monkeypatch, "debts_across_fundings", "own_funding_first")
    assert netting_rank(debt, act) == rank
    choose(monkeypatch, "debts_across_contracts", "own_contract_only")
    assert netting_rank(debt, act) == (rank if act[0] == "K-1" else None)
    assert share_debts([(debt, D(9))], [(act, D(5))], netting_rank) == [
        [5 if act[0] == "K-1" else 0]
    ]
