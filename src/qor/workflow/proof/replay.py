"""The ledger anew, row by row, from the documents: every posting has its document, every document
its postings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from qor.engine.storage.duck import Connection, count_of, rows
from qor.workflow.accounts.models import Organisation
from qor.workflow.proof.proof import SHOWN, Place, Proof, proof_of

_TIYN = 100
# (debit, credit, amount of a line's column); a negative amount goes the other way round.
_LINE = (
    ("care", "claims", "claimed"),
    ("held", "claims", "released"),
    ("claims", "care", "returned"),
    ("claims", "held", "held"),
    ("claims", "beyond", "beyond"),
    ("claims", "payable", "accepted"),
)
_OF_ACT = "a.provider_id, a.contract_no"
_CASE = (
    "CASE WHEN d.case_id IS NULL THEN d.reason || ':' || d.service_id ELSE 'case:' || d.case_id END"
)


def _documents() -> list[str]:
    """Queries for what each kind of document moves: debit, credit, amount, provider, contract,
    funding, act, cause."""
    line = (
        "'line:' || l.care_form || ':' || l.funding || ':' || l.service_month || CASE WHEN "
        "l.kind = '' THEN '' ELSE ':' || l.kind END"
    )
    found = [
        f"SELECT '{debit}', '{credit}', l.{column}, {_OF_ACT}, l.funding, l.act_id, "
        f"{line} FROM acts_actline l JOIN acts_act a ON a.id = l.act_id"
        for debit, credit, column in _LINE
    ]
    deducted = f"d.provider_id, d.contract_no, d.funding, d.act_id, {_CASE} FROM acts_deduction d"
    found += [
        f"SELECT 'claims', 'disallowed', d.disallowed, {deducted}",
        f"SELECT 'owed', 'sanctions', d.taken_back + d.sanction, {deducted}",
        f"""SELECT 'disallowed', 'held', h.amount, h.provider_id, h.contract_no, h.funding, NULL,
            {_CASE}
            FROM acts_heldservice h JOIN acts_deduction d ON d.id = h.reopens_id""",
        f"""SELECT 'other_payments', 'payable', o.amount, {_OF_ACT}, o.funding, a.id,
            'other:' || o.id
            FROM acts_othersum o JOIN acts_act a ON a.id = o.act_id WHERE o.pays = 1""",
        """SELECT 'owed', 'sanctions', o.amount, o.provider_id, o.contract_no, o.funding, NULL,
            'other:' || o.id
            FROM acts_othersum o WHERE o.pays = 0""",
        """SELECT 'cash', 'advances', k.amount, v.provider_id, v.contract_no, k.funding, NULL,
            'refund:' || k.id
            FROM acts_advancekept k JOIN acts_advance v ON v.id = k.advance_id
                WHERE k.act_id IS NULL""",
        """SELECT 'cash', 'owed', k.amount, v.provider_id, v.contract_no, v.funding, NULL,
            'returned:' || k.id
            FROM acts_debttaken k JOIN acts_debt v ON v.id = k.debt_id
                WHERE k.how = 'returned'""",
        f"""SELECT 'sanctions', 'owed', k.amount, d.provider_id, d.contract_no, v.funding, NULL,
            {_CASE}
            FROM acts_debttaken k JOIN acts_debt v ON v.id = k.debt_id
                JOIN acts_deduction d ON d.id = k.deduction_id
            WHERE k.how = 'withdrawn'""",
    ]
    return (
        found
        + _between("acts_debttaken k", "acts_debt", "debt", "owed")
        + _between("acts_advancekept k", "acts_advance", "advance", "advances")
        + _orders()
    )


def _between(taken: str, owed: str, name: str, account: str) -> list[str]:
    """What an act's funding settles of a debt or an advance of the same funding, or of another."""
    joined = f"FROM {taken} JOIN {owed} v ON v.id = k.{name}_id JOIN acts_act a ON a.id = k.act_id"
    cause = f"k.act_id, '{name}:' || v.id"
    return [
        f"SELECT 'payable', '{account}', k.amount, {_OF_ACT}, v.funding, {cause} {joined} "
        "WHERE v.funding = k.funding",
        f"SELECT 'payable', 'between', k.amount, {_OF_ACT}, k.funding, {cause} {joined} "
        "WHERE v.funding <> k.funding",
        f"SELECT 'between', '{account}', k.amount, {_OF_ACT}, v.funding, {cause} {joined} "
        "WHERE v.funding <> k.funding",
    ]


