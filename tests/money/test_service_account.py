"""Small scenes of later decisions: what is taken back, given back and netted, under which contract
and of whose money; the clerk agrees with each."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.money.worlds.plan import CONFIRMED, OPEN, REJECTED, Finding, Other, Plan, Service
from tests.money.worlds.play import Play
from tests.workflow.people import World

from qor.law.reading import interpretations
from qor.law.rules.later_decisions import taken_after
from qor.workflow.acts.models import Act, Debt, DebtTaken, Deduction, HeldService, OtherSum
from qor.workflow.acts.service_account import ServiceAccount, accounts_of
from qor.workflow.ledger.postings import Posting
from qor.workflow.proof import verify

A, B = "K0-A", "K0-B"
VISIT, LAB = ("outpatient", "tmkkk"), ("pathology", "tmkkk")
FEBRUARY = date(2026, 2, 2)


@dataclass
class Scene(Plan):
    """A plan written by hand: every act is paid, nobody returns money by itself."""

    def is_paid(self, provider: int, contract: str, closing: int) -> bool:
        """All are."""
        return True

    def returned(self, provider: int, closing: int) -> int:
        """Nothing."""
        return 0


def scene(lines: dict[str, list[tuple[str, str]]], sums: dict[tuple[str, str], int]) -> Scene:
    """Contracts of the first provider with their lines, and the sum of each line in each month
    (tiyn); the second provider has one."""
    tiny = Scene(seed=0)
    tiny.covers = {(0, contract): covered for contract, covered in lines.items()} | {
        (1, "K1-A"): [VISIT]
    }
    for (_, contract), covered in tiny.covers.items():
        for form, funding in covered:
            for month in (1, 2, 3):
                tiny.plans[contract, form, funding, month] = sums.get((contract, form), 100_000_00)
    tiny.services.append(service("other", 1, named="K1-A", provider=1))
    tiny.services += [
        service(f"filler-{month}", month, form="pathology", named=B) for month in (2, 3)
    ]
    tiny.services += [
        service(f"others-{month}", month, named="K1-A", provider=1) for month in (2, 3)
    ]
    return tiny


def service(
    sid: str,
    month: int,
    amount: int = 100_000,
    form: str = "outpatient",
    named: str = A,
    provider: int = 0,
) -> Service:
    """A service of a thousand tenge."""
    return Service(provider, sid, month, form, "tmkkk", named, amount, (10, 0))


def finding(
    sid: str,
    stake: int,
    *outcomes: str,
    born: int = 0,
    slug: str = "after-death",
    found_on: date = FEBRUARY,
) -> Finding:
    """A case with its outcome at each of the three closings."""
    return Finding(sid, 0, slug, stake, found_on, born, [*outcomes, *outcomes[-1:] * 3][:3])


def play(tiny: Scene, tmp_path: Path, world: World, **how: Any) -> Play:
    """Play it; the clerk comes to the same, to the tiyn."""
    played = Play(tiny, tmp_path, world, **how)
    assert played.run() == []
    return played


def account(played: Play, sid: str, month: int = 1) -> ServiceAccount:
    """The account of the first provider's service."""
    key = (played.provider(0).pk, sid, f"2026-{month:02d}")
    return accounts_of(played.lake, [key])[key[:2]]


BOTH = {A: [VISIT], B: [LAB]}


@pytest.mark.parametrize(
    ("price", "accepted", "stake", "back", "above"),
    [
        (1000, 400, 1000, 400, 0),
        (1000, 1000, 3000, 1000, 2000),
        (1000, 400, 600, 0, 0),
        (1000, 400, 700, 100, 0),
        (0, 0, 500, 0, 500),
        (1000, 0, 900, 0, 0),
    ],
)
def test_what_a_decision_takes(
    price: int, accepted: int, stake: int, back: int, above: int
) -> None:
    """What was never paid is taken first, at most what was paid is taken back, what lies above the
    price is a sanction. Sources: 291/2020:4, 321/2020:53."""
    decision = taken_after(Decimal(price), Decimal(accepted), Decimal(stake))
    assert (decision.taken_back, decision.sanction) == (Decimal(back), Decimal(above))


