"""Which rows of money the database itself keeps, and which of their columns may change later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction

from qor.workflow.append_only import guard_all, unguarded
from qor.workflow.audit.journal import record
from qor.workflow.guards import Fixed, Guard, guard_sql, missing_guards
from qor.workflow.payments.layouts import LAYOUTS, SETTLED_LATER, columns_of, newest

_ACT_IS = (
    "id",
    "closing_id",
    "provider_id",
    "contract_no",
    "claimed",
    "released",
    "returned",
    "held",
    "disallowed",
    "beyond",
)
_ACT_COMES_TO = (
    "other_payments",
    "other_deductions",
    "accepted",
    "advance_due",
    "advance_kept",
    "to_pay",
    "version",
    "state",
    "signed_on",
    "pay_by",
    "due_on",
)
_ORDER_IS = (
    "id",
    "act_id",
    "advance_id",
    "provider_id",
    "contract_no",
    "funding",
    "amount",
    "bank_day",
    "iban",
    "bic",
)
_CHANGING = {
    "payments_closing": (
        Fixed(("id", "month", "closed_on", "at", "by")),
        Fixed(("settled",), "OLD.settled <> ''"),
    ),
    "payments_act": (Fixed(_ACT_IS), Fixed(_ACT_COMES_TO, "OLD.state = 'signed'")),
    "payments_order": (Fixed(_ORDER_IS), Fixed(("file_id",), "OLD.file_id IS NOT NULL")),
    "payments_proposedsum": (
        Fixed(
            (
                "id",
                "provider_id",
                "contract_no",
                "funding",
                "pays",
                "ground",
                "amount",
                "statement",
                "found_on",
                "at",
                "by_id",
            )
        ),
        Fixed(("decided_at", "decided_by_id", "other_id"), "OLD.decided_by_id IS NOT NULL"),
    ),
}
# Columns that are written once, later than their row.
_ONCE = {"payments_othersum": "act_id", "payments_heldservice": "released_by_id"}


def guards() -> list[Guard]:
    """The guard of each money table: nothing changes but what its rules name."""
    return [Guard(table, _fixed(table)) for table in LAYOUTS[-1]] + [
        Guard("payments_seal", key="number")
    ]


def _fixed(table: str) -> tuple[Fixed, ...]:
    if table in _CHANGING:
        return _CHANGING[table]
    if table not in SETTLED_LATER:
        return ()
    fixed = (Fixed(columns_of(table, newest())),)
    once = _ONCE.get(table)
    return (*fixed, Fixed((once,), f"OLD.{once} IS NOT NULL")) if once else fixed


def make_guards(_: Any, editor: Any) -> None:
    """A migration's step: the guards of every money table, anew where they stand already.

    Again after each migration that changes a table. Columns that a later migration adds are left
    out until then.
    """
    database = editor.connection
    with database.cursor() as cursor:
        there = set(database.introspection.table_names(cursor))
        for guard in guards():
            if guard.table in there:
                described = database.introspection.get_table_description(cursor, guard.table)
                known = _known(guard, {column.name for column in described})
                for statement in guard_sql(known, database.vendor):
                    cursor.execute(statement)


def mend_guards(*, by: str, at: datetime) -> list[str]:
    """Make anew every guard of money and journal that is gone or reads otherwise; their names,
    entered in the journal. Nothing is entered where all stand."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            wrong = [*unguarded(connection), *missing_guards(guards(), connection.vendor, cursor)]
        if not wrong:
            return []
        guard_all(connection)
        make_guards(None, SimpleNamespace(connection=connection))
        record(by=by, at=at, verb="mend_guards", subject="database", facts={"guards": wrong})
    return wrong


def _known(guard: Guard, columns: set[str]) -> Guard:
    fixed = (
        replace(each, columns=tuple(c for c in each.columns if c in columns))
        for each in guard.fixed
    )
    return replace(guard, fixed=tuple(fixed))
