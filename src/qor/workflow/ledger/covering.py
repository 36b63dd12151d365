"""What the ledger seals, marks and guards: each room of the money says it of its own tables.

A seal names the layout it was made by, so that a column which comes later leaves older seals as
they are: whoever adds one appends a layout to its room (a test asks for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models

from qor.workflow.guards import Fixed


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that a mark covers: the model, the column that names the marked row, what else must
    hold of a row (SQL over its columns; nothing)."""

    model: str
    owner: str = "id"
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """The tables of one room.

    `layouts`: the columns of each table that a seal or a mark covers, one layout after another, the
    row's number first. `sealed`: models whose rows are sealed as they come. `marked`: models whose
    rows change, each with the parts that its mark covers, its own row first. `settled_later`:
    columns that change after the row was written; what they come to stands in a mark. `changing`:
    what an update may not change, where it is not all columns. `once`: a column that is written
    once, later than its row. `keys`: the key of a table where it is not `id`.
    """

    app: str
    layouts: tuple[Mapping[str, str], ...]
    sealed: tuple[str, ...] = ()
    marked: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    settled_later: Mapping[str, frozenset[str]] = field(default_factory=dict)
    changing: Mapping[str, tuple[Fixed, ...]] = field(default_factory=dict)
    once: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


_ROOMS: dict[str, Covered] = {}


def register(covered: Covered) -> None:
    """Take in what a room says of its tables, once, when its app is ready."""
    _ROOMS[covered.app] = covered


def rooms() -> list[Covered]:
    """The rooms of the money, by name."""
    return [_ROOMS[app] for app in sorted(_ROOMS)]


def sealed_models() -> list[str]:
    """The names of the models whose rows are sealed as they come; marks, which an action writes
    last, stand last."""
    names = [name for room in rooms() for name in room.sealed]
    return sorted(names, key=lambda name: name == "mark")


def marked_models() -> list[str]:
    """The names of the models whose rows are marked after each change."""
    return [name for room in rooms() for name in room.marked]


def model_of(name: str) -> type[models.Model]:
    """The model of a name."""
    return apps.get_model(_room_of_model(name).app, name)


def table_of(name: str) -> str:
    """The table of a model."""
    return str(model_of(name)._meta.db_table)


def model_name(table: str) -> str:
    """The name of the model that has a table."""
    return table.removeprefix(f"{_room_of_table(table).app}_")


def parts_of(subject: str) -> tuple[Part, ...]:
    """What the mark of a model's row covers, the row itself first."""
    return _room_of_model(subject).marked[subject]


def newest(table: str) -> int:
    """The number of the layout by which a table's rows are sealed now."""
    return len(_room_of_table(table).layouts) - 1


def is_layout(table: str, layout: int) -> bool:
    """Whether a table has a layout of that number."""
    return 0 <= layout <= newest(table)


def columns_of(table: str, layout: int) -> tuple[str, ...]:
    """The columns of a table that stay as they were written, by a layout; the row's number
    first."""
    later = _room_of_table(table).settled_later.get(table, frozenset())
    return tuple(column for column in whole_of(table, layout) if column not in later)


def whole_of(table: str, layout: int) -> tuple[str, ...]:
    """All columns of a table by a layout, the row's number first."""
    return tuple(_room_of_table(table).layouts[layout][table].split())


def _room_of_table(table: str) -> Covered:
    return _ROOMS[table.partition("_")[0]]


def _room_of_model(name: str) -> Covered:
    for room in _ROOMS.values():
        if name in room.sealed or name in room.marked:
            return room
    raise LookupError(name)
