"""Each sum by its own: the year, the month's marks and scale, the provider of a number, the form of
a co-executor, the tariff of its closing; what is missing stops its own provider only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import BIN, OTHER
from tests.money.bank import FORMS
from tests.money.four_contracts import Two, accounts, choose, make_two
from tests.money.unchecked import run_unchecked
from tests.workflow.people import World, an_act, at

from qor.law.nouns.months import Month
from qor.workflow.acts.execution import execution
from qor.workflow.acts.fundings import FundingNotNamed
from qor.workflow.acts.models import Act, CoExecution, ContractSum, OtherSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.acts.unready import unready_of
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.open_cases import open_cases
from qor.workflow.treasury.models import Order

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)
LINE = {"care_form": "outpatient", "funding": "tmkkk", "service_code": "*"}


@pytest.fixture
def two(tmp_path: Path, world: World) -> Two:
    """A fund of two providers, each with an account."""
    fund = make_two(tmp_path, world)
    accounts(fund, BIN, OTHER)
    return fund


def missing(month: Month) -> set[tuple[str, str]]:
    """Who lacks what."""
    return {(each.bin, each.what) for each in unready_of(month)}


def close(two: Two, month: Month, on: date | None = None) -> dict[str, Act]:
    """Run and close a month; its acts by contract."""
    two.run(month)
    two.close(month, *([on] if on else []))
    acts = Act.objects.filter(closing__month=str(month)).select_related("provider")
    return {act.contract_no: act for act in acts}


def hold(two: Two, month: Month, service: str) -> None:
    """A dispute on one service of the month; what else is found is dropped."""
    sums = {"amount": Decimal(1000), "proposed_deduction": Decimal(100)}
    two.world.case(region="71", month=str(month), service_id=service, **sums)
    run_unchecked(two.lake, month)
    open_cases(two.lake, month, by="test", at=at(month.shift(1).first.replace(day=2)))
    Case.objects.exclude(service_id=service).filter(outcome="").update(outcome="rejected")


@pytest.mark.parametrize(
    ("bin_", "bad", "listed"),
    [("991240001231", {}, True), ("991240001231", {"quantity": "x"}, True), ("12345", {}, False)],
)
def test_a_provider_that_no_list_holds_stops_nobody(
    two: Two, bin_: str, bad: dict[str, str], listed: bool
) -> None:
    """291/2020:16, 291/2020:26: the month of all others closes; head office is told of a number
    that may be a provider's; what is none was rejected when it was handed in."""
    two.contract("K-1", "outpatient", "9000.00")
    two.services(JANUARY, 2)
    two.services(JANUARY, 1, start=20, provider_bin=bin_, **bad)
    acts = close(two, JANUARY)
    assert acts["K-1"].to_pay == 2000
    assert ((bin_, "provider_not_listed") in missing(JANUARY)) is listed
    assert sum(act.to_pay for act in acts.values()) == 2000


def test_a_sum_of_the_whole_year_holds_in_its_own_year(two: Two) -> None:
    """291/2020:27: renewed for 2027 before December of 2026 is closed; each year keeps its sum, and
    the line stands in the table of execution."""
    years = ((1, "2026", "9000.00"), (2, "2027", "7000.00"))
    two.load(
        "contracts",
        *(
            LINE
            | {"contract_no": "K-1", "line": n, "bin": BIN, "amount": amount}
            | {"valid_from": f"{year}-01-01", "valid_to": f"{year}-12-31"}
            for n, year, amount in years
        ),
    )
    for month, on in ((Month(2026, 11), None), (Month(2026, 12), date(2027, 1, 20))):
        two.services(month, 2)
        act = close(two, month, on)["K-1"]
        assert (act.held, act.claimed) == (0, 2000)
    sums = ContractSum.objects.filter(closing__month="2026-12").values_list("year", "amount")
    assert dict(sums) == {"2026": 9000, "2027": 7000}
    lines = execution(two.lake, Month(2026, 12), Act.objects.all())
    assert [(line.contract_no, line.year_sum) for line in lines] == [("K-1", 9000)]


