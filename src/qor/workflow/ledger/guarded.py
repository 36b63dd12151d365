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
from qor.workflow.ledger.covering import Covered, columns_of, newest, rooms


def guards(app: str = "") -> list[Guard]:
    """The guard of each money table, of one room or of all: nothing changes but what its rules
    name."""
    return [
        Guard(table, _fixed(room, table), room.keys.get(table, "id"))
        for room in rooms()
        if app in {"", room.app}
        for table in (*room.layouts[-1], *room.keys)
    ]


def _fixed(room: Covered, table: str) -> tuple[Fixed, ...]:
    if table in room.changing:
        return room.changing[table]
    if table not in room.settled_later:
        return ()
    fixed = (Fixed(columns_of(table, newest(table))),)
    once = room.once.get(table)
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
