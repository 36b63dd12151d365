"""Which periods are paid (321/2020:13 ¶3): two providers, three months, an order that came back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.workflow.people import World

from qor.law.nouns.months import Month
from qor.workflow.acts.models import Act, Closing
from qor.workflow.treasury.models import BankFile, Order
from qor.workflow.treasury.paid import paid_providers, paid_upto, unpaid_months


def _act(world: World, month: str, region: str, to_pay: str) -> Act:
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
        contract_no=f"K-{region}",
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


def _order(act: Act, state: str) -> None:
    file = _file(Order.objects.count() + 1)
    Order.objects.create(
        act=act,
        provider=act.provider,
        contract_no=act.contract_no,
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
    assert paid_providers(january) == {acts[0].provider_id}
    assert (paid_upto(), unpaid_months()) == ("", [january, february])
    _order(acts[1], "paid")
    assert (paid_upto(), unpaid_months()) == ("2026-01", [february])
    _order(later, "made")
    assert (paid_providers(february), paid_upto()) == (set(), "2026-01")
    Order.objects.filter(act=later).update(state="paid")
    assert (paid_upto(), unpaid_months()) == ("2026-03", [])
