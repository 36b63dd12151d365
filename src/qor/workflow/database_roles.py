"""Two roles on PostgreSQL: one owns the tables and is used to change their shape, the other is the
portal's and owns nothing.

Who owns a table can switch its triggers off and empty it; who does not, cannot.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from qor.law.nouns.refusals import BadValue, Refusal
from qor.workflow.append_only import GROWING

_NAME_LENGTH = 63
_OWNED = """SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()
    AND tablename LIKE ANY (ARRAY['audit_%', 'ledger_%', 'acts_%', 'treasury_%', 'disputes_%'])
    AND (pg_has_role(current_user, tableowner, 'USAGE') OR (SELECT rolsuper FROM pg_roles
        WHERE rolname = current_user))"""
_TABLES = (
    "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = "
    "'audit_entry'"
)


class TablesAreOlder(Refusal):
    """The portal's role may not change tables, and they are older than this program."""

    key = "tables_are_older"


def owns_tables() -> bool:
    """Whether the role of this connection owns tables, or may do anything; False on SQLite, which
    knows no roles."""
    return connection.vendor == "postgresql" and bool(_count(_OWNED))


def may_not_migrate() -> bool:
    """Whether the tables are there and belong to another role: they are changed in shape by that
    one alone. TablesAreOlder if they need it."""
    if connection.vendor != "postgresql" or not _count(_TABLES) or owns_tables():
        return False
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise TablesAreOlder()
    return True


def grant_statements(owner: str, app: str) -> list[str]:
    """SQL that makes both roles and gives them what they need: to be run by a superuser after the
    tables were made, and after each upgrade.

    `app` reads and writes, but changes and deletes nothing in tables that only grow, and empties
    none. BadValue for a name that is none.
    """
    if connection.vendor != "postgresql":
        raise BadValue(field="database", value=connection.vendor)
    for name in (owner, app):
        if not name.isidentifier() or len(name) > _NAME_LENGTH or owner == app:
            raise BadValue(field="role", value=name)
    tables = sorted(connection.introspection.table_names())
    growing = [table for table in GROWING if table in tables]
    statements = [_make(owner), _make(app)]
    statements += [f"ALTER TABLE {_quoted(table)} OWNER TO {_quoted(owner)}" for table in tables]
    statements += [
        f"ALTER FUNCTION {_quoted(f'{table}_is_append_only')}() OWNER TO {_quoted(owner)}"
        for table in growing
    ]
    both = f"{_quoted(app)}"
    statements += [
        f"ALTER SCHEMA public OWNER TO {_quoted(owner)}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {both}",
        f"GRANT USAGE ON SCHEMA public TO {both}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {both}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {both}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {both}",
        *(f"REVOKE UPDATE, DELETE ON {_quoted(table)} FROM {both}" for table in growing),
        f"REVOKE INSERT, DELETE ON audit_head FROM {both}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {_quoted(owner)} IN SCHEMA public GRANT "
        f"SELECT, INSERT, UPDATE, DELETE ON TABLES TO {both}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {_quoted(owner)} IN SCHEMA public GRANT "
        f"USAGE, SELECT ON SEQUENCES TO {both}",
    ]
    return statements


def grant(owner: str, app: str) -> int:
    """Run `grant_statements`; how many there were."""
    statements = grant_statements(owner, app)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return len(statements)


def _make(role: str) -> str:
    literal = role.replace("'", "''")
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{literal}') "
        f"THEN CREATE ROLE {_quoted(role)} LOGIN; END IF; END $$"
    )


def _quoted(name: str) -> str:
    return str(sql.Identifier(name).as_string(None))


def _count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        counted: Any = cursor.fetchone()
        return int(counted[0])
