"""Tables that only grow: the database itself refuses to change or delete their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_POSTGRES = """
    CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'append-only: {table}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
    DROP TRIGGER IF EXISTS {table}_append_only ON {table};
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
"""
_SQLITE = "CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"


def append_only(table: str) -> Callable[[Any, Any], None]:
    """A migration's step that makes a table append-only, on SQLite and on PostgreSQL; again after each change of its columns (SQLite makes it anew)."""

    def make(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRES.format(table=table))
        else:
            for verb in ("update", "delete"):
                editor.execute(_SQLITE.format(table=table, verb=verb))

    return make