def test_two_providers_with_one_number_wait(two: Two) -> None:
    """291/2020:3, 291/2020:27: neither is paid from the other's sum; both are named."""
    same = LINE | {"contract_no": "K-1", "month": "2026-01", "valid_from": "2026-01-01"}
    two.load(
        "contracts",
        same | {"line": 1, "bin": BIN, "amount": "1000.00"},
        same | {"line": 2, "bin": OTHER, "amount": "3000.00"},
    )
    two.services(JANUARY, 3)
    two.services(JANUARY, 1, "K-3", contract_no="K-1")
    close(two, JANUARY)
    acts = Act.objects.filter(closing__month=str(JANUARY))
    assert {(act.held, act.accepted) for act in acts} == {(3000, 0), (1000, 0)}
    assert {(bin_, "number_of_two_providers") for bin_ in (BIN, OTHER)} <= missing(JANUARY)


@pytest.mark.parametrize(
    ("last", "waits"), [("2025-12-31", 0), ("2026-01-01", 1000), ("", 1000)], ids=str
)
def test_a_number_may_begin_anew_with_a_year(two: Two, last: str, waits: int) -> None:
    """291/2020:3, 291/2020:27: contracts are numbered anew each year: the other provider's of last
    year, over by New Year's Eve, holds up nobody; one that reaches into the year does."""
    same = LINE | {"contract_no": "K-1", "amount": "5000.00"}
    two.load(
        "contracts",
        same
        | {"line": 1, "bin": OTHER, "month": "2025-12"}
        | {"valid_from": "2025-01-01", "valid_to": last},
        same | {"line": 2, "bin": BIN, "month": "2026-01", "valid_from": "2026-01-01"},
    )
    two.services(JANUARY, 1)
    act = close(two, JANUARY)["K-1"]
    assert (act.held, act.accepted) == (waits, 1000 - waits)
    named = {what for _, what in missing(JANUARY)} & {"number_of_two_providers", "no_sum"}
    assert named == ({"number_of_two_providers", "no_sum"} if waits else set())


@pytest.mark.parametrize(
    ("since", "until", "accepted"), [("2026-01-01", "2026-01-31", 1000), ("2026-02-01", "", 2000)]
)
def test_a_service_set_free_has_the_marks_of_its_own_month(
    two: Two, since: str, until: str, accepted: int
) -> None:
    """291/2020:61: a line of marked services is no part of January's sum if it was marked in
    January, and is if only February marks it."""
    two.contract("K-1", "outpatient", "1000.00")
    two.contract("K-3", "outpatient", "9000.00")
    two.contract("K-1", "outpatient", "1000.00", line=50, service_code="A1")
    mark = {"basis": "", "code": "A1", "mark": "antenatal"}
    two.load("service_marks", mark | {"valid_from": since, "valid_to": until})
    two.services(JANUARY, 2)
    two.services(JANUARY, 1, "K-3")
    hold(two, JANUARY, "K-1-outpatient-2026-01-2")
    first = close_only(two, JANUARY)["K-1"]
    Case.objects.update(outcome="rejected", assigned_to=None)
    two.services(FEBRUARY, 1, "K-3")
    second = close(two, FEBRUARY)["K-1"]
    assert first.accepted + second.accepted == accepted


def test_a_service_set_free_has_the_scale_of_its_own_month(two: Two) -> None:
    """291/2020:76: January's band pays a half, February's a tenth; a service of January that is
    free in February is paid a half."""
    scale = {"scale": "outpatient", "over_from": "0"}
    january = {"valid_from": "2026-01-01", "valid_to": "2026-01-31", "paid": "0.5"}
    two.load("scales", scale | january, scale | {"valid_from": "2026-02-01", "paid": "0.1"})
    two.contract("K-1", "outpatient", "1000.00")
    two.contract("K-3", "outpatient", "9000.00")
    two.services(JANUARY, 3)
    two.services(JANUARY, 1, "K-3")
    hold(two, JANUARY, "K-1-outpatient-2026-01-3")
    assert close_only(two, JANUARY)["K-1"].accepted == 1500
    Case.objects.update(outcome="rejected", assigned_to=None)
    two.services(FEBRUARY, 1, "K-3")
    assert close(two, FEBRUARY)["K-1"].accepted == 500


