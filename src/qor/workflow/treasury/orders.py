"""Payment orders: made for a bank day, paid, returned by the bank, repeated (291/2020, clauses 8,
26). `sending` sends them to the bank.

Whoever changes an order takes the ledger's head first, then reads: all doors wait for one another
in one order.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum

from qor.engine.storage.lake import Lake
from qor.law.nouns.refusals import Refusal
from qor.law.nouns.states import ActState
from qor.law.reading.calendar import is_working_day
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.fundings import sums_by_funding
from qor.workflow.acts.models import Act, Advance
from qor.workflow.disputes.actions import civil_day
from qor.workflow.ledger.entries import Entry, mirrored, moved, post
from qor.workflow.ledger.postings import Account
from qor.workflow.ledger.sealing import open_ledger, record_sealed, refuse_changed
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.payees import (
    BankAccount,
    NoBankAccount,
    Stopped,
    accounts_on,
    why_stopped,
)

Due = tuple[Act | Advance, str, Decimal]


class NotABankDay(Refusal):
    """Banks do not work on that day."""

    key = "not_a_bank_day"


class BankDayPast(Refusal):
    """The bank day lies in the past: no bank executes an order of yesterday."""

    key = "bank_day_past"


class NoSuchOrder(Refusal):
    """No order has that number."""

    key = "no_such_order"


class OrderStands(Refusal):
    """The order is not in a state in which that may be done with it."""

    key = "order_stands"


class AdvanceIsKept(Refusal):
    """Acts have kept something of the advance: its payment is not undone any more, the provider
    pays back what is left."""

    key = "advance_is_kept"


def make_orders(lake: Lake, bank_day: date, *, by: str, at: datetime) -> list[Order]:
    """An order for each signed act and funding that has something to pay and no live order yet, and
    for each advance; of one bank day.

    A payee without an account, or with a name that no file may carry, stops its own order only:
    `stopped_payments` names it.
    Sources: 291/2020:3, 291/2020:26. NotABankDay, BankDayPast.
    """
    check_bank_day(bank_day, at)
    accounts = accounts_on(lake, bank_day)
    with transaction.atomic():
        open_ledger()
        due = _due()
        refuse_changed("act", [paid_for.pk for paid_for, _, _ in due if isinstance(paid_for, Act)])
        orders, stopped = _sorted(due, accounts, bank_day)
        Order.objects.bulk_create(orders, batch_size=1000)
        facts = {
            "orders": len(orders),
            "amount": str(sum((order.amount for order in orders), Decimal(0))),
            "stopped": [
                [str(each.provider.bin), each.contract_no, each.refusal.key] for each in stopped
            ],
        }
        record_sealed(by=by, at=at, verb="make_orders", subject=f"bank_day:{bank_day}", facts=facts)
    return orders


def stopped_payments(lake: Lake, bank_day: date) -> list[Stopped]:
    """The payments for which no order can be made on a bank day, each with its reason; nothing is
    changed."""
    return _sorted(_due(), accounts_on(lake, bank_day), bank_day)[1]


def confirm_paid(order_ids: list[int], *, by: str, at: datetime) -> int:
    """The bank paid these orders: what was payable is cash no more; how many were new. NoSuchOrder,
    OrderStands for one that was not sent."""
    with transaction.atomic():
        open_ledger()
        refuse_changed("order", order_ids)
        orders = list(Order.objects.filter(pk__in=order_ids).order_by("pk"))
        missing = sorted(set(order_ids) - {order.pk for order in orders})
        if missing:
            raise NoSuchOrder(orders=", ".join(map(str, missing)))
        for order in orders:
            if order.state not in {Order.State.SENT, Order.State.PAID}:
                raise OrderStands(order=order.pk)
        fresh = [order for order in orders if order.state == Order.State.SENT]
        post([order_entry(order) for order in fresh], at)
        Order.objects.filter(pk__in=[order.pk for order in fresh]).update(state=Order.State.PAID)
        numbers = [order.pk for order in fresh]
        record_sealed(
            by=by,
            at=at,
            verb="confirm_paid",
            subject="orders",
            facts={"orders": numbers},
            changed={"order": numbers},
        )
    return len(fresh)


def return_order(order_id: int, *, by: str, at: datetime) -> Order:
    """The bank sent an order back or refused it (or it is taken back before it was sent): what was
    posted is mirrored, and it may be repeated.

    NoSuchOrder, OrderStands if it was returned already, AdvanceIsKept.
    """
    with transaction.atomic():
        open_ledger()
        refuse_changed("order", [order_id])
        order, before = _one(order_id), _one(order_id).state
        if before == Order.State.RETURNED:
            raise OrderStands(order=order.pk)
        if before == Order.State.PAID:
            if order.advance is not None and order.advance.kept.exclude(amount=0).exists():
                raise AdvanceIsKept(advance=order.advance.pk)
            post([mirrored(order_entry(order), f"return:{order.pk}")], at)
        order.state = Order.State.RETURNED
        order.save(update_fields=["state"])
        facts = {"from": before}
        record_sealed(
            by=by,
            at=at,
            verb="return_order",
            subject=f"order:{order.pk}",
            facts=facts,
            changed={"order": [order.pk]},
        )
        return order


def repeat_order(lake: Lake, order_id: int, bank_day: date, *, by: str, at: datetime) -> Order:
    """Make a returned order anew, to the provider's account of that day.

    NoSuchOrder, OrderStands unless it was returned and not repeated yet, NotABankDay, BankDayPast,
    and what stops a payment (`payees`).
    """
    check_bank_day(bank_day, at)
    accounts = accounts_on(lake, bank_day)
    with transaction.atomic():
        open_ledger()
        refuse_changed("order", [order_id])
        old = _one(order_id)
        paid_for = old.act or old.advance
        if (
            old.state != Order.State.RETURNED
            or paid_for is None
            or _is_ordered(paid_for, old.funding)
        ):
            raise OrderStands(order=old.pk)
        orders, stopped = _sorted([(paid_for, old.funding, old.amount)], accounts, bank_day)
        if stopped:
            raise stopped[0].refusal
        orders[0].repeats = old
        orders[0].save()
        record_sealed(
            by=by,
            at=at,
            verb="repeat_order",
            subject=f"order:{orders[0].pk}",
            facts={"repeats": old.pk},
        )
        return orders[0]


def check_bank_day(bank_day: date, at: datetime) -> None:
    """Refuse a day on which banks do not work, or one that has gone by. NotABankDay,
    BankDayPast."""
    if not is_working_day(bank_day):
        raise NotABankDay(day=bank_day.strftime("%d.%m.%Y"))
    if bank_day < civil_day(at):
        raise BankDayPast(day=bank_day.strftime("%d.%m.%Y"))


def order_entry(order: Order) -> Entry:
    """The entry of a paid order: an act's from what is payable, an advance's to what is paid
    ahead."""
    account = Account.PAYABLE if order.act_id else Account.ADVANCES
    moves = (moved(account, Account.CASH, order.amount),)
    return Entry(
        moves,
        order.provider_id,
        order.contract_no,
        order.funding,
        order.act_id,
        f"order:{order.pk}",
    )


def _one(order_id: int) -> Order:
    order = Order.objects.select_related("provider", "act", "advance").filter(pk=order_id).first()
    if order is None:
        raise NoSuchOrder(orders=order_id)
    return order


def _is_ordered(paid_for: Act | Advance, funding: str) -> bool:
    return paid_for.orders.filter(funding=funding).exclude(state=Order.State.RETURNED).exists()


def _due() -> list[Due]:
    """What waits for an order: the sums of signed acts, by funding, that no live order pays, and
    advances without one."""
    signed = Act.objects.annotate(ordered=Subquery(_ORDERED)).filter(
        state=ActState.SIGNED, to_pay__gt=0
    )
    open_ = signed.filter(Q(ordered__isnull=True) | Q(ordered__lt=F("to_pay")))
    acts = {act.pk: act for act in open_.select_related("provider").order_by("pk")}
    live = Order.objects.exclude(state=Order.State.RETURNED)
    ordered = set(live.filter(act__isnull=False).values_list("act_id", "funding"))
    waiting: list[Due] = [
        (acts[number], funding, sums.to_pay)
        for (number, funding), sums in sorted(sums_by_funding(acts.values()).items())
        if sums.to_pay > 0 and (number, funding) not in ordered
    ]
    advances = Advance.objects.exclude(
        pk__in=live.filter(advance__isnull=False).values("advance_id")
    )
    waiting += [
        (each, each.funding, each.amount)
        for each in advances.select_related("provider").order_by("pk")
    ]
    return waiting


def _sorted(
    waiting: list[Due], accounts: dict[str, BankAccount], bank_day: date
) -> tuple[list[Order], list[Stopped]]:
    """The orders that can be made, and the payments that cannot."""
    orders: list[Order] = []
    stopped: list[Stopped] = []
    for paid_for, funding, amount in waiting:
        provider: Organisation = paid_for.provider
        account = accounts.get(str(provider.bin))
        refusal = why_stopped(provider, paid_for.contract_no, account)
        if refusal is not None or account is None:
            stopped.append(
                Stopped(provider, paid_for.contract_no, amount, refusal or NoBankAccount())
            )
            continue
        what = {"act": paid_for} if isinstance(paid_for, Act) else {"advance": paid_for}
        orders.append(
            Order(
                provider=provider,
                contract_no=paid_for.contract_no,
                funding=funding,
                amount=amount,
                bank_day=bank_day,
                iban=account.iban,
                bic=account.bic,
                **what,
            )
        )
    return orders, stopped


# What live orders pay of an act, as a subquery of acts.
_ORDERED = (
    Order.objects.filter(act=OuterRef("pk"))
    .exclude(state=Order.State.RETURNED)
    .order_by()
    .values("act")
    .annotate(s=Sum("amount"))
    .values("s")
)
