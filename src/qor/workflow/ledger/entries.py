"""The ledger: double entry, append-only; each posting moves a sum from one account to another and
names its cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from qor.law.nouns.refusals import Refusal
from qor.workflow.bulk import insert_many
from qor.workflow.ledger.postings import Account, LedgerHead, Posting

Move = tuple[Account, Account, Decimal]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be posted: sums moved (debit, credit, tenge), for whom, under which contract,
    funding and act, and why."""

    moves: tuple[Move, ...]
    provider_id: int
    contract_no: str
    funding: str
    act_id: int | None
    cause: str


class LedgerNotSealed(Refusal):
    """Rows of money came past the actions, or the ledger's head is not the journal's, or gone."""

    key = "ledger_not_sealed"


def moved(debit: Account, credit: Account, amount: Decimal) -> Move:
    """A sum moved; a negative one goes the other way round."""
    return (debit, credit, amount) if amount >= 0 else (credit, debit, -amount)


def lock_ledger() -> LedgerHead:
    """Hold the ledger to the end of the caller's transaction: whoever nets, closes or refunds takes
    it first, so that no two read the same money. LedgerNotSealed where the head is gone."""
    head = LedgerHead.objects.select_for_update().filter(id=1).first()
    if head is None:
        raise LedgerNotSealed()
    return head


def post(entries: Iterable[Entry], at: datetime) -> int:
    """Post entries in the caller's transaction; how many rows were written. A move of nothing is
    none."""
    head = lock_ledger()
    number, written, batch = head.number, 0, []
    for entry in entries:
        number += 1
        batch += [
            Posting(
                entry=number,
                debit=debit.value,
                credit=credit.value,
                provider_id=entry.provider_id,
                contract_no=entry.contract_no,
                funding=entry.funding,
                act_id=entry.act_id,
                amount=amount,
                cause=entry.cause,
                at=at,
            )
            for debit, credit, amount in entry.moves
            if amount
        ]
        if len(batch) >= _BATCH:
            written += len(batch)
            insert_many(batch)
            batch = []
    insert_many(batch)
    LedgerHead.objects.filter(id=1).update(number=number)
    return written + len(batch)


def mirrored(entry: Entry, cause: str) -> Entry:
    """The same entry the other way round: posted rows are mirrored, never edited."""
    moves = tuple((credit, debit, amount) for debit, credit, amount in entry.moves)
    return Entry(moves, entry.provider_id, entry.contract_no, entry.funding, entry.act_id, cause)


def settled_between(
    account: Account, owed: str, paid: str, amount: Decimal, of: tuple[int, str, int], cause: str
) -> list[Entry]:
    """What is payable of one funding settles what `account` holds of another (or the same): an
    entry for each funding.

    `of`: provider, contract, act.
    """
    provider, contract, act = of
    if owed == paid:
        return [
            Entry((moved(Account.PAYABLE, account, amount),), provider, contract, owed, act, cause)
        ]
    return [
        Entry(
            (moved(Account.PAYABLE, Account.BETWEEN, amount),), provider, contract, paid, act, cause
        ),
        Entry((moved(Account.BETWEEN, account, amount),), provider, contract, owed, act, cause),
    ]


_BATCH = 20_000
