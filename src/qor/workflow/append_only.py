"""Tables that only grow: the database itself refuses to change, delete, replace or empty their
rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

GROWING = (
    "audit_entry",
    "audit_sealedbatch",
    "disputes_step",
    "disputes_attachment",
    "ledger_posting",
    "acts_actline",
    "acts_actstep",
    "acts_deduction",
    "acts_debttaken",
    "acts_advancekept",
    "acts_contractsum",
    "treasury_bankfile",
)
_BODY = (
    " BEGIN RAISE EXCEPTION 'append-only: {table}' USING ERRCODE = "
    "'integrity_constraint_violation'; END "
)
_POSTGRES = (
    """
    CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$"""
    + _BODY
    + """$$;
    DROP TRIGGER IF EXISTS {table}_append_only ON {table};
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE
        ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
    DROP TRIGGER IF EXISTS {table}_not_emptied ON {table};
    CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE
        ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only();
"""
)
_ROW_BEFORE_CHANGE, _BEFORE_TRUNCATE = 1 + 2 + 8 + 16, 2 + 32  # bits of pg_trigger.tgtype
_STANDING = """SELECT t.tgname, t.tgtype, p.prosrc
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = to_regclass(%s) AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
    AND t.tgqual IS NULL AND t.tgattr::text = ''"""
_SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, "
    "'append-only: {table}'); END"
)
_NO_REPLACE = """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {same}
    BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"""


def append_only(table: str) -> Callable[[Any, Any], None]:
    """A migration's step that makes a table append-only, on SQLite and on PostgreSQL; done again,
    it changes nothing."""

    def make(apps: Any, editor: Any) -> None:
        make_append_only(editor.connection, table)

    return make


def make_append_only(connection: Any, table: str) -> None:
    """Make the triggers of a table as they must be."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES.format(table=table))
            return
        for name, text in _sqlite_triggers(cursor, table).items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(text)


def unguarded(connection: Any) -> list[str]:
    """The tables that exist and whose triggers are missing, switched off or not what they must
    be."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        return [
            table
            for table in GROWING
            if table in present and not _is_guarded(connection, cursor, table)
        ]


def guard_all(connection: Any) -> None:
    """Make the triggers of every table of GROWING that lacks any: also those that a rebuilding of a
    table took away."""
    for table in unguarded(connection):
        make_append_only(connection, table)


def _is_guarded(connection: Any, cursor: Any, table: str) -> bool:
    if connection.vendor == "postgresql":
        cursor.execute(_STANDING, [table])
        body = _BODY.format(table=table).strip()
        standing = {(name, kind) for name, kind, text in cursor.fetchall() if text.strip() == body}
        return {
            (f"{table}_append_only", _ROW_BEFORE_CHANGE),
            (f"{table}_not_emptied", _BEFORE_TRUNCATE),
        } <= standing
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
    )
    standing_texts = dict(cursor.fetchall())
    return all(
        standing_texts.get(name) == text for name, text in _sqlite_triggers(cursor, table).items()
    )


def _sqlite_triggers(cursor: Any, table: str) -> dict[str, str]:
    """The triggers of a table on SQLite: INSERT OR REPLACE deletes without asking the trigger of
    deletions, so it has one of its own."""
    triggers = {
        f"{table}_no_{verb}": _SQLITE.format(table=table, verb=verb)
        for verb in ("update", "delete")
    }
    cursor.execute(f"PRAGMA table_info({table})")
    keys = [[row[1] for row in sorted(cursor.fetchall(), key=lambda row: row[5]) if row[5]]]
    cursor.execute(f"PRAGMA index_list({table})")
    for name in sorted(row[1] for row in cursor.fetchall() if row[2] and not row[4]):
        cursor.execute(f"PRAGMA index_info({name})")
        keys.append([row[2] for row in cursor.fetchall()])
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE "
        f"{' AND '.join(f'{column} = NEW.{column}' for column in key)})"
        for key in keys
        if key
    )
    triggers[f"{table}_no_replace"] = _NO_REPLACE.format(table=table, same=same)
    return triggers
