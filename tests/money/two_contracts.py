"""A fund whose two providers have two contracts each, of two sources of funding, played for two
months to the bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.registers import BIN, OTHER, csv_text, load
from tests.money.bank import send
from tests.money.small_fund import close_case
from tests.money.unchecked import run_unchecked
from tests.workflow.people import World, at

from qor.engine.storage.lake import Lake
from qor.law.nouns.identifiers import check_iban
from qor.law.nouns.months import Month
from qor.law.reading.calendar import add_working_days
from qor.law.rules.advances import AdvanceKind
from qor.workflow.acts.actions import move
from qor.workflow.acts.closing import close_acts
from qor.workflow.acts.debts import return_money
from qor.workflow.acts.models import Act, Debt, OtherSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.acts.second_person import decide_sum
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.open_cases import open_cases
from qor.workflow.treasury.advances import AdvanceAsked, grant_advance, refund_advance
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.orders import confirm_paid, make_orders, repeat_order, return_order

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)
# Contract, provider, funding, services of each month; the fourth contract has two sources of
# funding.
CONTRACTS = (
    ("K-1", BIN, "tmkkk", range(1, 8)),
    ("K-2", BIN, "osms", range(1, 8)),
    ("K-3", OTHER, "tmkkk", range(1, 8)),
    ("K-4", OTHER, "osms", range(1, 8)),
    ("K-4", OTHER, "tmkkk", range(8, 10)),
)
REGION = {BIN: "71", OTHER: "75"}
PRICE = Decimal("1000.00")


@dataclass
class TwoContracts:
    """The lake, the folder of its files, and the people."""

    lake: Lake
    root: Path
    world: World

    def act(self, month: Month, contract: str) -> Act:
        """The act of a month under a contract."""
        return Act.objects.get(closing__month=str(month), contract_no=contract)

    def case(
        self, month: Month, contract: str, n: int, stake: str, outcome: str = "", **facts: Any
    ) -> Case:
        """A case on the n-th service of a contract's month, decided at once where an outcome is
        given."""
        region = next(REGION[bin_] for number, bin_, _, _ in CONTRACTS if number == contract)
        case = self.world.case(
            region=region,
            month=str(month),
            service_id=f"{month}-{contract}-{n}",
            amount=PRICE,
            proposed_deduction=Decimal(stake),
            **facts,
        )
        if outcome:
            close_case(case, outcome)
        return case


def play(tmp_path: Path, world: World) -> TwoContracts:
    """Two months: held, released, deducted, withdrawn, sanctioned, netted, paid ahead, refunded,
    ordered, returned, repeated."""
    fund = TwoContracts(Lake(tmp_path / "lake"), tmp_path, world)
    _facts(fund)
    advance = _advance(fund)
    _month(fund, JANUARY)
    cases = _disputes(fund, JANUARY)
    _close(fund, JANUARY, date(2026, 2, 20))
    _others(fund, JANUARY, date(2026, 2, 20))
    _sign(fund, JANUARY, date(2026, 2, 23))
    _pay(fund, date(2026, 2, 23))
    close_case(cases["waits, rejected"], "rejected")
    close_case(cases["waits, confirmed"], "confirmed")
    close_case(cases["taken, rejected later"], "rejected")
    close_case(cases["sanction, rejected later"], "rejected")
    fund.case(JANUARY, "K-3", 5, "400.00", "confirmed")
    fund.case(JANUARY, "K-4", 5, "500.00", "confirmed", found_on=date(2026, 3, 16))
    penalty = Other(
        fund.act(JANUARY, "K-4").provider,
        "K-4",
        False,
        OtherSum.Ground.PENALTY,
        Decimal("4000.00"),
        "ground",
        "tmkkk",
    )
    enter_other(penalty, by=world.payer, at=at(date(2026, 3, 2)))
    _month(fund, FEBRUARY)
    _disputes(fund, FEBRUARY)
    _close(fund, FEBRUARY, date(2026, 3, 20))
    owed = Debt.objects.get(way="return")
    return_money(owed.pk, Decimal("120.00"), by=world.payer, at=at(date(2026, 3, 20)))
    refund_advance(advance, Decimal("50.00"), by=world.payer, at=at(date(2026, 3, 20)))
    _large(fund, date(2026, 3, 20))
    _penalties(fund, date(2026, 3, 20))
    _sign(fund, FEBRUARY, date(2026, 3, 26), contracts=("K-1", "K-3"))
    make_orders(fund.lake, date(2026, 3, 27), by="test", at=at(date(2026, 3, 26)))
    return fund


def _facts(fund: TwoContracts) -> None:
    """Providers, staff, contracts of three thousand a month and line, bank accounts."""
    tables: dict[str, list[dict[str, Any]]] = {
        "providers": [{"bin": bin_, "region": region} for bin_, region in REGION.items()],
        "staff": [
            {"performer_id": f"D{bin_}", "bin": bin_, "works_from": "2020-01-01"} for bin_ in REGION
        ],
        "bank_accounts": [
            {
                "bin": bin_,
                "iban": check_iban("KZ", f"99900000000000{n:02d}"),
                "bic": "DEMOKZKA",
                "valid_from": "2024-01-01",
            }
            for n, bin_ in enumerate(REGION, 1)
        ],
        "contracts": [
            {
                "contract_no": number,
                "line": n + 100 * (len(services) < 7),
                "bin": bin_,
                "care_form": "outpatient",
                "funding": funding,
                "service_code": "*",
                "month": f"2026-{n:02d}",
                "amount": "5000.00",
                "valid_from": "2026-01-01",
            }
            for number, bin_, funding, services in CONTRACTS
            for n in range(1, 13)
        ]
        + [
            {
                "contract_no": f"L-{bin_}",
                "line": 99,
                "bin": bin_,
                "care_form": "outpatient",
                "funding": "tmkkk",
                "service_code": "*",
                "month": "2025-12",
                "amount": "5000.00",
                "valid_from": "2025-01-01",
            }
            for bin_ in REGION
        ],
    }
    for table, rows in tables.items():
        load(fund.lake, fund.root, f"{table}.csv", csv_text(rows), table, None)


def _month(fund: TwoContracts, month: Month) -> None:
    """Visits of a thousand each, seven of a funding: two thousand lie beyond its month; the month
    is run."""
    rows = [
        {
            "provider_bin": bin_,
            "service_id": f"{month}-{number}-{n}",
            "identity_kind": "foreigner",
            "care_form": "outpatient",
            "setting": "visit",
            "started_at": f"{month}-{n:02d} 09:00:00",
            "ended_at": f"{month}-{n:02d} 09:20:00",
            "quantity": "1",
            "registered_at": f"{month}-{n:02d} 10:00:00",
            "card_no": f"C{number}{n}",
            "register_no": f"R{bin_}",
            "contract_no": number,
            "unit_price": "1000.00",
            "amount": "1000.00",
            "icd10_main": "J18.0",
            "funding": funding,
            "performer_id": f"D{bin_}",
            "service_code": "V1",
        }
        for number, bin_, funding, services in CONTRACTS
        for n in services
    ]
    load(fund.lake, fund.root, f"{month}.csv", csv_text(rows), "services", str(month))
    run_unchecked(fund.lake, month)


def _disputes(fund: TwoContracts, month: Month) -> dict[str, Case]:
    """Cases that wait, that are confirmed under and above the price, and one rejected, under
    several contracts."""
    fund.case(month, "K-2", 1, "300.00", "rejected")
    fund.case(month, "K-4", 2, "2500.00", "confirmed")
    fund.case(month, "K-2", 3, "700.00", "confirmed")
    return {
        "waits, rejected": fund.case(month, "K-1", 1, "400.00"),
        "waits, confirmed": fund.case(month, "K-3", 2, "600.00"),
        "taken, rejected later": fund.case(month, "K-1", 3, "250.00", "confirmed"),
        "sanction, rejected later": fund.case(month, "K-2", 4, "3000.00", "confirmed"),
    }


def _close(fund: TwoContracts, month: Month, on: date) -> None:
    open_cases(fund.lake, month, by="test", at=at(on))
    close_acts(fund.lake, month, by="test", at=at(on))


def _advance(fund: TwoContracts) -> int:
    """An advance under K-1, paid before January's acts."""
    provider = fund.world.providers["71"].organisation
    asked = AdvanceAsked(provider, "K-1", AdvanceKind.GENERAL, Decimal("1200.00"), JANUARY)
    advance = grant_advance(fund.lake, asked, by=fund.world.payer, at=at(date(2026, 1, 5)))
    orders = make_orders(fund.lake, date(2026, 1, 6), by="test", at=at(date(2026, 1, 5)))
    send("pain001", date(2026, 1, 6), date(2026, 1, 5))
    confirm_paid([order.pk for order in orders], by="test", at=at(date(2026, 1, 6)))
    return int(advance.pk)


