"""The rows whose sha256 the journal holds, and which of them the transaction at hand has changed.

A change of such a row by `save`, `create`, `delete`, `update` or `bulk_create` is noticed here;
`record` takes the sha256 of each changed row into the entry that it writes, with the sha256 that
the row had before. What a transaction that was rolled back had changed is forgotten with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save, pre_save

from qor.workflow.fields import MoneyField

# What is sealed, and the columns that are not: who signs in changes those.
SEALED: dict[str, frozenset[str]] = {
    "accounts.Organisation": frozenset(),
    "accounts.User": frozenset({"last_login"}),
    "accounts.Token": frozenset(),
    "accounts.Absence": frozenset(),
    "accounts.AccountRequest": frozenset(),
    "disputes.Case": frozenset(),
    "disputes.Step": frozenset(),
    "disputes.Attachment": frozenset(),
    "disputes.DocumentRequest": frozenset(),
    "disputes.Outage": frozenset(),
    "mfa.Authenticator": frozenset({"last_used_at"}),
    "treasury.Order": frozenset(),
    "treasury.BankFile": frozenset(),
}
GONE = ""
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})  # most values are one of these
_WRITTEN = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True
).encode  # made once: millions of rows are sealed
_BATCH = 2000
_LATE: list[Callable[[Touched], None]] = []
Plain = Callable[[Any], Any]
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a sealed model: how its value is written down, and the value that need not be."""

    name: str
    plain: Plain
    usual: Any


@dataclass(slots=True)
class Touched:
    """Rows of one model that a transaction changed: their sha256 before (None where that is not
    known, as of new rows)."""

    model: type[models.Model]
    before: dict[int, str | None]
    recorded: bool = False
    late: bool = False

    def __call__(self) -> None:
        """At the end of the transaction: a change that no entry told of is entered by itself, if
        anybody can say when it was."""
        if self.recorded or self.late:
            return
        for enter in _LATE:
            enter(self)


class SealedQuerySet(models.QuerySet[Row]):
    """A query set that notices what it changes."""

    def update(self, **facts: Any) -> int:
        """Change rows, and remember which they were."""
        if is_sealed(self.model, facts):
            before = dict(digests(self.model, self.order_by().values_list("pk", flat=True)))
            note_change(self.model, dict(before))
        return int(super().update(**facts))

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Row], *args: Any, **facts: Any) -> list[Row]:
        """Insert rows, and remember them."""
        inserted = super().bulk_create(objs, *args, **facts)
        note_change(self.model, {each.pk: None for each in inserted if each.pk is not None})
        return inserted

    bulk_create.alters_data = True  # type: ignore[attr-defined]


def enter_late_with(enter: Callable[[Touched], None]) -> None:
    """Say who enters changes whose transaction ended without an entry: a floor that knows the
    time."""
    if enter not in _LATE:
        _LATE.append(enter)


def watch() -> None:
    """Begin to notice changes: once, when the program starts."""
    for label in SEALED:
        model = apps.get_model(label)
        pre_save.connect(_before_save, sender=model, dispatch_uid=f"seal {label}")
        post_save.connect(_after_save, sender=model, dispatch_uid=f"seal {label}")
        post_delete.connect(_after_delete, sender=model, dispatch_uid=f"seal {label}")


def sealed_models() -> list[type[models.Model]]:
    """The models whose rows are sealed."""
    return [apps.get_model(label) for label in SEALED]


def is_sealed(model: type[models.Model], columns: Iterable[str]) -> bool:
    """Whether any of these columns of the model is sealed."""
    return bool(set(columns) - SEALED[model._meta.label])


def row_name(model: type[models.Model], pk: int) -> str:
    """How a row is called in the journal: case:12."""
    return f"{model._meta.model_name}:{pk}"


def digests(
    model: type[models.Model], pks: Iterable[int] | None = None
) -> Iterator[tuple[int, str]]:
    """The number and the sha256 of rows as the database holds them now: all, or those of these
    numbers."""
    columns = [column.name for column in _columns(model)]
    rows = model._base_manager.order_by("pk")
    if pks is None:
        yield from (
            (row[0], _digest(model, row[0], row[1:]))
            for row in rows.values_list("pk", *columns).iterator()
        )
        return
    wanted = sorted(set(pks))
    if len(wanted) == 1:
        yield from ((row[0], _digest(model, row[0], row[1:])) for row in _one_row(model, wanted[0]))
        return
    for start in range(0, len(wanted), _BATCH):
        some = rows.filter(pk__in=wanted[start : start + _BATCH])
        yield from (
            (row[0], _digest(model, row[0], row[1:])) for row in some.values_list("pk", *columns)
        )


