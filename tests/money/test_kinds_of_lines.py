"""Sums that hang on no service are lines of the act; December's recalculation; co-executors;
reconciliation and pace."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from tests.engine.registers import BIN, OTHER
from tests.money.four_contracts import HOLDERS, Two, accounts, choose, make_two
from tests.tiny import PEOPLE
from tests.workflow.people import World

from qor.engine.monitoring.month import RunRequest, run_month
from qor.interfaces.clock import now
from qor.interfaces.documents.papers import paper_of
from qor.law.nouns.months import Month
from qor.law.rules.co_execution import co_executor_due
from qor.law.rules.per_capita import PaidMonth, brought_to_eighty, december_recalculation
from qor.workflow.acts.execution import execution, runs_out_on
from qor.workflow.acts.models import Act, CoExecution, OtherSum
from qor.workflow.acts.reconciliation import reconcile
from qor.workflow.acts.unready import unready_of

JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)
D = Decimal


@pytest.fixture
def two(tmp_path: Path, world: World) -> Two:
    """Two providers with two contracts each."""
    fund = make_two(tmp_path, world)
    accounts(fund, BIN, OTHER)
    return fund


def people(two: Two, month: Month, **groups: int) -> None:
    """Attached people of the first provider: `all`, `pupils`, `split_up`; five people of the
    second."""
    rows = [
        {"bin": BIN, "month": str(month), "sex": "f", "age_group": group, "persons": n}
        for group, n in groups.items()
    ]
    two.load(
        "attached",
        *rows,
        {"bin": OTHER, "month": str(month), "sex": "f", "age_group": "all", "persons": 5},
        of=str(month),
    )


def norms(two: Two, **values: str) -> None:
    """Norms of all providers, by kind."""
    two.load(
        "norms",
        *(
            {"bin": "*", "kind": kind, "valid_from": "2024-01-01", "value": value}
            for kind, value in values.items()
        ),
    )


def test_what_primary_care_is_paid_for(two: Two) -> None:
    """291/2020:41: people, urgent care (291/2020:43), split-up organisation (291/2020:45), pupils
    (291/2020:48), food at cost (291/2020:44), each a line.

    The other provider has no pupils, no computed population and no report: it has no such lines.
    """
    norms(two, КЖН="100.00", urgent_care="10.00", pupils="7.25", split_up="3.33")
    two.contract("K-1", "primary", "900000.00")
    two.contract("K-3", "primary", "900000.00")
    people(two, JANUARY, all=40, pupils=8, split_up=11)
    two.load(
        "reported_sums",
        {
            "bin": BIN,
            "month": "2026-01",
            "care_form": "primary",
            "kind": "phenylketonuria",
            "amount": "1234.56",
        },
        of="2026-01",
    )
    two.close(JANUARY)
    kinds = {kind: accepted for (_, _, kind), accepted in two.lines(JANUARY, "K-1").items()}
    assert kinds == {
        "per_capita": D(4000),
        "urgent_care": D(400),
        "pupils": D(58),
        "split_up": D("36.63"),
        "phenylketonuria": D("1234.56"),
    }
    others = {kind: accepted for (_, _, kind), accepted in two.lines(JANUARY, "K-3").items()}
    assert others == {"per_capita": D(500), "urgent_care": D(50)}
    paper = paper_of(two.act(JANUARY, "K-1"), "act", "en")
    assert any("school care" in row[1] for row in paper.rows)


def test_allowances_are_paid_as_reported(two: Two) -> None:
    """291/2020:38: the report of January's allowances comes after January was closed: February's
    act pays it, as a line of January, once."""
    norms(two, КЖН="100.00", ЖБН="20.00")
    two.contract("K-1", "ambulance", "900000.00")
    two.contract("K-3", "ambulance", "900000.00")
    for month in (JANUARY, FEBRUARY, MARCH):
        people(two, month, all=40)
    report = {"month": "2026-01", "care_form": "ambulance"}
    two.close(JANUARY)
    two.load(
        "reported_sums",
        report | {"bin": BIN, "kind": "driver_allowance", "amount": "300.00"},
        report | {"bin": BIN, "kind": "staff_allowance", "amount": "500.00"},
        of="2026-01",
    )
    two.close(FEBRUARY)
    lines = two.lines(FEBRUARY, "K-1")
    assert lines["2026-01", "ambulance", "driver_allowance"] == D(300) and lines[
        "2026-01", "ambulance", "staff_allowance"
    ] == D(500)
    assert ("2026-01", "ambulance", "per_capita") not in lines
    assert {kind for _, _, kind in two.lines(FEBRUARY, "K-3")} == {"per_capita"}
    two.close(MARCH)
    assert {kind for _, _, kind in two.lines(MARCH, "K-1")} == {"per_capita"}


@pytest.mark.slow
def test_a_sum_of_people_without_contributions_is_made_once(two: Two) -> None:
    """291/2020:47-1: nobody attached has contributions paid: ninety per cent of the norm, once,
    though the next month closes after it."""
    norms(two, КЖН="100.00")
    for number, bin_ in (("K-1", BIN), ("K-3", OTHER)):
        two.contract(number, "primary", "900000.00")
        for month, unpaid in ((JANUARY, 4), (FEBRUARY, 0)):
            row = {
                "bin": bin_,
                "month": str(month),
                "sex": "f",
                "persons": 4,
                "without_contributions": unpaid,
            }
            two.load("attached", row, of=str(month))
    two.close(JANUARY)
    assert two.lines(JANUARY, "K-1") == {("2026-01", "primary", "per_capita_unpaid"): D(360)}
    two.close(FEBRUARY)
    for number in ("K-1", "K-3"):
        assert two.lines(FEBRUARY, number) == {("2026-02", "primary", "per_capita"): D(400)}


def test_a_report_without_a_contract_is_named(two: Two) -> None:
    """291/2020:41: allowances are reported of a provider that no contract of primary care covers:
    said, not paid, and the others are paid."""
    norms(two, КЖН="100.00")
    two.contract("K-3", "primary", "900000.00")
    people(two, JANUARY, all=40)
    two.load(
        "reported_sums",
        {
            "bin": BIN,
            "month": "2026-01",
            "care_form": "primary",
            "kind": "staff_allowance",
            "amount": "5.00",
        },
        of="2026-01",
    )
    two.services(JANUARY, 1, "K-1")
    two.contract("K-1", "outpatient", "5000.00")
    two.run(JANUARY)
    two.close(JANUARY)
    named = [(m.bin, m.kind, m.what) for m in unready_of(JANUARY) if m.kind != "urgent_care"]
    assert named == [(BIN, "staff_allowance", "no_contract")]
    assert two.act(JANUARY, "K-3").to_pay == D(500)


@pytest.mark.parametrize(
    ("share", "contributions", "choice", "back"),
    [
        (Fraction(1), True, "eighty_of_the_norm", "20.00"),
        (Fraction(9, 10), False, "eighty_of_the_norm", "10.00"),
        (Fraction(9, 10), False, "eighty_of_ninety", "18.00"),
        (Fraction(0), True, "eighty_of_the_norm", "0.00"),
        (Fraction(8, 10), True, "eighty_of_the_norm", "0.00"),
        (Fraction(81, 100), True, "eighty_of_the_norm", "1.00"),
    ],
)
def test_a_month_is_brought_to_eighty(
    share: Fraction, contributions: bool, choice: str, back: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:47-1: a norm of a hundred: what comes back of a month by the share that was paid of
    it."""
    choose(monkeypatch, "never_served_without_contributions", choice)
    assert brought_to_eighty([PaidMonth(D(100), 1, share, contributions)], 2026) == D(back)
    assert december_recalculation([D(100)] * 12, 3, 2026) == D(720)


