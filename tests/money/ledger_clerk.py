"""A clerk adds up the ledger's balances from the documents, one by one, with nothing of the
product's."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection


def rows_of(query: str) -> list[Any]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def balances_by_hand() -> Counter[Any]:
    """Balances by (account, act, contract, provider, funding), added up document by document;
    debits above zero."""
    sums: Counter[Any] = Counter()
    acts = {
        row[0]: (row[2], row[1])
        for row in rows_of("SELECT id, provider_id, contract_no FROM acts_act")
    }

    def move(
        debit: str, credit: str, act: int | None, of: tuple[str, int], funding: str, amount: int
    ) -> None:
        sums[(debit, act, *of, funding)] += amount
        sums[(credit, act, *of, funding)] -= amount

    for act, funding, claimed, released, returned, waiting, beyond, accepted in rows_of(
        "SELECT act_id, funding, claimed, released, returned, held, beyond, accepted FROM "
        "acts_actline"
    ):
        move("care", "claims", act, acts[act], funding, claimed - returned)
        move("held", "claims", act, acts[act], funding, released - waiting)
        move("claims", "beyond", act, acts[act], funding, beyond)
        move("claims", "payable", act, acts[act], funding, accepted)
    for act, contract, provider, funding, disallowed, owed in rows_of(
        "SELECT act_id, contract_no, provider_id, funding, disallowed, taken_back + "
        "sanction FROM acts_deduction"
    ):
        move("claims", "disallowed", act, (contract, provider), funding, disallowed)
        move("owed", "sanctions", act, (contract, provider), funding, owed)
    for contract, provider, funding, amount in rows_of(
        "SELECT contract_no, provider_id, funding, amount FROM acts_heldservice WHERE "
        "reopens_id IS NOT NULL"
    ):
        move("disallowed", "held", None, (contract, provider), funding, amount)
    for act, contract, provider, funding, pays, amount in rows_of(
        "SELECT act_id, contract_no, provider_id, funding, pays, amount FROM acts_othersum"
    ):
        if not pays:
            move("owed", "sanctions", None, (contract, provider), funding, amount)
        elif act:
            move("other_payments", "payable", act, acts[act], funding, amount)
    _clerk_settles(move, acts)
    for act, state, contract, provider, funding, amount in rows_of(
        "SELECT act_id, state, contract_no, provider_id, funding, amount FROM treasury_order"
    ):
        if state == "paid":
            move(
                "payable" if act else "advances", "cash", act, (contract, provider), funding, amount
            )
    return sums


def _clerk_settles(move: Any, acts: dict[int, tuple[str, int]]) -> None:
    """What was taken of debts and kept of advances, also from another funding's money; what was
    returned."""
    query = """SELECT 'owed', k.act_id, k.how, v.contract_no, v.provider_id, v.funding, k.funding,
        k.amount
        FROM acts_debttaken k JOIN acts_debt v ON v.id = k.debt_id UNION ALL
        SELECT 'advances', k.act_id, 'returned', v.contract_no, v.provider_id, v.funding, k.funding,
            k.amount
        FROM acts_advancekept k JOIN acts_advance v ON v.id = k.advance_id"""
    for account, act, how, contract, provider, owed, paid, amount in rows_of(query):
        if act is None:
            move(
                "cash" if how == "returned" else "sanctions",
                account,
                None,
                (contract, provider),
                owed,
                amount,
            )
        elif owed == paid:
            move("payable", account, act, acts[act], owed, amount)
        else:
            move("payable", "between", act, acts[act], paid, amount)
            move("between", account, act, acts[act], owed, amount)
