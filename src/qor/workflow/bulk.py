"""Inserting many rows at once: by COPY on PostgreSQL, in bulk elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import JSONField, Model


def insert_many(made: Sequence[Model]) -> None:
    """Insert rows of one model without asking for their numbers."""
    if not made:
        return
    model = type(made[0])
    if connections[DEFAULT_DB_ALIAS].vendor != "postgresql":
        model._default_manager.bulk_create(made, batch_size=2000)
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connections[DEFAULT_DB_ALIAS].cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in made:
            copy.write_row([_cell(field, getattr(row, field.attname)) for field in fields])


def _cell(field: Any, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(field, JSONField) else field.get_prep_value(value)