@pytest.mark.slow
def test_december_counts_only_months_that_were_paid(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:47-1: two people never served; November and December were paid, one of them without
    contributions; no other month was.

    Each month: 20 of the person with contributions, 10 of the other; the other provider's only
    person was served and gives nothing back.
    """
    choose(monkeypatch, "december_mean_of_a_young_contract", "months_of_the_contract")
    norms(two, КЖН="100.00")
    for number in ("K-1", "K-3"):
        two.contract(number, "primary", "900000.00", range(11, 13), valid_from="2026-11-01")
    person = {
        "sex": "f",
        "birth_date": "1980-03-14",
        "attached_since": "2025-01-01",
        "attachment_consent": "true",
    }
    two.load(
        "people",
        *(
            person | {"iin": PEOPLE[n], "attached_bin": b}
            for n, b in (("A", BIN), ("B", BIN), ("C", OTHER))
        ),
    )
    two.load("insured", *({"iin": PEOPLE[n], "valid_from": "2020-01-01"} for n in "AC"))
    november, december = Month(2026, 11), Month(2026, 12)
    two.close(november)
    two.services(december, 1, "K-3", "primary", iin=PEOPLE["C"], identity_kind="iin", card_no="")
    two.run(december)
    two.close(december, date(2027, 1, 20))
    other = OtherSum.objects.get()
    assert (other.amount, other.contract_no, other.ground) == (D(60), "K-1", "recalculation")


@pytest.mark.slow
def test_co_executors_are_named_with_contract_share_and_limit(two: Two) -> None:
    """291/2020:33, 291/2020:34, 291/2020:37: of three services the partner rendered, one went back;
    eighty per cent of two is due, within 1,500.

    The second month finds what the first left of the limit; who has no contract is named, and
    listed for head office.
    """
    two.contract("K-1", "outpatient", "9000.00")
    two.contract("K-3", "outpatient", "9000.00")
    two.load(
        "co_executions",
        {
            "co_contract_no": "C-7",
            "contract_no": "K-1",
            "line": 1,
            "bin": BIN,
            "subcontract_bin": OTHER,
            "care_form": "outpatient",
            "share": "80",
            "amount": "2000.00",
            "valid_from": "2026-01-01",
        },
    )
    for month in (JANUARY, FEBRUARY):
        two.services(month, 2, "K-1", subcontract_bin=OTHER)
        two.services(month, 3, "K-1", start=10)
        two.services(month, 1, "K-3", subcontract_bin=BIN)
        two.run(month)
        two.close(month)
    limits = list(CoExecution.objects.filter(co_contract_no="C-7").order_by("pk"))
    assert [(c.services, c.accepted, c.due, c.above) for c in limits] == [
        (2, D(2000), D(1600), D(0)),
        (2, D(2000), D(400), D(1200)),
    ]
    assert (
        CoExecution.objects.filter(act=two.act(JANUARY, "K-3"), co_contract_no="", due=0).count()
        == 1
    )
    assert [(m.contract_no, m.what) for m in unready_of(JANUARY)] == [("K-3", "no_co_execution")]
    paper = paper_of(two.act(JANUARY, "K-1"), "act", "ru")
    assert any("C-7" in said and "80 %" in said for _, said in paper.facts)


def test_a_co_executors_due() -> None:
    """291/2020:37: at most what its contract leaves, to the tiyn; without a contract nothing."""
    assert co_executor_due(D("1000.01"), D("80"), D(900), D(100)).due == D(800)
    assert co_executor_due(D("1000.01"), D("80"), D(900), D(100)).above == D("0.01")
    assert co_executor_due(D(1000), D(80), D(900), D(900)).due == 0
    assert co_executor_due(D(1000), D(80), None, D(0)).due == 0


@pytest.mark.slow
@pytest.mark.parametrize(("month", "lessen"), [(3, 0), (6, 4000)])
def test_the_first_quarter_states_no_decrease(two: Two, month: int, lessen: int) -> None:
    """291/2020:28: six months of three thousand bought, 7,000 done by March: nothing is lessened
    then; by June what was not done is stated."""
    two.contract("K-1", "outpatient", "3000.00")
    two.contract("K-3", "outpatient", "1000.00")
    for n, count in ((1, 3), (2, 2), (3, 2), (4, 3), (5, 3), (6, 1)):
        two.services(Month(2026, n), count, "K-1")
        two.services(Month(2026, n), 1, "K-3")
        two.run(Month(2026, n))
        two.close(Month(2026, n))
        if n == month:
            break
    reconciled = {line.contract_no: line for line in reconcile(two.lake, Month(2026, month))}
    assert (reconciled["K-1"].lessen, reconciled["K-3"].lessen) == (D(lessen), D(0))


@pytest.mark.slow
def test_the_pace_counts_from_the_contracts_first_month(two: Two) -> None:
    """291/2020:27: a contract from March: half of its sum gone in March alone is gone by April's
    end, not in half a year."""
    assert runs_out_on(D(1200), D(600), MARCH) == date(2026, 6, 30)
    assert runs_out_on(D(1200), D(600), MARCH, MARCH) == date(2026, 5, 2)
    two.contract("K-1", "outpatient", "3000.00", range(3, 4))
    two.contract("K-1", "outpatient", "100.00", range(4, 13))
    two.contract("K-3", "outpatient", "3000.00", range(1, 2))
    two.contract("K-3", "outpatient", "100.00", range(2, 13))
    for number in ("K-1", "K-3"):
        two.services(MARCH, 2 if number == "K-1" else 1, number, amount="1000.00")
    two.run(MARCH)
    two.close(MARCH)
    lines = {line.contract_no: line for line in execution(two.lake, MARCH, Act.objects.all())}
    # 3,900 bought from March, 2,000 gone in its 31 days: 60 days more than none, from 1 March on.
    assert (lines["K-1"].year_sum, lines["K-1"].accepted) == (D(3900), D(2000))
    assert lines["K-1"].runs_out_on == date(2026, 3, 1) + timedelta(days=60)
    # 4,100 bought from January, 100 or a little more accepted in March's 90 days: lasts the year.
    assert lines["K-3"].year_sum == D(4100) and lines["K-3"].runs_out_on is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "most"), [("eleven_months", "363.64"), ("months_of_the_contract", "2000.00")]
)
def test_decembers_mean_of_a_young_contract(
    two: Two, choice: str, most: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:24: a contract from October accepted 4,000 in two months: the mean divides by
    eleven, or by its two months; an older one by eleven."""
    choose(monkeypatch, "december_mean_of_a_young_contract", choice)
    two.contract("K-1", "outpatient", "9000.00", range(10, 13), valid_from="2026-10-01")
    two.contract("K-3", "outpatient", "9000.00")
    for n in (10, 11):
        two.services(Month(2026, n), 2, "K-1")
        two.services(Month(2026, n), 2, "K-3")
        two.run(Month(2026, n))
        two.close(Month(2026, n))
    december = Month(2026, 12)
    two.services(december, 3, "K-1")
    two.services(december, 3, "K-3")
    run_month(two.lake, RunRequest(december, december.last, "test", now()))
    two.run(december)
    two.close(december, date(2027, 1, 20))
    assert (two.act(december, "K-1").to_pay, two.act(december, "K-3").to_pay) == (
        D(most),
        D("363.64"),
    )


def test_a_years_sum_has_its_pace_from_its_first_day(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:27, 291/2020:28: a contract from March by the year alone: 2,000 of 6,000 gone in
    March is all gone in 93 days; of its ten months four are over by June, not six of twelve."""
    choose(monkeypatch, "volume_of_a_year_line", "twelfths")
    line = {"care_form": "outpatient", "funding": "tmkkk", "service_code": "*"}
    for number, since in (("K-1", "2026-03-01"), ("K-3", "2026-01-01")):
        own = {"contract_no": number, "bin": HOLDERS[number], "line": 1, "amount": "6000.00"}
        two.load("contracts", line | own | {"valid_from": since})
        two.services(MARCH, 2, number)
    two.run(MARCH)
    two.close(MARCH)
    lines = {line.contract_no: line for line in execution(two.lake, MARCH, Act.objects.all())}
    assert {number: each.accepted for number, each in lines.items()} == {"K-1": 2000, "K-3": 2000}
    assert lines["K-1"].runs_out_on == date(2026, 3, 1) + timedelta(days=93)
    assert lines["K-3"].runs_out_on == date(2026, 1, 1) + timedelta(days=270)
    lessened = {line.contract_no: line.lessen for line in reconcile(two.lake, Month(2026, 6))}
    assert lessened == {"K-1": D(2400 - 2000), "K-3": D(3000 - 2000)}