def test_held_then_released_then_beyond_then_confirmed(tmp_path: Path, world: World) -> None:
    """Released a thousand of which 600 lie beyond; confirmed later: 400 is taken back, and 2,000
    above the price is a sanction. Sources: 291/2020:19."""
    tiny = scene(BOTH, {(A, "outpatient"): 40_000})
    tiny.services.append(service("x", 1))
    tiny.findings = [
        finding("x", 0, OPEN, REJECTED),
        finding(
            "x", 300_000, CONFIRMED, born=2, slug="repeat-diagnostics", found_on=date(2026, 3, 22)
        ),
    ]
    played = play(tiny, tmp_path, world)
    sums = account(played, "x")
    assert (sums.accepted, sums.beyond, sums.taken_back, sums.sanction) == (
        Decimal(400),
        Decimal(600),
        Decimal(400),
        Decimal(2000),
    )
    assert sums.paid == 0


def test_a_smaller_defect_then_a_larger(tmp_path: Path, world: World) -> None:
    """Price 1,000: 300 deducted, 300 beyond, 400 paid; then a defect of the whole: 400 is taken
    back, nothing is a sanction. Sources: 291/2020:19."""
    tiny = scene(BOTH, {(A, "outpatient"): 40_000})
    tiny.services.append(service("x", 1))
    tiny.findings = [
        finding("x", 30_000, CONFIRMED),
        finding(
            "x", 100_000, CONFIRMED, born=1, slug="repeat-diagnostics", found_on=date(2026, 2, 22)
        ),
    ]
    sums = account(play(tiny, tmp_path, world), "x")
    assert (sums.disallowed, sums.beyond, sums.accepted, sums.taken_back, sums.sanction) == tuple(
        map(Decimal, (300, 300, 400, 400, 0))
    )


@pytest.mark.slow
def test_nothing_is_taken_back_of_a_service_of_no_contract(tmp_path: Path, world: World) -> None:
    """Never paid: only what lies above its price is owed, and it is netted in the provider's other
    acts. Sources: 291/2020:19."""
    tiny = scene({A: [LAB], B: [LAB]}, {})
    tiny.services += [service("x", 1), service("y", 1, form="pathology")]
    tiny.findings = [finding("x", 300_000, CONFIRMED, born=1, found_on=date(2026, 2, 22))]
    sums = account(play(tiny, tmp_path, world), "x")
    assert (sums.contract_no, sums.beyond, sums.taken_back, sums.sanction) == (
        "",
        Decimal(1000),
        Decimal(0),
        Decimal(2000),
    )
    assert Debt.objects.get().way == "net"


def test_a_later_decision_belongs_to_the_contract_of_its_service(
    tmp_path: Path, world: World
) -> None:
    """The provider's first contract has an act too: the debt is netted from the second's, whose
    service it was, first. Sources: 291/2020:21."""
    tiny = scene({A: [LAB], B: [VISIT, LAB]}, {})
    tiny.services += [
        service("x", 1, named=B),
        service("y", 2, form="pathology"),
        service("z", 2, named=B),
    ]
    tiny.findings = [finding("x", 50_000, OPEN, CONFIRMED), finding("z", 0, CONFIRMED, born=1)]
    tiny.findings.append(
        finding(
            "x", 150_000, CONFIRMED, born=2, slug="repeat-diagnostics", found_on=date(2026, 3, 1)
        )
    )
    tiny.services.append(service("w", 3, form="pathology"))
    play(tiny, tmp_path, world)
    debt = Debt.objects.get()
    assert (debt.contract_no, debt.funding, debt.amount) == (B, "tmkkk", Decimal(1000))
    assert [netted.act.contract_no for netted in DebtTaken.objects.all() if netted.act] == [B]


