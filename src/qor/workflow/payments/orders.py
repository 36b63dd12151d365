"""Payment orders and advances: made for a bank day, paid, returned by the bank, repeated (291/2020, clauses 8, 10, 26, 27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum

from qor.engine.checks.features import source
from qor.engine.duck import connect, literal
from qor.engine.lake import Lake
from qor.engine.settlement.limits import plans_of_year
from qor.law.advances import AdvanceKind, AdvanceTooLarge, NoAdvance, Standing, may_have_advance, most_advance
from qor.law.calendar import is_working_day
from qor.law.months import Month
from qor.law.refusals import BadValue, Refusal
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.rights import NotYours
from qor.workflow.fields import total
from qor.workflow.payments.fundings import FundingNotNamed, sums_by_funding
from qor.workflow.payments.ledger import Entry, lock_ledger, mirrored, moved, post
from qor.workflow.payments.models import Act, Advance, AdvanceKept, Debt, DebtTaken, Order
from qor.workflow.payments.postings import Account


class NotABankDay(Refusal):
    """Banks do not work on that day."""

    key = "not_a_bank_day"


class OrderStands(Refusal):
    """The order is paid, returned or not made yet: that cannot be done with it now."""

    key = "order_stands"


class NoBankAccount(Refusal):
    """The provider's bank account is not in the table bank_accounts."""

    key = "no_bank_account"


@dataclass(frozen=True, slots=True)
class AdvanceAsked:
    """An advance to be granted: for whom, under which contract, what for, how much, from which month it is kept, of which funding; and what
    decides if it may be.
    """

    provider: Organisation
    contract_no: str
    kind: AdvanceKind
    amount: Decimal
    first_month: Month
    base: Decimal
    left: Decimal
    standing: Standing
    funding: str = "tmkkk"


def make_orders(lake: Lake, bank_day: date, *, by: str, at: datetime) -> list[Order]:
    """An order for each signed act and funding that has something to pay and no live order yet, and for each advance; grouped by bank day.

    Sources: 291/2020:3, 291/2020:26.

    NotABankDay, NoBankAccount (nothing is made then).
    """
    if not is_working_day(bank_day):
        raise NotABankDay(day=bank_day.strftime("%d.%m.%Y"))
    with transaction.atomic():
        acts = (
            Act.objects.select_for_update(of=("self",))
            .annotate(ordered=Subquery(_LIVE))
            .filter(state="signed", to_pay__gt=0)
            .filter(Q(ordered__isnull=True) | Q(ordered__lt=F("to_pay")))
        )
        advances = Advance.objects.select_for_update(of=("self",)).exclude(orders__state__in=["made", "paid"])
        accounts = _accounts(lake, bank_day)
        made = [
            _order(act, funding, amount, accounts, bank_day)
            for act, funding, amount in _unordered(list(acts.select_related("provider").order_by("pk")))
        ]
        made += [
            _order(advance, advance.funding, advance.amount, accounts, bank_day)
            for advance in advances.select_related("provider").order_by("pk")
        ]
        Order.objects.bulk_create(made, batch_size=1000)
        facts = {"orders": len(made), "amount": str(sum((order.amount for order in made), Decimal(0)))}
        record(by=by, at=at, verb="make_orders", subject=f"bank_day:{bank_day}", facts=facts)
    return made


def confirm_paid(order_ids: list[int], *, by: str, at: datetime) -> int:
    """The bank paid these orders: what was payable is cash no more; how many were new. OrderStands for one that is not made."""
    with transaction.atomic():
        orders = list(Order.objects.select_for_update(of=("self",)).filter(pk__in=order_ids).order_by("pk"))
        for order in orders:
            if order.state == Order.State.RETURNED:
                raise OrderStands(order=order.pk)
        fresh = [order for order in orders if order.state == Order.State.MADE]
        post([order_entry(order) for order in fresh], at)
        Order.objects.filter(pk__in=[order.pk for order in fresh]).update(state=Order.State.PAID)
        record(by=by, at=at, verb="confirm_paid", subject="orders", facts={"orders": [order.pk for order in fresh]})
    return len(fresh)


