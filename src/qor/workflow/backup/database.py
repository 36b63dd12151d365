"""The database in a backup: SQLite as one file, PostgreSQL as the rows of each table; both of one
moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from qor.workflow.accounts.refusals import NotAnAccount
from qor.workflow.audit.key import database_file
from qor.workflow.backup.manifest import DATABASE, BackupOfAnotherKind, BackupPlaceUsed, copy_file

_FILE = "qor.sqlite3"
_USERS = "accounts_user"


class Snapshot:
    """The database as it stands at one moment, while others go on writing: what a backup reads."""

    def rows(self, query: str) -> list[Any]:
        """The rows of a query."""
        raise NotImplementedError

    def write(self, folder: Path) -> dict[str, Any]:
        """Write the database into a folder; what there is to say of its tables."""
        raise NotImplementedError


class _OfPostgres(Snapshot):
    def __init__(self, server: psycopg.Connection[Any]) -> None:
        self.server = server

    def rows(self, query: str) -> list[Any]:
        return self.server.execute(query).fetchall()

    def write(self, folder: Path) -> dict[str, Any]:
        folder.mkdir(mode=0o700)
        columns_of = {}
        for table in _tables(self.server):
            columns = _columns(self.server, table)
            listed = sql.SQL(", ").join(map(sql.Identifier, columns))
            query = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), listed)
            with (
                (folder / f"{table}.copy").open("xb") as file,
                self.server.cursor().copy(query) as rows,
            ):
                for block in rows:
                    file.write(block)
            (folder / f"{table}.copy").chmod(0o600)
            columns_of[table] = columns
        return columns_of


class _OfSqlite(Snapshot):
    def __init__(self, copy: sqlite3.Connection, path: Path) -> None:
        self.copy, self.path = copy, path

    def rows(self, query: str) -> list[Any]:
        return self.copy.execute(query).fetchall()

    def write(self, folder: Path) -> dict[str, Any]:
        return {}


@contextmanager
def snapshot(folder: Path) -> Iterator[Snapshot]:
    """The database at this moment. On SQLite it is copied into `folder` at once, while the caller's
    transaction lets nobody write."""
    if connection.vendor == "postgresql":
        server = psycopg.connect(**connection.get_connection_params())
        try:
            server.isolation_level, server.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
            server.execute("SELECT number FROM audit_head").fetchall()
            yield _OfPostgres(server)
        finally:
            server.close()
        return
    place = folder / _FILE
    folder.mkdir(mode=0o700, parents=True)
    source = sqlite3.connect(str(connection.settings_dict["NAME"]), uri=True)
    try:
        source.execute("VACUUM INTO ?", [str(place)])
    finally:
        source.close()
    place.chmod(0o600)
    copy = sqlite3.connect(place)
    try:
        yield _OfSqlite(copy, place)
    finally:
        copy.close()


def known_migrations() -> list[str]:
    """The changes of tables that this version of the program knows."""
    loader = MigrationLoader(None)
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations)


def check_administrator(folder: Path, tables: dict[str, list[str]], name: str) -> None:
    """NotAnAccount unless the backup's database has an active administrator of that name."""
    if connection.vendor == "postgresql":
        columns = tables[_USERS]
        text = (folder / f"{_USERS}.copy").read_text("utf-8")
        rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in text.splitlines()]
        names = {
            row["username"]
            for row in rows
            if (row["role"], row["is_active"]) == ("administrator", "t")
        }
    else:
        place = (folder / _FILE).resolve().as_uri()
        with closing(sqlite3.connect(f"{place}?mode=ro", uri=True)) as copy:
            query = f"SELECT username FROM {_USERS} WHERE role = 'administrator' AND is_active"
            names = {row[0] for row in copy.execute(query)}
    if name not in names:
        raise NotAnAccount(name=name)


def refuse_used_database() -> None:
    """The database to restore to must be new: no file on SQLite, no table on PostgreSQL.
    BackupPlaceUsed."""
    if connection.vendor == "postgresql":
        if connection.introspection.table_names():
            raise BackupPlaceUsed(what=DATABASE)
        return
    place = database_file()
    if place is None or place.exists():
        raise BackupPlaceUsed(what=DATABASE)


def load(folder: Path, tables: dict[str, list[str]]) -> None:
    """Give the database back from a backup's folder. BackupOfAnotherKind where its tables are not
    those of this program."""
    if connection.vendor == "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        _load_rows(folder, tables)
        return
    place = database_file()
    if place is None:
        raise BackupOfAnotherKind(what="SQLite")
    draft = place.with_name(place.name + ".restoring")
    draft.unlink(missing_ok=True)
    copy_file(folder / _FILE, draft)
    draft.replace(place)


def _load_rows(folder: Path, tables: dict[str, list[str]]) -> None:
    """Fill the tables in one transaction: what the migrations put in goes, the guards rest while it
    lasts."""
    with connection.cursor() as cursor:
        present = sorted(connection.introspection.table_names(cursor))
    if sorted(tables) != present:
        raise BackupOfAnotherKind(what=", ".join(sorted(set(tables) ^ set(present))))
    with transaction.atomic(), connection.cursor() as cursor:
        names = [sql.Identifier(table) for table in present]
        for name in names:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
        for table in present:
            listed = sql.SQL(", ").join(map(sql.Identifier, tables[table]))
            query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), listed)
            with (folder / f"{table}.copy").open("rb") as file, cursor.copy(query) as rows:
                while block := file.read(1 << 20):
                    rows.write(block)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))
        for statement in connection.ops.sequence_reset_sql(
            no_style(), list(apps.get_models(include_auto_created=True))
        ):
            cursor.execute(statement)
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('django_migrations', 'id'), max(id)) "
            "FROM django_migrations"
        )


def _tables(server: psycopg.Connection[Any]) -> list[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    return [row[0] for row in server.execute(query).fetchall()]


def _columns(server: psycopg.Connection[Any], table: str) -> list[str]:
    query = """SELECT column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'
            ORDER BY ordinal_position"""
    return [row[0] for row in server.execute(query, [table]).fetchall()]
