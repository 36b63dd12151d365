"""Guards of the database: rows that it refuses to delete, replace or empty, columns it keeps as
they were written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_POSTGRES_REFUSES = """CREATE OR REPLACE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql
    AS
    $$ BEGIN RAISE EXCEPTION 'guarded: {table}' USING ERRCODE = 'integrity_constraint_violation';
        END $$"""

_STANDING = """SELECT t.tgname, pg_get_triggerdef(t.oid), p.prosrc
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Columns that an update may not change where `when` holds of the row (SQL over OLD;
    always)."""

    columns: tuple[str, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """A table whose rows stay: nothing of them changes, or (`fixed`) only what is not named."""

    table: str
    fixed: tuple[Fixed, ...] = ()
    key: str = "id"

    def changes(self, vendor: str) -> str:
        """The condition over OLD and NEW under which an update is refused; empty: every update."""
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        conditions = []
        for each in self.fixed:
            changed = " OR ".join(f'OLD."{c}" {differs} NEW."{c}"' for c in each.columns)
            conditions.append(f"({each.when}) AND ({changed})" if each.when else f"({changed})")
        return " OR ".join(conditions)


def guard_names(guard: Guard, vendor: str) -> set[str]:
    """The triggers that keep a table on that database."""
    ways = ("stay", "fixed", "whole") if vendor == "postgresql" else ("stay", "fixed", "once")
    return {f"{guard.table}_{way}" for way in ways}


def guard_sql(guard: Guard, vendor: str) -> list[str]:
    """The statements that make a table's guards, anew where they stand already.

    SQLite loses the triggers of a table whose columns a migration changes: make them again then.
    """
    condition = guard.changes(vendor)
    if vendor == "postgresql":
        return _postgres(guard.table, condition)
    return _sqlite(guard.table, guard.key, condition)


def _postgres(table: str, condition: str) -> list[str]:
    when = f" WHEN ({condition})" if condition else ""
    triggers = {
        "stay": f"BEFORE DELETE ON {table} FOR EACH ROW",
        "fixed": f"BEFORE UPDATE ON {table} FOR EACH ROW{when}",
        "whole": f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
    }
    return [_POSTGRES_REFUSES.format(table=table)] + [
        statement
        for way, how in triggers.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {table}_{way} ON {table}",
            f"CREATE TRIGGER {table}_{way} {how} EXECUTE FUNCTION {table}_refuses()",
        )
    ]


def _sqlite(table: str, key: str, condition: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, 'guarded: {table}'); END"
    when = f" WHEN {condition}" if condition else ""
    triggers = {
        "stay": f"BEFORE DELETE ON {table}",
        "fixed": f"BEFORE UPDATE ON {table}{when}",
        "once": (
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
        ),
    }
    return [
        statement
        for way, how in triggers.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {table}_{way}",
            f"CREATE TRIGGER {table}_{way} {how} {refuse}",
        )
    ]


def triggers(vendor: str) -> str:
    """The query for the names of the triggers that stand and are switched on."""
    if vendor == "postgresql":
        return "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    return "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def missing_guards(guards: Sequence[Guard], vendor: str, cursor: Any) -> list[str]:
    """The triggers that should stand and do not, or are not what they should be: the whole
    definition counts, on PostgreSQL with the source of its function, not only the name."""
    wanted = set().union(*(guard_names(guard, vendor) for guard in guards))
    if vendor == "postgresql":
        return sorted(wanted - _whole_on_postgres(guards, cursor))
    return sorted(wanted - _whole_on_sqlite(guards, cursor))


def _whole_on_sqlite(guards: Sequence[Guard], cursor: Any) -> set[str]:
    """The triggers that stand and read, letter by letter, as `guard_sql` makes them."""
    statements = [each for guard in guards for each in guard_sql(guard, "sqlite")]
    wanted = {each.split()[2]: each for each in statements if each.startswith("CREATE TRIGGER")}
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name for name, definition in cursor.fetchall() if wanted.get(name) == definition}


def _whole_on_postgres(guards: Sequence[Guard], cursor: Any) -> set[str]:
    """The triggers that stand, are switched on and read as `guard_sql` makes them."""
    wanted = {
        name: definition for guard in guards for name, definition in _definitions(guard).items()
    }
    cursor.execute(_STANDING)
    return {
        name
        for name, definition, source in cursor.fetchall()
        if wanted.get(name) == (_plain(definition), _plain(source))
    }


def _definitions(guard: Guard) -> dict[str, tuple[str, str]]:
    """The plain text of each trigger of a table, and of its function's source."""
    function, *statements = guard_sql(guard, "postgresql")
    source = _plain(function.split("$$")[1])
    triggers = [each for each in statements if each.startswith("CREATE TRIGGER")]
    return {each.split()[2]: (_plain(each), source) for each in triggers}


def _plain(text: str) -> str:
    """A definition without what PostgreSQL adds when it writes it anew: casts of text, brackets,
    quotes, the table's schema."""
    return re.sub(r"::text|[\s()\"]", "", re.sub(r"\bon \w+\.", "on ", text.lower()))
