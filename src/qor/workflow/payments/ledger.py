"""The ledger: double entry, append-only; debits are positive, credits negative, each entry sums to zero and names its cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from qor.workflow.bulk import insert_many
from qor.workflow.payments.models import ActLine, Deduction
from qor.workflow.payments.postings import Account, LedgerHead, Posting

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be posted: sums by account, for whom, under which contract and act, and why."""

    sums: dict[Account, Decimal]
    provider_id: int
    contract_no: str
    act_id: int | None
    cause: str


class EntryDoesNotBalance(AssertionError):
    """An entry whose sides differ: a broken assumption, never a message to live with."""


def post(entries: Iterable[Entry], at: datetime) -> int:
    """Post entries in the caller's transaction; how many rows were written. EntryDoesNotBalance if one does not sum to zero."""
    head = LedgerHead.objects.select_for_update().get(id=1)
    number, written, batch = head.number, 0, []
    for entry in entries:
        if sum(entry.sums.values(), _NOTHING) != 0:
            raise EntryDoesNotBalance(f"{entry.cause}: {entry.sums}")
        number += 1
        batch += [
            Posting(
                entry=number, account=account.value, provider_id=entry.provider_id, contract_no=entry.contract_no, act_id=entry.act_id,
                amount=amount, cause=entry.cause, at=at,
            )
            for account, amount in entry.sums.items() if amount
        ]  # fmt: skip
        if len(batch) >= _BATCH:
            written += len(batch)
            insert_many(batch)
            batch = []
    insert_many(batch)
    LedgerHead.objects.filter(id=1).update(number=number)
    return written + len(batch)


def line_entry(line: ActLine, provider_id: int, act_id: int, contract_no: str) -> Entry:
    """The entry of an act's line: billed care becomes returned, held, beyond the contract or payable; what is disallowed is posted case by case."""
    told = {
        name: Decimal(getattr(line, name)) for name in ("claimed", "released", "returned", "held", "beyond", "accepted")
    }
    sums = {
        Account.CARE: told["claimed"] - told["returned"],
        Account.CLAIMS: told["returned"] + told["held"] + told["beyond"] + told["accepted"] - told["claimed"] - told["released"],
        Account.HELD: told["released"] - told["held"],
        Account.BEYOND: -told["beyond"],
        Account.PAYABLE: -told["accepted"],
    }  # fmt: skip
    cause = f"line:{line.care_form}:{line.funding}:{line.service_month}"
    return Entry(sums, provider_id, contract_no, act_id, cause)


def deduction_entry(made: Deduction) -> Entry:
    """The entry of a deduction: so much of the bill is not paid, and so much is owed beside."""
    sums = {
        Account.CLAIMS: made.disallowed, Account.DISALLOWED: -made.disallowed, Account.OWED: made.sanction, Account.SANCTIONS: -made.sanction,
    }  # fmt: skip
    cause = f"case:{made.case_id}" if made.case_id else f"{made.reason}:{made.service_id}"
    return Entry(sums, made.provider_id, made.act.contract_no, made.act_id, cause)


def mirrored(entry: Entry, cause: str) -> Entry:
    """The same entry the other way round: posted rows are mirrored, never edited."""
    return Entry(
        {account: -amount for account, amount in entry.sums.items()},
        entry.provider_id,
        entry.contract_no,
        entry.act_id,
        cause,
    )


_BATCH = 20_000