def _others(fund: TwoContracts, month: Month, on: date) -> None:
    """A court's payment corrects one act, a penalty is owed under another contract."""
    for contract, pays, amount in (("K-1", True, "150.00"), ("K-3", False, "220.00")):
        act = fund.act(month, contract)
        region = act.provider.region
        provider, accountant = fund.world.providers[region], fund.world.accountants[region]
        ground = OtherSum.Ground.COURT if pays else OtherSum.Ground.PENALTY
        enter_other(
            Other(act.provider, contract, pays, ground, Decimal(amount), "ground"),
            by=fund.world.payer,
            at=at(on),
        )
        move(act.pk, "refuse", by=provider, at=at(on), statement="a sum\tis missing: \\N\n")
        move(act.pk, "correct", by=accountant, at=at(on), statement="right")


def _large(fund: TwoContracts, on: date) -> None:
    """Two sums above one person's limit: a second person declines one, the other waits."""
    act = fund.act(JANUARY, "K-2")
    asked = Other(
        act.provider, "K-2", True, OtherSum.Ground.COURT, Decimal("900000000.00"), "ground"
    )
    proposed = [enter_other(asked, by=fund.world.payer, at=at(on)) for _ in range(2)]
    decide_sum(int(proposed[0].pk), False, by=fund.world.office, at=at(on))