@pytest.mark.slow
def test_a_contract_without_services_gets_an_act_when_it_has_money(
    tmp_path: Path, world: World, client: Client, settings: Any
) -> None:
    """A court's payment under an ended contract: its own act, not the first of the provider's.
    Sources: 291/2020:19, 291/2020:21."""
    tiny = scene(BOTH, {})
    tiny.services.append(service("x", 1))
    tiny.others = [
        Other(0, 0, "K0-C", "tmkkk", pays=True, amount=70_00, found_on=None, corrects=False)
    ]
    play(tiny, tmp_path, world)
    act = Act.objects.get(contract_no="K0-C")
    assert (act.closing.month, act.other_payments, act.to_pay) == (
        "2026-02",
        Decimal(70),
        Decimal(70),
    )
    settings.QOR_SECOND_FACTOR = False
    client.force_login(world.providers["71"], backend="django.contrib.auth.backends.ModelBackend")
    for page in ("", "protocol.pdf", "act.xlsx"):
        assert client.get(f"/acts/{act.pk}/{page}").status_code == 200


@pytest.mark.slow
def test_a_correction_takes_in_nothing_of_another_contract(tmp_path: Path, world: World) -> None:
    """A payment and a penalty under B; A's act is corrected for its own: B's wait for B's next act.
    Sources: 291/2020:20, 291/2020:21."""
    tiny = scene(BOTH, {})
    tiny.services += [service("x", 1), service("y", 1, form="pathology", named=B)]
    tiny.others = [
        Other(0, 0, B, "tmkkk", pays=True, amount=50_00, found_on=None, corrects=False),
        Other(0, 0, B, "tmkkk", pays=False, amount=80_00, found_on=None, corrects=False),
        Other(0, 0, A, "tmkkk", pays=True, amount=10_00, found_on=None, corrects=True),
    ]
    play(tiny, tmp_path, world)
    january, february = (
        Act.objects.get(contract_no=A, closing__month="2026-01"),
        Act.objects.get(contract_no=B, closing__month="2026-02"),
    )
    assert (january.other_payments, january.other_deductions) == (Decimal(10), Decimal(0))
    assert (february.other_payments, february.other_deductions) == (Decimal(50), Decimal(80))


@pytest.mark.slow
def test_a_rejected_deduction_is_given_back_while_another_case_is_open(
    tmp_path: Path, world: World
) -> None:
    """Deducted 3,000 of a price of 1,000; rejected while a second case is open: the sanction comes
    back at once, only the price waits. Sources: 291/2020:23."""
    tiny = scene(BOTH, {})
    tiny.services += [service("x", 1), service("y", 1), service("z", 1), service("v", 2)]
    tiny.findings = [
        finding("x", 300_000, CONFIRMED, REJECTED),
        finding("x", 100_000, OPEN, OPEN, REJECTED, born=1, slug="repeat-diagnostics"),
    ]
    play(tiny, tmp_path, world)
    february, march = (
        Act.objects.get(contract_no=A, closing__month=f"2026-{n:02d}") for n in (2, 3)
    )
    assert (february.other_payments, february.released) == (Decimal(2000), Decimal(0))
    assert (march.other_payments, march.released) == (Decimal(0), Decimal(1000))
    assert HeldService.objects.get().released_by == march
    assert OtherSum.objects.get().amount == Decimal(2000)


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["returned", "first_by_number"])
def test_a_service_that_names_none_of_several_contracts(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    """Both contracts cover it: it goes back for that reason, or is the first's by number and the
    journal says so. Sources: 291/2020:15, 291/2020:21."""
    choose(monkeypatch, "service_of_several_contracts", choice)
    tiny = scene({A: [VISIT, LAB], B: [VISIT, LAB]}, {})
    tiny.services += [service("x", 1, named=""), service("y", 1, named=B)]
    sums = account(play(tiny, tmp_path, world, named_or_back=choice == "returned"), "x")
    expected = ("", Decimal(1000)) if choice == "returned" else (A, Decimal(0))
    assert (sums.contract_no, sums.returned) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "netted"),
    [("own_contract_first", Decimal(2000)), ("own_contract_only", Decimal(1000))],
)
def test_debts_go_across_contracts_only_by_the_setting(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch, choice: str, netted: Decimal
) -> None:
    """A sanction of 2,000 under A, whose act has room for 1,000: the rest comes from B's act, or
    waits. Sources: 291/2020:19."""
    choose(monkeypatch, "debts_across_contracts", choice)
    tiny = scene(BOTH, {})
    tiny.services = [s for s in tiny.services if s.month == 1]
    tiny.services += [service("x", 1), service("y", 1), service("z", 1, form="pathology", named=B)]
    tiny.services += [
        service(f"others-{month}", month, named="K1-A", provider=1) for month in (2, 3)
    ]
    tiny.findings = [finding("x", 300_000, CONFIRMED)]
    played = Play(tiny, tmp_path, world)
    played.run()
    total = sum((each.amount for each in DebtTaken.objects.all()), Decimal(0))
    assert total == netted


