"""The money's tables in DuckDB under their own names, sums in tiyn: sealed ones from the lines that
were read already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import models

from qor.engine.storage.duck import Connection, connect, literal, pattern_free
from qor.workflow.accounts.models import Organisation
from qor.workflow.ledger.covering import columns_of, model_of, newest, whole_of
from qor.workflow.ledger.plain import plain_lines

MEMORY = "4GB"
# Tables whose rows never change are taken as `read_sealed` left them, the rest is read now.
SEALED = ("posting", "actline", "deduction", "debttaken", "advance", "advancekept", "contractsum")
_CHANGING = ("act", "heldservice", "othersum", "debt", "order", "closing")
_NOT_PROVED = {"at", "statement", "entry", "by"}


@contextmanager
def copied(folder: Path) -> Iterator[Connection]:
    """A connection over a copy of the money; `folder` holds the lines of the sealed tables."""
    with connect(folder, MEMORY) as connection:
        for name in SEALED:
            model = model_of(name)
            table = model._meta.db_table
            columns = columns_of(table, newest(table))
            _load(connection, folder / f"{name}.txt", model, columns)
        for name in _CHANGING:
            model = model_of(name)
            table = model._meta.db_table
            _copy(connection, folder, model, whole_of(table, newest(table)))
        _copy(connection, folder, Organisation, ("id", "bin"))
        yield connection


def _copy(
    connection: Connection, folder: Path, model: type[models.Model], columns: Sequence[str]
) -> None:
    path = folder / f"{model._meta.db_table}.now.txt"
    with path.open("wb") as file:
        file.writelines(plain_lines(model, columns))
    _load(connection, path, model, columns)


def _load(
    connection: Connection, path: Path, model: type[models.Model], columns: Sequence[str]
) -> None:
    fields = {field.column: field for field in model._meta.concrete_fields}
    kinds = ", ".join(f"{literal(c)}: {literal(_kind(fields[c]))}" for c in columns)
    chosen = ", ".join(f'"{c}"' for c in columns if c not in _NOT_PROVED)
    connection.execute(
        f"CREATE TABLE {model._meta.db_table} AS SELECT {chosen} FROM "
        f"read_csv({pattern_free(path)},"
        f" delim = '\t', header = false, quote = '', escape = '', nullstr = '\\N',"
        f" auto_detect = false, columns = {{{kinds}}})"
    )


def _kind(field: models.Field) -> str:  # type: ignore[type-arg]
    numbers = (models.IntegerField, models.ForeignKey, models.BooleanField)
    return "BIGINT" if isinstance(field, numbers) else "VARCHAR"
