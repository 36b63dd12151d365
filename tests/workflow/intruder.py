"""What an intruder can do who writes to the database but has no key.

He takes the guards away, puts another value, forges rows or takes them away, and computes the chain
anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.db import connection
from tests.workflow.small_fund import Fund

from qor.workflow.append_only import GROWING


def run(statement: str, *values: Any) -> Any:
    """One statement of the intruder, and what it answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else None


def take_guards_away() -> None:
    """Drop every trigger of the tables that only grow."""
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("SET CONSTRAINTS ALL DEFERRED")
    for table in GROWING:
        if connection.vendor == "postgresql":
            run(f"DROP TRIGGER {table}_append_only ON {table}")
            run(f"DROP TRIGGER {table}_not_emptied ON {table}")
        else:
            for verb in ("update", "delete", "replace"):
                run(f"DROP TRIGGER {table}_no_{verb}")
    for name, table in _triggers_of_money():
        run(
            f"DROP TRIGGER {name} ON {table}"
            if connection.vendor == "postgresql"
            else f"DROP TRIGGER {name}"
        )


def _triggers_of_money() -> list[tuple[Any, ...]]:
    """What else guards the tables of money: (trigger, table)."""
    if connection.vendor == "postgresql":
        return run("""SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c
            ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND c.relname ~ '^(ledger|acts|treasury)_'""")
    return run(
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND "
        "substr(tbl_name, 1, instr(tbl_name, '_')) IN ('ledger_', 'acts_', 'treasury_')"
    )


def change(
    table: str, column: str, value: Any, where: str = "id = (SELECT min(id) FROM {table})"
) -> Callable[[Fund], object]:
    """Put another value into one row."""
    return lambda fund: run(
        f"UPDATE {table} SET {column} = %s WHERE {where.format(table=table)}", value
    )


def entry(column: str, value: Any, number: int = 2) -> Callable[[Fund], object]:
    """Put another value into an entry of the journal."""
    return change("audit_entry", column, value, f"number = {number}")


def put(table: str, row: dict[str, Any]) -> Callable[[Fund], object]:
    """Insert a forged row."""
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    return lambda fund: run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())


def copy_of(table: str, column: str, value: Any) -> Callable[[Fund], object]:
    """Insert a second row like the first one, but for one column."""

    def insert(fund: Fund) -> None:
        with connection.cursor() as cursor:
            columns = [
                field.name
                for field in connection.introspection.get_table_description(cursor, table)
            ]
        others = [name for name in columns if name not in {"id", column}]
        names = ", ".join(f'"{name}"' for name in others)
        run(
            f'INSERT INTO {table} ("{column}", {names}) SELECT %s, {names} FROM {table} '
            f"WHERE id = (SELECT min(id) FROM {table})",
            value,
        )

    return insert


def replace_entry(fund: Fund) -> None:
    """Put another entry in the place of one, as INSERT OR REPLACE does where no guard stands."""
    if connection.vendor == "postgresql":
        run("""INSERT INTO audit_entry SELECT number, at, 'intruder', verb, subject, facts,
            seals, previous, hash FROM audit_entry WHERE number = 2
            ON CONFLICT (number) DO UPDATE SET "by" = EXCLUDED."by" """)
    else:
        run(
            "INSERT OR REPLACE INTO audit_entry SELECT number, at, 'intruder', verb, "
            "subject, facts, seals, previous, hash FROM audit_entry WHERE number = 2"
        )


def empty(table: str) -> Callable[[Fund], object]:
    """Take all rows of a table away at once."""
    word = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else "DELETE FROM {}"
    return lambda fund: run(word.format(table))


def cut_tail(fund: Fund, left: int) -> None:
    """Take the last entries away and let the head name the last that is left."""
    run("DELETE FROM audit_entry WHERE number > %s", left)
    last = run("SELECT hash FROM audit_entry WHERE number = %s", left)
    run("UPDATE audit_head SET number = %s, hash = %s", left, last[0][0] if last else "")


def unkeyed(fund: Fund, first: int) -> None:
    """Compute the chain anew from an entry on, as one can who has no key."""
    rows = run('SELECT number, at, "by", verb, subject, facts FROM audit_entry ORDER BY number')
    previous = (
        run("SELECT hash FROM audit_entry WHERE number = %s", first - 1)[0][0] if first > 1 else ""
    )
    for number, moment, by, verb, subject, facts in rows[first - 1 :]:
        content = json.loads(facts) if isinstance(facts, str) else facts
        when = (
            (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
            .astimezone(UTC)
            .isoformat(timespec="microseconds")
        )
        text = json.dumps(
            [number, when, by, verb, subject, content, previous], ensure_ascii=False, sort_keys=True
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        run(
            "UPDATE audit_entry SET previous = %s, hash = %s WHERE number = %s",
            previous,
            digest,
            number,
        )
        previous = digest
    run("UPDATE audit_head SET hash = %s", previous)