def close_only(two: Two, month: Month) -> dict[str, Act]:
    """Close a month that was run."""
    two.close(month)
    return {act.contract_no: act for act in Act.objects.filter(closing__month=str(month))}


CO = {"share": "100", "subcontract_bin": OTHER, "contract_no": "K-1", "bin": BIN}


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        (
            (
                {"co_contract_no": "C-7", "line": 1, "care_form": "outpatient", "amount": "1000"},
                {"co_contract_no": "C-7", "line": 2, "care_form": "pathology", "amount": "1000"},
            ),
            {"outpatient": 1000, "pathology": 1000},
        ),
        (
            (
                {"co_contract_no": "C-7", "line": 1, "care_form": "outpatient", "amount": "1000"},
                {"co_contract_no": "C-7", "line": 2, "care_form": "outpatient", "amount": "600"}
                | {"valid_from": "2026-01-15"},
                {"co_contract_no": "C-8", "line": 3, "care_form": "pathology", "amount": "1000"},
            ),
            {"outpatient": 600, "pathology": 1000},
        ),
    ],
)
def test_a_co_executors_limit_is_that_of_its_form(
    two: Two, rows: tuple[dict[str, str], ...], due: dict[str, int]
) -> None:
    """291/2020:34, 291/2020:37: one form uses nothing of another's limit, and a later agreement
    takes the place of the one before."""
    for line, form in ((0, "outpatient"), (100, "pathology")):
        two.contract("K-1", form, "9000.00", line=line)
        two.services(JANUARY, 1, "K-1", form, subcontract_bin=OTHER)
    two.load("co_executions", *({"valid_from": "2026-01-01"} | CO | row for row in rows))
    close(two, JANUARY)
    assert dict(CoExecution.objects.values_list("care_form", "due")) == due


def test_co_contracts_of_one_number_have_limits_of_their_own(two: Two) -> None:
    """291/2020:37: two main contractors each have a co-execution contract "1"."""
    for number in ("K-1", "K-3"):
        two.contract(number, "outpatient", "9000.00")
    one = {"co_contract_no": "1", "care_form": "outpatient", "share": "100", "amount": "1000.00"}
    one |= {"valid_from": "2026-01-01"}
    two.load(
        "co_executions",
        one | {"line": 1, "contract_no": "K-1", "bin": BIN, "subcontract_bin": OTHER},
        one | {"line": 2, "contract_no": "K-3", "bin": OTHER, "subcontract_bin": BIN},
    )
    two.services(JANUARY, 1, subcontract_bin=OTHER)
    two.services(JANUARY, 1, "K-3", subcontract_bin=BIN)
    close(two, JANUARY)
    assert set(CoExecution.objects.values_list("act__contract_no", "due", "above")) == {
        ("K-1", 1000, 0),
        ("K-3", 1000, 0),
    }