def test_a_contract_covers_the_days_of_its_rows(tmp_path: Path, world: World) -> None:
    """A ends on 14 January, B begins on the 15th, K9 is no contract: what names none of them is of
    the one that covers its day, also long after.

    Sources: 291/2020:15, 291/2020:21.
    """
    tiny = scene({A: [VISIT], B: [VISIT, LAB]}, {})
    tiny.spans = {
        (A, *VISIT): (date(2026, 1, 1), date(2026, 1, 14)),
        (B, *VISIT): (date(2026, 1, 15), date(2026, 12, 31)),
    }
    tiny.services += [
        Service(0, sid, 1, *VISIT, named, 100_000, (day, 0))
        for sid, day, named in (
            ("first", 14, ""),
            ("second", 15, ""),
            ("third", 20, A),
            ("fourth", 9, "K9"),
        )
    ]
    tiny.findings = [finding("second", 60_000, CONFIRMED, born=1, slug="late")]
    played = play(tiny, tmp_path, world)
    assert [account(played, sid).contract_no for sid in ("first", "second", "third", "fourth")] == [
        A,
        B,
        B,
        A,
    ]
    assert Deduction.objects.get(service_id="second").contract_no == B


@pytest.mark.parametrize(
    ("choice", "of_osms"), [("own_funding_only", Decimal(0)), ("own_funding_first", Decimal(1000))]
)
def test_debts_go_across_fundings_only_by_the_setting(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch, choice: str, of_osms: Decimal
) -> None:
    """A sanction of 2,000 of ТМККК, no room but in the same contract's МӘМС: it is left alone, or
    lent across and shown. Sources: 291/2020:3, 291/2020:19."""
    choose(monkeypatch, "debts_across_fundings", choice)
    tiny = scene({A: [VISIT, ("outpatient", "osms")], B: [LAB]}, {})
    tiny.services += [
        service("x", 1),
        Service(0, "y", 1, "outpatient", "osms", A, 100_000, (10, 0)),
    ]
    tiny.findings = [finding("x", 300_000, CONFIRMED)]
    Play(tiny, tmp_path, world).run()
    january = DebtTaken.objects.filter(act__closing__month="2026-01")
    assert sum((each.amount for each in january.filter(funding="osms")), Decimal(0)) == of_osms
    lent = {"osms": Decimal(0), "tmkkk": Decimal(0)}
    january_acts = list(Act.objects.filter(closing__month="2026-01").values_list("pk", flat=True))
    for posting in Posting.objects.filter(act_id__in=january_acts):
        for account_name, sign in ((posting.debit, 1), (posting.credit, -1)):
            if account_name == "between":
                lent[posting.funding] += sign * posting.amount
    assert (abs(lent["osms"]), sum(lent.values())) == (of_osms, 0)
    assert [proof.name for proof in verify() if proof.broken] == []


def choose(monkeypatch: pytest.MonkeyPatch, name: str, choice: str) -> None:
    """Another choice of a setting, for one test."""
    real = interpretations.page

    def page(package: str, file: str) -> Any:
        settings = real(package, file)
        return (
            settings
            if file != "interpretations.yaml"
            else settings | {name: settings[name] | {"choice": choice}}
        )

    monkeypatch.setattr(interpretations, "page", page)
