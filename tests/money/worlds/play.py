"""Playing a world by the product's own doors, and telling where it differs from the clerk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.money.bank import send
from tests.money.worlds.books import SUMS
from tests.money.worlds.load import BINS, REGIONS, load, tenge
from tests.money.worlds.pencil import Clerk
from tests.money.worlds.plan import OPEN, Finding, Plan
from tests.money.worlds.recovering import bank_day, signing_day
from tests.workflow.people import World, at

from qor.law.nouns.months import Month
from qor.law.rules.advances import AdvanceKind
from qor.workflow.acts.actions import move
from qor.workflow.acts.closing import close_acts
from qor.workflow.acts.debts import return_money
from qor.workflow.acts.fundings import sums_by_funding
from qor.workflow.acts.models import Act, ActLine, Debt, OtherSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.acts.reconciliation import reconcile
from qor.workflow.acts.service_account import accounts_of
from qor.workflow.disputes.models import Case
from qor.workflow.fields import total
from qor.workflow.proof import verify
from qor.workflow.treasury.advances import AdvanceAsked, grant_advance
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.orders import confirm_paid, make_orders


class Play:
    """A world in the product: a lake, a small Fund, and the clerk beside it."""

    def __init__(self, plan: Plan, root: Path, world: World, **how: Any) -> None:
        self.plan, self.root, self.world, self.clerk = plan, root, world, Clerk(plan, **how)
        self.lake = load(plan, root)
        self.cases: dict[int, Case] = {}
        self.apart: list[str] = []

    def run(self) -> list[str]:
        """Play all months; what differs from the clerk, in words."""
        self._advances()
        for closing in range(len(self.plan.months)):
            self._decide(closing)
            month = Month(2026, self.plan.months[closing])
            close_acts(self.lake, month, by="test", at=at(self.plan.closed_on(closing)))
            self.clerk.close(closing)
            self._compare(closing, "closed")
            self._enter_others(closing)
            self._pay(closing)
            self._compare(closing, "paid")
            if self.apart:
                break
        return self.apart

    def provider(self, n: int) -> Any:
        """A provider's organisation."""
        return self.world.providers[REGIONS[n]].organisation

    # -- the world into the product

    def _advances(self) -> None:
        for provider, contract, funding, amount in self.plan.advances:
            first = Month(2026, 1)
            asked = AdvanceAsked(
                self.provider(provider),
                contract,
                AdvanceKind.GENERAL,
                tenge(amount),
                first,
                funding,
                excepted=True,
            )
            grant_advance(self.lake, asked, by=self.world.payer, at=at(date(2026, 1, 5)))
        self._to_the_bank(date(2026, 1, 6), date(2026, 1, 5))

    def _to_the_bank(self, day: date, on: date) -> None:
        """The orders of a bank day: made, sent, paid."""
        orders = make_orders(self.lake, day, by="test", at=at(on))
        if orders:
            send("csv", day, on)
        confirm_paid([order.pk for order in orders], by="test", at=at(day))

    def _decide(self, closing: int) -> None:
        """Cases that are there by a closing, with their outcomes by then."""
        services = {(s.provider, s.sid): s for s in self.plan.services}
        for n, finding in enumerate(self.plan.findings):
            if finding.born == closing:
                self.cases[n] = self._case(finding, services[finding.provider, finding.sid])
            if n in self.cases:
                outcome = finding.outcomes[closing]
                columns = (
                    {"outcome": outcome}
                    if outcome == OPEN
                    else {"outcome": outcome, "assigned_to": None}
                )
                Case.objects.filter(pk=self.cases[n].pk).update(**columns)

    def _case(self, finding: Finding, service: Any) -> Case:
        return self.world.case(
            region=REGIONS[finding.provider],
            month=f"2026-{service.month:02d}",
            service_id=finding.sid,
            amount=tenge(service.amount),
            check_slug=finding.slug,
            care_form=service.form,
            proposed_deduction=tenge(finding.stake),
            found_on=finding.found_on,
        )

    def _enter_others(self, closing: int) -> None:
        day = self.plan.closed_on(closing)
        for other in self.plan.others:
            if other.after != closing:
                continue
            ground = (
                OtherSum.Ground.COURT if other.found_on is None else OtherSum.Ground.UNSCHEDULED
            )
            entered = Other(
                self.provider(other.provider),
                other.contract,
                other.pays,
                ground,
                tenge(other.amount),
                "x",
                other.funding,
                other.found_on,
            )
            enter_other(entered, by=self.world.office, at=at(day), lake=self.lake)
            self.clerk.enter(other, closing)
            act = Act.objects.filter(
                closing__month=f"2026-{self.plan.months[closing]:02d}", contract_no=other.contract
            ).first()
            if act is not None and other.corrects:
                self._correct(act, other.provider, closing)

    def _correct(self, act: Act, provider: int, closing: int) -> None:
        """Refused and corrected; where nothing could be taken in, sent again."""
        day, accountant = self.plan.closed_on(closing), self.world.accountants[REGIONS[provider]]
        move(
            act.pk, "refuse", by=self.world.providers[REGIONS[provider]], at=at(day), statement="x"
        )
        before = self.clerk.acts[provider, act.contract_no, closing].sums()
        self.clerk.correct(provider, act.contract_no, closing)
        after = self.clerk.acts[provider, act.contract_no, closing].sums()
        same = all(before[name] == after[name] for name in ("other_payments", "other_deductions"))
        move(act.pk, "send_again" if same else "correct", by=accountant, at=at(day), statement="x")

    def _pay(self, closing: int) -> None:
        """Sign and pay the acts that are paid; providers return some of what they must."""
        day = signing_day(self.plan, closing)
        for act in Act.objects.filter(
            closing__month=f"2026-{self.plan.months[closing]:02d}"
        ).exclude(contract_no=""):
            n = BINS.index(str(act.provider.bin))
            if self.plan.is_paid(n, act.contract_no, closing):
                provider, accountant = (
                    self.world.providers[REGIONS[n]],
                    self.world.accountants[REGIONS[n]],
                )
                for event, by in (
                    ("agree", provider),
                    ("sign", provider),
                    ("countersign", accountant),
                ):
                    move(act.pk, event, by=by, at=at(day))
        self._to_the_bank(bank_day(self.plan, closing), day)
        for n in (0, 1):
            self.clerk.give_money_back(n, closing)
            tenths = self.plan.returned(n, closing)
            for debt in Debt.objects.filter(
                provider=self.provider(n), way=Debt.Way.RETURN
            ).order_by("pk"):
                left = int((debt.amount - total(debt.taken.all())) * 100)
                if left * tenths // 10:
                    return_money(
                        debt.pk, tenge(left * tenths // 10), by=self.world.payer, at=at(day)
                    )

    # -- comparing

    def _compare(self, closing: int, when: str) -> None:
        place = f"seed {self.plan.seed}, {closing + 1}. {when}"
        self._same(place, "act", self._acts(), self._clerks_acts())
        self._same(
            place,
            "debt",
            self._debts(),
            {
                n: (d.provider, d.contract, d.funding, tenge(d.amount), tenge(d.left), d.way)
                for n, d in enumerate(self.clerk.debts)
            },
        )
        if when == "closed":
            self._same(place, "service", self._accounts(closing), self._clerks_accounts(closing))
            self._same(place, "line", self._lines(closing), self._clerks_lines(closing))
            self._compare_reconciled(place, closing)
        elif closing == len(self.plan.months) - 1:
            self.apart += [f"{place}: verify: {proof.name}" for proof in verify() if proof.broken]

    def _compare_reconciled(self, place: str, closing: int) -> None:
        """The acts of reconciliation: of each quarter but the last, of ten and eleven months."""
        month = self.plan.months[closing]
        if month in (3, 6, 9, 10, 11):
            ours = {
                (each.contract_no, each.care_form, each.funding): (
                    each.planned,
                    each.accepted,
                    each.held,
                    each.deducted,
                    each.lessen,
                )
                for each in reconcile(self.lake, Month(2026, month))
            }
            clerks = self.clerk.reconciled(closing)
            theirs = {line: tuple(map(tenge, sums)) for line, sums in clerks.items()}
            self._same(place, "reconciled", ours, theirs)

    def _lines(self, closing: int) -> dict[Any, Any]:
        """What each line of a closing's acts accepted and found beyond the contract."""
        lines = {}
        for line in ActLine.objects.filter(
            act__closing__month=f"2026-{self.plan.months[closing]:02d}"
        ).select_related("act"):
            month = int(line.service_month[-2:])
            key = (line.act.contract_no, month, line.care_form, line.funding, line.kind)
            if line.act.contract_no and (line.accepted or line.beyond):
                lines[key] = (line.accepted, line.beyond)
        return lines

    def _clerks_lines(self, closing: int) -> dict[Any, Any]:
        return {
            (contract, *rest): (tenge(accepted), tenge(beyond))
            for (contract, of, *rest), (accepted, beyond) in self.clerk.lines.items()
            if of == closing and contract and (accepted or beyond)
        }

    def _same(self, place: str, what: str, ours: dict[Any, Any], theirs: dict[Any, Any]) -> None:
        for key in sorted({*ours, *theirs}, key=str):
            if ours.get(key) != theirs.get(key):
                self.apart.append(
                    f"{place}: {what} {key}: product {ours.get(key)}, clerk {theirs.get(key)}"
                )

    def _acts(self) -> dict[Any, Any]:
        acts = list(Act.objects.select_related("provider", "closing"))
        by_act: dict[Any, Any] = {}
        for act in acts:
            key = (
                BINS.index(str(act.provider.bin)),
                act.contract_no,
                self.plan.months.index(int(act.closing.month[-2:])),
            )
            by_act[key] = {name: getattr(act, name) for name in SUMS}
        names = {
            act.pk: (
                BINS.index(str(act.provider.bin)),
                act.contract_no,
                self.plan.months.index(int(act.closing.month[-2:])),
            )
            for act in acts
        }
        for (pk, funding), sums in sums_by_funding(acts).items():
            if sums.accepted or sums.to_pay:
                by_act[*names[pk], funding] = (sums.accepted, sums.to_pay)
        orders = Order.objects.filter(act__isnull=False).values_list("act_id", "funding", "amount")
        by_act.update(
            {(*names[pk], funding, "order"): amount for pk, funding, amount in orders if pk}
        )
        return by_act

    def _clerks_acts(self) -> dict[Any, Any]:
        by_act: dict[Any, Any] = {}
        for key, act in self.clerk.acts.items():
            by_act[key] = {name: tenge(amount) for name, amount in act.sums().items()}
            for funding, part in act.parts.items():
                if part["accepted"] or part["to_pay"]:
                    by_act[*key, funding] = (tenge(part["accepted"]), tenge(part["to_pay"]))
                ordered = (
                    part["to_pay"] and key[1] and self.plan.is_paid(*key) and self._signed(key[2])
                )
                if ordered:
                    by_act[*key, funding, "order"] = tenge(part["to_pay"])
        return by_act

    def _signed(self, closing: int) -> bool:
        return Act.objects.filter(
            closing__month=f"2026-{self.plan.months[closing]:02d}", state="signed"
        ).exists()

    def _debts(self) -> dict[Any, Any]:
        debts = {}
        for n, debt in enumerate(Debt.objects.select_related("provider").order_by("pk")):
            provider = BINS.index(str(debt.provider.bin))
            left = debt.amount - total(debt.taken.all())
            debts[n] = (provider, debt.contract_no, debt.funding, debt.amount, left, debt.way)
        return debts

    def _accounts(self, closing: int) -> dict[Any, Any]:
        keys = [
            (self.provider(s.provider).pk, s.sid, f"2026-{s.month:02d}")
            for s in self.plan.services
            if s.month <= self.plan.months[closing]
        ]
        numbers = {self.provider(n).pk: n for n in (0, 1)}
        return {
            (numbers[pk], sid): (
                a.contract_no,
                a.funding,
                a.price,
                a.returned,
                a.held,
                a.disallowed,
                a.beyond,
                a.accepted,
                a.taken_back,
                a.sanction,
            )
            for (pk, sid), a in accounts_of(self.lake, keys).items()
        }

    def _clerks_accounts(self, closing: int) -> dict[Any, Any]:
        accounts = {}
        for key, bill in self.clerk.bills.items():
            s = bill.service
            if s.month <= self.plan.months[closing]:
                sums = (
                    bill.price,
                    bill.price if bill.went_back else 0,
                    bill.waits,
                    bill.standing("disallowed"),
                    bill.beyond,
                    bill.accepted,
                    bill.standing("back"),
                    bill.standing("above"),
                )
                accounts[key] = (bill.contract, s.funding, *map(tenge, sums))
        return accounts
