"""Sending payment orders to the bank: one file, kept with its bytes and named by their sha256; no
second file holds its orders (291/2020:26)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.db import transaction

from qor.law.nouns.refusals import Refusal
from qor.workflow.ledger.sealing import open_ledger, record_sealed, refuse_changed
from qor.workflow.treasury.models import BankFile, Order
from qor.workflow.treasury.orders import check_bank_day
from qor.workflow.treasury.payees import BankAccount, Stopped, why_stopped


class NothingToSend(Refusal):
    """No made order of that bank day can be sent."""

    key = "nothing_to_send"


class UnknownFile(Refusal):
    """No file of that hash was sent, or its bytes are not those that were sent."""

    key = "unknown_file"


class BankFormat(Protocol):
    """How orders are written for a bank."""

    @property
    def kind(self) -> str:
        """Its short name."""
        ...

    def problem(self, order: Order, /) -> Refusal | None:
        """What of an order this format cannot carry; None where it can."""
        ...

    def write(self, orders: Sequence[Order], number: int, at: datetime) -> bytes:
        """The bytes of the file: orders of one bank day, `number` the day's count of files."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that went out, its orders, and those that stay made, each with what is wrong with
    it."""

    file: BankFile
    orders: tuple[Order, ...]
    stopped: tuple[Stopped, ...]


def send_orders(bank_day: date, form: BankFormat, *, by: str, at: datetime) -> Sent:
    """Write the made orders of a bank day into one file and mark them as sent; an order that cannot
    stand in it stays made and is named.

    Sources: 291/2020:26. NotABankDay, BankDayPast, NothingToSend.
    """
    check_bank_day(bank_day, at)
    with transaction.atomic():
        open_ledger()
        waiting = Order.objects.filter(bank_day=bank_day, state=Order.State.MADE)
        refuse_changed("order", waiting.values_list("pk", flat=True))
        orders, stopped = _fit(
            waiting.select_related("provider", "act__closing", "advance").order_by("pk"), form
        )
        if not orders:
            why = ", ".join(str(each.provider.bin) for each in stopped) or "–"
            raise NothingToSend(day=bank_day.strftime("%d.%m.%Y"), stopped=why)
        file = _write(bank_day, form, orders, by=by, at=at)
        numbers = [order.pk for order in orders]
        for start in range(0, len(numbers), _CHUNK):
            Order.objects.filter(pk__in=numbers[start : start + _CHUNK]).update(
                state=Order.State.SENT, file=file
            )
        record_sealed(
            by=by,
            at=at,
            verb="send_orders",
            subject=f"bank_day:{bank_day}",
            facts=_facts(file, orders, stopped),
            changed={"order": numbers},
        )
        for order in orders:
            order.state, order.file = Order.State.SENT, file
        return Sent(file, tuple(orders), tuple(stopped))


def _write(
    bank_day: date, form: BankFormat, orders: Sequence[Order], *, by: str, at: datetime
) -> BankFile:
    """The file of the orders, with its bytes; its number counts the files of the day."""
    number = BankFile.objects.filter(bank_day=bank_day).count() + 1
    content = form.write(orders, number, at)
    return BankFile.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        kind=form.kind,
        bank_day=bank_day,
        number=number,
        content=content,
        at=at,
        by=by,
    )


def _facts(
    file: BankFile, orders: Sequence[Order], stopped: Sequence[Stopped]
) -> dict[str, object]:
    """What the journal holds of a file that went out."""
    return {
        "kind": file.kind,
        "sha256": file.sha256,
        "orders": len(orders),
        "amount": str(sum((order.amount for order in orders), Decimal(0))),
        "stopped": [
            [str(each.provider.bin), each.contract_no, each.refusal.key] for each in stopped
        ],
    }


def sent_file(sha256: str) -> BankFile:
    """A file that was sent, with the bytes that went out. UnknownFile where there is none, or its
    bytes have another hash now."""
    file = BankFile.objects.filter(sha256=sha256).first()
    if file is None or hashlib.sha256(bytes(file.content)).hexdigest() != sha256:
        raise UnknownFile(sha256=sha256)
    return file


def _fit(waiting: Iterable[Order], form: BankFormat) -> tuple[list[Order], list[Stopped]]:
    orders: list[Order] = []
    stopped: list[Stopped] = []
    for order in waiting:
        wrong = why_stopped(order.provider, order.contract_no, BankAccount(order.iban, order.bic))
        wrong = wrong or form.problem(order)
        if wrong is None:
            orders.append(order)
        else:
            stopped.append(Stopped(order.provider, order.contract_no, order.amount, wrong))
    return orders, stopped


_CHUNK = 500
