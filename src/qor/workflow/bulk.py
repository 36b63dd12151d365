"""Inserting many rows at once: by COPY on PostgreSQL, in bulk elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import JSONField, Model


def insert_many(new_rows: Sequence[Model], *, numbered: bool = False) -> None:
    """Insert rows of one model; `numbered`: each is told its number."""
    if not new_rows:
        return
    model = type(new_rows[0])
    if connections[DEFAULT_DB_ALIAS].vendor != "postgresql":
        models.QuerySet[Model](model).bulk_create(new_rows, batch_size=2000)
        return
    if numbered:
        _number(new_rows)
    fields = [field for field in model._meta.concrete_fields if numbered or not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connections[DEFAULT_DB_ALIAS].cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        cells = [(field.attname, _cell_of(field)) for field in fields]
        for row in new_rows:
            facts = vars(row)
            copy.write_row([cell(facts[name]) for name, cell in cells])


def _number(new_rows: Sequence[Model]) -> None:
    """Take as many numbers from the table's sequence at once."""
    table = type(new_rows[0])._meta
    query = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(query, [table.db_table, table.pk.column, len(new_rows)])
        for row, (number,) in zip(new_rows, cursor.fetchall(), strict=True):
            row.pk = number


def _cell_of(field: Any) -> Callable[[Any], Any]:
    """How a value of the field is handed to COPY."""
    return (
        json.JSONEncoder(ensure_ascii=False).encode
        if isinstance(field, JSONField)
        else field.get_prep_value
    )
