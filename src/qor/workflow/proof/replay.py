"""The ledger anew, row by row, from the documents: every posting has its document, every document
its postings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from qor.engine.storage.duck import Connection, count_of, literal
from qor.engine.storage.steps import run_step, step_facts, step_rows
from qor.workflow.accounts.models import Organisation
from qor.workflow.proof.declared import proof_steps
from qor.workflow.proof.proof import SHOWN, Place, Proof, proof_of

_TIYN = 100
# What each kind of document moves; then the postings that no document explains, and the reverse.
_COMPARING = (
    "moved_by_lines",
    "moved_by_deductions",
    "moved_by_sums",
    "moved_by_orders",
    "postings_apart",
)


@dataclass(frozen=True, slots=True)
class _Apart:
    """One posting too many (`times` above zero) or missing."""

    debit: str
    credit: str
    provider: int | None
    contract: str | None
    funding: str | None
    act: int | None
    amount: int | None
    cause: str | None
    id: int | None
    times: int


def replayed(connection: Connection) -> list[Proof]:
    """Compare postings with their documents, in a copy of the money: by row, account, act,
    contract, provider, funding.

    Sources: 291/2020:4.
    """
    for name in _COMPARING:
        run_step(connection, proof_steps()[name])
    return [_by_row(connection), _by_account(connection), *_by_key(connection)]


def _by_row(connection: Connection) -> Proof:
    apart = count_of(connection, "postings_apart")
    first = step_facts(connection, proof_steps()["first_apart"], most=literal(SHOWN))
    shown = [_Apart(**row) for row in first]
    bins = dict(
        Organisation.objects.filter(pk__in={a.provider for a in shown}).values_list("pk", "bin")
    )
    return Proof(
        "every_posting_has_its_document", apart, tuple(_place(each, bins) for each in shown)
    )


def _place(apart: _Apart, bins: dict[int, str | None]) -> Place:
    facts = {
        "posting": apart.id,
        "cause": apart.cause,
        "debit": apart.debit,
        "credit": apart.credit,
        "amount": _tenge(apart.amount),
        "act": apart.act or "–",
        "contract": apart.contract or "–",
        "bin": bins.get(apart.provider or 0, apart.provider),
        "funding": apart.funding or "–",
    }
    return Place(
        "posting_without_document" if apart.times > 0 else "document_without_posting", facts
    )


def _tenge(tiyn: int | None) -> Decimal | str:
    return "–" if tiyn is None else Decimal(tiyn) / _TIYN


def _by_account(connection: Connection) -> Proof:
    """Accounts whose balance over all postings is not that of the documents."""
    accounts = step_rows(connection, proof_steps()["accounts_apart"])
    places = [Place("account_breaks", {"number": account}) for (account,) in accounts]
    return proof_of("replay_gives_the_same_ledger", places)


def _by_key(connection: Connection) -> Iterable[Proof]:
    """Balances of accounts by act, contract, provider and funding that are not those of the
    documents."""
    for key in ("act", "contract", "provider", "funding"):
        differing = step_rows(connection, proof_steps()["balances_apart"], key=key)
        places = [Place("balance_differs", {"by": key, "key": of or "–"}) for (of,) in differing]
        yield proof_of(f"the_documents_give_the_ledger_by_{key}", places)