def _one_row(model: type[models.Model], pk: int) -> list[Any]:
    """A row's number and sealed values, none if it is gone: the query is made once a model, as
    every change asks it twice."""
    using = transaction.get_connection()
    statement, converters = _query_of_one(model, using.alias)
    with using.cursor() as cursor:
        cursor.execute(statement, [pk])
        rows: list[Any] = cursor.fetchall()
    for at, (functions, expression) in converters.items():
        for convert in functions:
            rows = [
                (*row[:at], convert(row[at], expression, using), *row[at + 1 :]) for row in rows
            ]
    return rows


@cache
def _query_of_one(
    model: type[models.Model], alias: str
) -> tuple[str, dict[int, tuple[list[Any], Any]]]:
    """The statement that reads one row by its number, and what turns the database's values into
    ours, by column."""
    rows = (
        model._base_manager.filter(pk=0)
        .order_by()
        .values_list("pk", *(column.name for column in _columns(model)))
    )
    compiler = rows.query.get_compiler(alias)
    statement, _ = compiler.as_sql()
    return statement, compiler.get_converters([column[0] for column in compiler.select])


def digest_of(row: models.Model) -> str:
    """The sha256 of a row about to be inserted, whose number is known."""
    model = type(row)
    return _digest(model, row.pk, [getattr(row, column.name) for column in _columns(model)])


def note_change(
    model: type[models.Model], before: dict[int, str | None], *, late: bool = False
) -> None:
    """Remember rows that the transaction at hand changes, with their sha256 before it; `late`: it
    was an earlier one that did."""
    if before:
        transaction.on_commit(Touched(model, before, late=late))


def take_touched() -> tuple[dict[str, list[str | None]], list[Touched]]:
    """What the transaction at hand changed and no entry told of yet: (row -> [sha256 before, sha256
    now]), and the marks to be set by `recorded`."""
    waiting = [
        step[1]
        for step in transaction.get_connection().run_on_commit
        if isinstance(step[1], Touched) and not step[1].recorded
    ]
    before: dict[type[models.Model], dict[int, str | None]] = {}
    for touched in waiting:
        for pk, digest in touched.before.items():
            before.setdefault(touched.model, {}).setdefault(pk, digest)
    changes: dict[str, list[str | None]] = {}
    for model, rows in before.items():
        now = dict(digests(model, rows))
        changes |= {
            row_name(model, pk): [was, now.get(pk, GONE)]
            for pk, was in rows.items()
            if was or pk in now
        }
    return changes, waiting


def _before_save(
    sender: type[models.Model], instance: Any, update_fields: Any, raw: bool = False, **_: Any
) -> None:
    instance._sealed_before = None
    if (
        raw
        or instance.pk is None
        or (update_fields is not None and not is_sealed(sender, update_fields))
    ):
        return
    if not instance._state.adding:
        instance._sealed_before = dict(digests(sender, [instance.pk])).get(instance.pk)


def _after_save(sender: type[models.Model], instance: Any, update_fields: Any, **_: Any) -> None:
    if update_fields is None or is_sealed(sender, update_fields):
        note_change(sender, {instance.pk: instance._sealed_before})


def _after_delete(sender: type[models.Model], instance: Any, **_: Any) -> None:
    note_change(sender, {instance.pk: digest_of(instance)})


@cache
def _columns(model: type[models.Model]) -> tuple[_Column, ...]:
    """The columns that are sealed, by name; a value that a new column has by itself is left out, so
    that rows of before keep their sha256."""
    aside = SEALED[model._meta.label]
    fields = [f for f in model._meta.concrete_fields if not f.primary_key and f.name not in aside]
    columns = []
    for field in sorted(fields, key=lambda field: field.attname):
        plain = _money if isinstance(field, MoneyField) else _plain
        usual = field.get_default()
        columns.append(_Column(field.attname, plain, plain(usual)))
    return tuple(columns)


def _digest(model: type[models.Model], pk: int, values: Sequence[Any]) -> str:
    parts = [model._meta.model_name, pk]
    for column, value in zip(_columns(model), values, strict=True):
        written = column.plain(value)
        if written != column.usual or type(written) is not type(column.usual):
            parts += [column.name, written]
    return hashlib.sha256(_WRITTEN(parts).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return str(value) if isinstance(value, models.Choices) else value


def _money(value: Any) -> Any:
    return None if value is None else format(Decimal(value).normalize(), "f")