def test_an_agreement_makes_no_contract_young(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:24: a contract of January that an agreement of November states anew has eleven
    months before December."""
    choose(monkeypatch, "december_mean_of_a_young_contract", "months_of_the_contract")
    two.contract("K-1", "outpatient", "9000.00")
    for number in (1, 2):
        month = Month(2026, number)
        two.services(month, 2)
        close(two, month)
    two.contract("K-1", "outpatient", "9000.00", line=50, valid_from="2026-11-01", agreement_no="2")
    december = Month(2026, 12)
    two.services(december, 3)
    assert close(two, december, date(2027, 1, 20))["K-1"].accepted == Decimal("363.64")


@pytest.mark.parametrize("pays", [True, False])
@pytest.mark.parametrize("funding", ["foo", "osms", "\nСумма=9"])
def test_another_sum_is_of_a_funding_of_the_contract(two: Two, funding: str, pays: bool) -> None:
    """291/2020:3, 291/2020:19: a funding that the contract lacks, or none at all, is refused."""
    two.contract("K-1", "outpatient", "9000.00")
    two.services(JANUARY, 1)
    act = close(two, JANUARY)["K-1"]
    court = OtherSum.Ground.COURT
    other = Other(act.provider, "K-1", pays, court, Decimal(70), "court", funding)
    with pytest.raises(FundingNotNamed):
        enter_other(other, by=two.world.payer, at=at(date(2026, 2, 25)), lake=two.lake)
    assert not OtherSum.objects.exists()


@pytest.mark.parametrize(("choice", "entered"), [("name_only", []), ("recalculate", [4])])
def test_a_report_changed_after_its_closing_is_named(
    two: Two, monkeypatch: pytest.MonkeyPatch, choice: str, entered: list[int]
) -> None:
    """291/2020:38, 291/2020:41: five tenge were in January's act; the report now says nine: told,
    so that a person enters the difference; or the closing enters the four."""
    choose(monkeypatch, "lists_loaded_late", choice)
    two.load("norms", {"bin": "*", "kind": "КЖН", "valid_from": "2024-01-01", "value": "100.00"})
    two.contract("K-1", "primary", "900000.00")
    report = {"bin": BIN, "month": "2026-01", "care_form": "primary", "kind": "staff_allowance"}
    for month in (JANUARY, FEBRUARY):
        people = {"bin": BIN, "month": str(month), "sex": "f", "persons": 7}
        two.load("attached", people, of=str(month))
    two.load("reported_sums", report | {"amount": "5.00"}, of="2026-01")
    two.close(JANUARY)
    assert (BIN, "report_changed") not in missing(JANUARY)
    two.load("reported_sums", report | {"amount": "9.00"}, of="2026-01")
    two.close(FEBRUARY)
    assert ((BIN, "report_changed") in missing(FEBRUARY)) is (choice == "name_only")
    assert (BIN, "loaded_late") not in missing(FEBRUARY)
    assert [sum_.amount for sum_ in OtherSum.objects.all()] == entered


@pytest.mark.parametrize("mark", ["screening", "preventive_examination", "antenatal"])
def test_decembers_mean_cuts_what_the_scale_leaves_alone(two: Two, mark: str) -> None:
    """291/2020:24, 291/2020:61: above the month's sum of 1,000 all three are paid in November; in
    December nothing above the mean of eleven months."""
    two.contract("K-1", "outpatient", "1000.00")
    marked = {"basis": "", "code": "V1", "mark": mark, "valid_from": "2026-01-01"}
    two.load("service_marks", marked)
    november, december = Month(2026, 11), Month(2026, 12)
    two.services(november, 3)
    assert close(two, november)["K-1"].accepted == 3000
    two.services(december, 3)
    assert close(two, december, date(2027, 1, 20))["K-1"].accepted == Decimal("272.73")


def test_a_purpose_that_would_begin_a_field_stops_its_order(world: World) -> None:
    """291/2020:26: whatever came into the words of a payment, 1C's file gets no line of its own."""
    act = an_act(world, claimed=Decimal(1000))
    order = Order(
        act=act, provider=act.provider, contract_no=act.contract_no, funding="\nСумма=9", amount=1
    )
    refusal = FORMS["1c"].problem(order)
    assert refusal is not None and "[U+000A]" in str(refusal.facts["contract"])


def test_money_of_another_source_has_its_own_line_and_order(two: Two) -> None:
    """291/2020:3: neither ТМККК nor МӘМС: its own line of the act, held to its own sum."""
    two.contract("K-1", "outpatient", "1500.00")
    two.contract("K-1", "outpatient", "1000.00", line=50, funding="other")
    two.services(JANUARY, 1)
    two.services(JANUARY, 2, start=10, funding="other")
    act = close(two, JANUARY)["K-1"]
    lines = {line.funding: (line.claimed, line.accepted) for line in act.lines.all()}
    assert lines == {"tmkkk": (1000, 1000), "other": (2000, 1000)}