def return_order(order_id: int, *, by: str, at: datetime) -> Order:
    """The bank sent a paid order back, or refused it: what was posted is mirrored, and it may be repeated. OrderStands if it was returned already."""
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        if order.state == Order.State.RETURNED:
            raise OrderStands(order=order.pk)
        if order.state == Order.State.PAID:
            back = mirrored(order_entry(order), f"return:{order.pk}")
            post([back], at)
        order.state = Order.State.RETURNED
        order.save(update_fields=["state"])
        record(by=by, at=at, verb="return_order", subject=f"order:{order.pk}")
        return order


def repeat_order(lake: Lake, order_id: int, bank_day: date, *, by: str, at: datetime) -> Order:
    """Make a returned order anew, to the provider's account of that day. OrderStands unless it was returned and not repeated yet."""
    if not is_working_day(bank_day):
        raise NotABankDay(day=bank_day.strftime("%d.%m.%Y"))
    with transaction.atomic():
        old = Order.objects.select_for_update(of=("self",)).select_related("provider").get(pk=order_id)
        paid_for = old.act or old.advance
        if (
            old.state != Order.State.RETURNED
            or paid_for is None
            or paid_for.orders.filter(funding=old.funding).exclude(state=Order.State.RETURNED).exists()
        ):
            raise OrderStands(order=old.pk)
        order = _order(paid_for, old.funding, old.amount, _accounts(lake, bank_day), bank_day)
        order.repeats = old
        order.save()
        record(by=by, at=at, verb="repeat_order", subject=f"order:{order.pk}", facts={"repeats": old.pk})
        return order


def grant_advance(asked: AdvanceAsked, *, by: User, at: datetime) -> Advance:
    """Grant an advance within the shares of the rules; its order is made with the next. Sources: 291/2020:8, 291/2020:9, 291/2020:11.

    NotYours, BadValue, NoAdvance, AdvanceTooLarge (all advances of one kind and contract count together).
    """
    if by.role not in {User.Role.HEAD_OFFICE, User.Role.ACCOUNTANT}:
        raise NotYours()
    if asked.amount <= 0:
        raise BadValue(field="amount", value=asked.amount)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=asked.provider.pk)
        if not may_have_advance(asked.standing, asked.first_month):
            raise NoAdvance(contract=asked.contract_no)
        before = total(Advance.objects.filter(provider=organisation, contract_no=asked.contract_no, kind=asked.kind))
        most = most_advance(asked.kind, asked.base, asked.left, asked.first_month)
        if before + asked.amount > most:
            raise AdvanceTooLarge(amount=asked.amount, most=most - before)
        made = Advance.objects.create(
            provider=organisation, contract_no=asked.contract_no, funding=asked.funding, kind=asked.kind.value, amount=asked.amount,
            first_month=str(asked.first_month), at=at, by=by,
        )  # fmt: skip
        record(
            by=by.username,
            at=at,
            verb="grant_advance",
            subject=f"advance:{made.pk}",
            facts={"amount": str(asked.amount)},
        )
        return made


def refund_advance(advance_id: int, amount: Decimal, *, by: str, at: datetime) -> AdvanceKept:
    """A provider paid back what could not be kept; at most what is left. Sources: 291/2020:10. BadValue."""
    with transaction.atomic():
        lock_ledger()
        advance = Advance.objects.select_for_update().get(pk=advance_id)
        if not 0 < amount <= advance.amount - total(advance.kept.all()):
            raise BadValue(field="amount", value=amount)
        kept = AdvanceKept.objects.create(
            advance=advance, act=None, funding=advance.funding, due=Decimal(0), amount=amount
        )
        moves = (moved(Account.CASH, Account.ADVANCES, amount),)
        entry = Entry(moves, advance.provider_id, advance.contract_no, advance.funding, None, f"refund:{kept.pk}")
        post([entry], at)
        record(by=by, at=at, verb="refund_advance", subject=f"advance:{advance.pk}", facts={"amount": str(amount)})
        return kept