def _penalties(fund: TwoContracts, on: date) -> None:
    """Work without a licence: a large penalty is declined, a small one entered for its case and
    another, a large one for a third waits."""
    numbers = [
        fund.case(JANUARY, "K-4", n, "0", check_slug="unlicensed-work", on=on).pk for n in (8, 9, 6)
    ]
    provider = fund.act(JANUARY, "K-4").provider
    for amount, cases in (
        ("900000000.00", numbers[:1]),
        ("4100.00", numbers[:2]),
        ("900000000.00", numbers[2:]),
    ):
        asked = Other(
            provider,
            "K-4",
            False,
            OtherSum.Ground.PENALTY,
            Decimal(amount),
            "ground",
            "tmkkk",
            cases=tuple(cases),
        )
        entered = enter_other(asked, by=fund.world.payer, at=at(on), lake=fund.lake)
        if cases == numbers[:1]:
            decide_sum(int(entered.pk), False, by=fund.world.office, at=at(on))


def _sign(
    fund: TwoContracts,
    month: Month,
    on: date,
    contracts: tuple[str, ...] = ("K-1", "K-2", "K-3", "K-4"),
) -> None:
    for contract in contracts:
        act = fund.act(month, contract)
        provider, accountant = (
            fund.world.providers[act.provider.region],
            fund.world.accountants[act.provider.region],
        )
        for event, by in (("agree", provider), ("sign", provider), ("countersign", accountant)):
            move(act.pk, event, by=by, at=at(on))


def _pay(fund: TwoContracts, on: date) -> None:
    """All orders paid; one comes back and is repeated, one comes back and is not."""
    day = add_working_days(on, 1)
    orders = make_orders(fund.lake, day, by="test", at=at(on))
    send("csv", day, on)
    confirm_paid([order.pk for order in orders], by="test", at=at(day))
    returned = list(Order.objects.filter(pk__in=[o.pk for o in orders]).order_by("pk"))[:2]
    for order in returned:
        return_order(order.pk, by="test", at=at(day))
    repeat_order(fund.lake, returned[0].pk, add_working_days(day, 1), by="test", at=at(day))
