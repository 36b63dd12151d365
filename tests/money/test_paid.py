"""Which periods are paid (321/2020:13 ¶3): two providers, three months, an order that came back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.workflow.people import World

from qor.law.nouns.months import Month
from qor.workflow.acts.models import Act, Closing, Deduction, HeldService
from qor.workflow.disputes.models import Case
from qor.workflow.treasury.models import BankFile, Order
from qor.workflow.treasury.paid import paid_cases, paid_upto, unpaid_months


def _act(world: World, month: str, region: str, to_pay: str, contract: str = "") -> Act:
    closing, _ = Closing.objects.get_or_create(
        month=month,
        defaults={
            "closed_on": date(2026, 6, 1),
            "at": "2026-06-01T10:00:00+05:00",
            "by": "x",
            "settled": "-",
        },
    )
    amount = Decimal(to_pay)
    sums = dict.fromkeys(("released", "returned", "held", "disallowed", "beyond"), Decimal(0))
    provider = world.providers[region].organisation
    return Act.objects.create(
        closing=closing,
        provider=provider,
        contract_no=contract or f"K-{region}",
        claimed=amount,
        accepted=amount,
        to_pay=amount,
        state="signed",
        entered_on=date(2026, 6, 1),
        **sums,
    )


def _file(number: int) -> BankFile:
    return BankFile.objects.create(
        sha256=f"{number:064d}",
        kind="csv",
        bank_day=date(2026, 6, 8),
        number=number,
        content=b"",
        at="2026-06-08T10:00:00+05:00",
        by="x",
    )


def _order(act: Act, state: str, funding: str = "tmkkk") -> None:
    file = _file(Order.objects.count() + 1)
    Order.objects.create(
        act=act,
        provider=act.provider,
        contract_no=act.contract_no,
        funding=funding,
        amount=act.to_pay,
        bank_day=date(2026, 6, 8),
        iban="KZ0",
        bic="X",
        state=state,
        file=file,
    )


def test_what_counts_as_paid(world: World) -> None:
    """321/2020:13 ¶3: an order that the bank carried out; made or returned it is none; a month with
    nothing to pay hides no earlier one."""
    assert (paid_upto(), unpaid_months()) == ("", [])
    january, february = Month(2026, 1), Month(2026, 2)
    acts = [_act(world, "2026-01", region, "1000.00") for region in ("71", "75")]
    later = _act(world, "2026-02", "71", "500.00")
    _act(world, "2026-03", "71", "0.00")
    assert (paid_upto(), unpaid_months()) == ("", [january, february])
    _order(acts[0], "paid")
    _order(acts[1], "returned")
    cases = [world.case(region=region, month="2026-01") for region in ("71", "75")]
    assert paid_cases(january) == {cases[0].pk}
    assert (paid_upto(), unpaid_months()) == ("", [january, february])
    _order(acts[1], "paid")
    assert (paid_upto(), unpaid_months()) == ("2026-01", [february])
    _order(later, "made")
    assert (paid_cases(february), paid_upto()) == (set(), "2026-01")
    Order.objects.filter(act=later).update(state="paid")
    assert (paid_upto(), unpaid_months()) == ("2026-03", [])


def test_each_contract_is_paid_by_itself(world: World) -> None:
    """321/2020:13 ¶3: the act of one contract is paid, that of another not, and of a third one of
    its two fundings: what was found in a period that is not paid still falls away."""
    january = Month(2026, 1)
    first = _act(world, "2026-01", "71", "1000.00", "K-1")
    second = _act(world, "2026-01", "71", "500.00", "K-2")
    third = _act(world, "2026-01", "71", "900.00", "K-3")
    _act(world, "2026-01", "75", "700.00")
    _order(first, "paid")
    _order(third, "paid", "osms")
    cases = {
        name: world.case(region="71", month="2026-01", service_id=name)
        for name in ("in-first", "in-second", "insured", "guaranteed", "named-by-none")
    }
    elsewhere = world.case(region="75", month="2026-01", service_id="in-second")
    for name, act, funding in (
        ("in-first", first, "tmkkk"),
        ("insured", third, "osms"),
        ("guaranteed", third, "tmkkk"),
    ):
        _hold(name, act, funding)
    _deduct("in-second", second, "tmkkk", cases["in-second"])
    paid = paid_cases(january)
    assert paid == {cases[name].pk for name in ("in-first", "insured", "named-by-none")}
    assert elsewhere.pk not in paid


def _hold(service: str, act: Act, funding: str) -> None:
    HeldService.objects.create(
        provider=act.provider,
        service_id=service,
        contract_no=act.contract_no,
        care_form="outpatient",
        funding=funding,
        service_month="2026-01",
        ended_on=date(2026, 1, 20),
        amount=Decimal(100),
        short_death=False,
        held_by=act,
    )


def _deduct(service: str, act: Act, funding: str, case: Case) -> None:
    Deduction.objects.create(
        act=act,
        provider=act.provider,
        service_id=service,
        contract_no=act.contract_no,
        care_form="outpatient",
        funding=funding,
        service_month="2026-01",
        case=case,
        reason="short_death",
        ended_on=date(2026, 1, 20),
        disallowed=Decimal(100),
        taken_back=Decimal(0),
        sanction=Decimal(0),
        taken_on=date(2026, 2, 20),
    )