def ask_advance(
    lake: Lake,
    provider: Organisation,
    contract_no: str,
    kind: AdvanceKind,
    amount: Decimal,
    first: Month,
    *,
    excepted: bool,
    funding: str = "",
) -> AdvanceAsked:
    """An advance with what the rules ask of it: the contract's sums by the lake, what is left of them, debts and earlier contracts (291/2020:8, 11).

    `funding` is the contract's only one where none is named; FundingNotNamed where it has several.
    """
    plan: dict[str, Decimal] = {}
    fundings: set[str] = set()
    for (contract, bin_, _, of), sums in plans_of_year(lake, first).items():
        if (contract, bin_) == (contract_no, provider.bin):
            plan = {name: plan.get(name, Decimal(0)) + sums.get(name, Decimal(0)) for name in {*plan, *sums}}
            fundings.add(of)
    if not funding and len(fundings) > 1:
        raise FundingNotNamed(contract=contract_no, fundings=", ".join(sorted(fundings)))
    named = funding or min(fundings, default="")
    whole = sum(plan.values(), Decimal(0))
    base = plan.get(f"{first.year}-12", Decimal(0)) if kind is AdvanceKind.DECEMBER else whole
    standing = Standing(len(plan), owes(provider), _had_contracts(lake, provider, first), excepted)
    return AdvanceAsked(
        provider, contract_no, kind, amount, first, base, left_of(provider, contract_no, whole), standing, named
    )


def _had_contracts(lake: Lake, provider: Organisation, first: Month) -> bool:
    """Whether the provider had a contract in an earlier year."""
    before = literal(first.first.replace(month=1))
    with connect() as connection:
        query = f"SELECT count(*) FROM ({source(lake, 'contracts')}) WHERE bin = {literal(str(provider.bin))} AND valid_from < {before}"
        return bool(connection.execute(query).fetchall()[0][0])


def left_of(provider: Organisation, contract_no: str, whole: Decimal) -> Decimal:
    """What is left of a contract's sum: less what was paid or is to be paid, and the advances that are not kept yet (291/2020:8)."""
    same = {"provider": provider, "contract_no": contract_no}
    advances = Advance.objects.filter(**same)
    open_ = total(advances) - total(AdvanceKept.objects.filter(advance__in=advances))
    return whole - total(Act.objects.filter(**same), "accepted") - open_


def owes(provider: Organisation) -> bool:
    """Whether a provider owes the Fund anything that is not netted yet (291/2020:11)."""
    return total(Debt.objects.filter(provider=provider)) > total(DebtTaken.objects.filter(debt__provider=provider))


def order_entry(order: Order) -> Entry:
    """The entry of a paid order: an act's from what is payable, an advance's to what is paid ahead."""
    account = Account.PAYABLE if order.act_id else Account.ADVANCES
    moves = (moved(account, Account.CASH, order.amount),)
    return Entry(moves, order.provider_id, order.contract_no, order.funding, order.act_id, f"order:{order.pk}")


def _unordered(acts: list[Act]) -> list[tuple[Act, str, Decimal]]:
    """The sums of acts, by funding, that no live order pays."""
    live = Order.objects.filter(act__in=acts).exclude(state=Order.State.RETURNED)
    ordered, sums = set(live.values_list("act_id", "funding")), sums_by_funding(acts)
    by_act = {act.pk: act for act in acts}
    return [
        (by_act[number], funding, each.to_pay)
        for (number, funding), each in sorted(sums.items())
        if each.to_pay > 0 and (number, funding) not in ordered
    ]


def _order(
    paid_for: Act | Advance, funding: str, amount: Decimal, accounts: dict[str, tuple[str, str]], bank_day: date
) -> Order:
    bin_ = str(paid_for.provider.bin)
    if bin_ not in accounts:
        raise NoBankAccount(bin=bin_)
    iban, bic = accounts[bin_]
    what = {"act": paid_for} if isinstance(paid_for, Act) else {"advance": paid_for}
    return Order(
        provider=paid_for.provider,
        contract_no=paid_for.contract_no,
        funding=funding,
        amount=amount,
        bank_day=bank_day,
        iban=iban,
        bic=bic,
        **what,
    )


def _accounts(lake: Lake, on: date) -> dict[str, tuple[str, str]]:
    """The bank account of each provider on a day, the latest that holds."""
    query = f"""SELECT bin, iban, bic FROM ({source(lake, "bank_accounts")})
        WHERE valid_from <= {literal(on)} AND (valid_to IS NULL OR valid_to >= {literal(on)})
        ORDER BY valid_from"""
    with connect() as connection:
        return {bin_: (iban, bic) for bin_, iban, bic in connection.execute(query).fetchall()}


_LIVE = (
    Order.objects.filter(act=OuterRef("pk"))
    .exclude(state=Order.State.RETURNED)
    .order_by()
    .values("act")
    .annotate(s=Sum("amount"))
    .values("s")
)