def _orders() -> list[str]:
    """Paid orders, and those that the bank sent back after it had paid them: of these the ledger
    must hold both ways."""
    account = "CASE WHEN o.act_id IS NULL THEN 'advances' ELSE 'payable' END"
    of = "o.amount, o.provider_id, o.contract_no, o.funding, o.act_id"
    back = (
        "o.state = 'returned' AND o.id IN (SELECT try_cast(substr(cause, 7) AS BIGINT) FROM "
        "ledger_posting WHERE cause LIKE 'order:%')"
    )
    return [
        f"SELECT {account}, 'cash', {of}, 'order:' || o.id FROM treasury_order o WHERE "
        f"o.state = 'paid' OR {back}",
        f"SELECT 'cash', {account}, {of}, 'return:' || o.id FROM treasury_order o WHERE {back}",
    ]


_COMPARED = "debit, credit, provider, contract, funding, act, amount, cause"
_APART = f"""CREATE OR REPLACE TABLE apart_ AS
    SELECT {_COMPARED}, max(id) AS id, sum(n) AS times FROM (
        SELECT debit, credit, provider_id AS provider, contract_no AS contract, funding,
            act_id AS act, amount, cause, id, 1 AS n FROM ledger_posting
        UNION ALL
        SELECT CASE WHEN amount > 0 THEN debit ELSE credit END, CASE WHEN amount > 0 THEN credit
            ELSE debit END,
               provider, contract, funding, act, abs(amount), cause, NULL, -1
        FROM ({{documents}}) m(debit, credit, amount, provider, contract, funding, act, cause)
            WHERE amount <> 0)
    GROUP BY ALL HAVING sum(n) <> 0"""


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
    connection.execute(_APART.format(documents=" UNION ALL ".join(_documents())))
    return [_by_row(connection), _by_account(connection), *_by_key(connection)]


def _by_row(connection: Connection) -> Proof:
    apart = count_of(connection, "apart_")
    found = [
        _Apart(**row)
        for row in rows(
            connection, f"SELECT * FROM apart_ ORDER BY id NULLS LAST, cause LIMIT {SHOWN}"
        )
    ]
    bins = dict(
        Organisation.objects.filter(pk__in={a.provider for a in found}).values_list("pk", "bin")
    )
    return Proof(
        "every_posting_has_its_document", apart, tuple(_place(each, bins) for each in found)
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
    query = """SELECT account FROM (
            SELECT debit AS account, times * amount AS change FROM apart_
                UNION ALL SELECT credit, -times * amount FROM apart_)
        GROUP BY account HAVING sum(change) IS DISTINCT FROM 0 ORDER BY account"""
    places = [
        Place("account_breaks", {"number": account})
        for (account,) in connection.execute(query).fetchall()
    ]
    return proof_of("replay_gives_the_same_ledger", places)


def _by_key(connection: Connection) -> Iterable[Proof]:
    """Balances of accounts by act, contract, provider and funding that are not those of the
    documents."""
    for key in ("act", "contract", "provider", "funding"):
        query = f"""SELECT DISTINCT k FROM (
            SELECT CAST({key} AS VARCHAR) AS k, account, sum(change) AS change FROM (
                SELECT {key}, debit AS account, times * coalesce(amount, 0) AS change FROM apart_
                UNION ALL SELECT {key}, credit, -times * coalesce(amount, 0) FROM apart_)
            GROUP BY ALL HAVING sum(change) <> 0) ORDER BY k"""
        differing = [row[0] for row in connection.execute(query).fetchall()]
        places = [Place("balance_differs", {"by": key, "key": value or "–"}) for value in differing]
        yield proof_of(f"the_documents_give_the_ledger_by_{key}", places)
