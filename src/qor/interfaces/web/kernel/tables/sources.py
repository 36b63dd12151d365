"""Where the rows of a list come from: the database, which narrows, sorts and cuts; or rows that the
engine has reckoned already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import F, QuerySet, Sum

from qor.interfaces.web.kernel.tables.address import CONTAINS, FROM, IS, TO, Asked, Condition
from qor.interfaces.web.kernel.tables.declared import Column, Kind, Table
from qor.law.rules.civil_time import civil_day, civil_time

_CHUNK = 2000


class Source(Protocol):
    """Rows that can be narrowed, counted, summed and read a page at a time."""

    def count(self) -> int:
        """How many rows the filters leave."""
        ...

    def page(self, start: int, size: int) -> Sequence[Any]:
        """Some rows in their order."""
        ...

    def place(self, key: Any) -> int:
        """Where a row stands, counted from zero; the first place for one that is not there."""
        ...

    def all(self) -> Iterable[Any]:
        """All rows in their order, one after another."""
        ...

    def sums(self, columns: Sequence[Column]) -> dict[str, Any]:
        """The sum of columns over what the filters leave."""
        ...

    def occurring(self, column: Column) -> list[Any]:
        """The values that a column has in the whole list, in their order."""
        ...


Rows = QuerySet[Any] | Sequence[Any]


def source_of(rows: Rows, asked: Asked, language: str) -> Source:
    """The rows of a list as an address asks for them."""
    if isinstance(rows, QuerySet):
        return InDatabase(rows, asked, language)
    return InMemory(rows, asked, language)


class InDatabase:
    """Rows of a query: WHERE, ORDER BY with a unique last column, LIMIT and OFFSET."""

    def __init__(self, rows: QuerySet[Any], asked: Asked, language: str) -> None:
        self._whole, self._language = rows, language
        for narrowing, (_, value) in zip(asked.table.narrowings, asked.narrowed, strict=True):
            rows = narrowing.leaves(rows, value)
        for condition in asked.conditions:
            rows = rows.filter(**_lookup(condition, language))
        self._rows = rows.order_by(*self._order(asked), asked.table.key)

    def _order(self, asked: Asked) -> tuple[Any, ...]:
        if asked.sort is None:
            return asked.table.order
        field = F(asked.sort.path(self._language))
        return (field.desc(nulls_last=True) if asked.falling else field.asc(nulls_last=True),)

    def count(self) -> int:
        """How many rows the filters leave."""
        return self._rows.count()

    def page(self, start: int, size: int) -> Sequence[Any]:
        """Some rows in their order."""
        return list(self._rows[start : start + size])

    def place(self, key: Any) -> int:
        """Where a row stands, counted from zero; the first place for one that is not there."""
        keys = self._rows.values_list("pk", flat=True).iterator(chunk_size=_CHUNK)
        return next((place for place, each in enumerate(keys) if each == key), 0)

    def all(self) -> Iterable[Any]:
        """All rows in their order, read piece by piece."""
        return self._rows.iterator(chunk_size=_CHUNK)

    def sums(self, columns: Sequence[Column]) -> dict[str, Any]:
        """The sum of columns over what the filters leave."""
        if not columns:
            return {}
        wanted = {f"sum_{c.name}": Sum(c.path(self._language)) for c in columns}
        totals = self._rows.order_by().aggregate(**wanted)
        return {c.name: totals[f"sum_{c.name}"] or _zero(c) for c in columns}

    def occurring(self, column: Column) -> list[Any]:
        """The values that a column has in the whole list, in their order."""
        path = column.path(self._language)
        values = self._whole.order_by(path).values_list(path, flat=True).distinct()
        return [value for value in values if value not in {None, ""}]


class InMemory:
    """Rows that are reckoned already: a page's own few, or a provider's part of the lake."""

    def __init__(self, rows: Sequence[Any], asked: Asked, language: str) -> None:
        self._whole, self._language = rows, language
        for narrowing, (_, value) in zip(asked.table.narrowings, asked.narrowed, strict=True):
            rows = narrowing.leaves(rows, value)
        for condition in asked.conditions:
            rows = [row for row in rows if self._fits(row, condition)]
        self._rows = self._sorted(rows, asked)

    def _fits(self, row: Any, condition: Condition) -> bool:
        value = condition.column.read(row, self._language)
        if value is None:
            return False
        if condition.column.kind is Kind.MOMENT:
            value = civil_day(value)
        return _FITS[condition.way](value, condition.value)

    def _sorted(self, rows: Sequence[Any], asked: Asked) -> Sequence[Any]:
        """In the order asked for, none last; equal ones stay in the order they came in."""
        if asked.sort is None:
            return rows
        column, language = asked.sort, self._language
        read = [(column.read(row, language), row) for row in rows]
        there = [pair for pair in read if pair[0] is not None]
        there.sort(key=lambda pair: pair[0], reverse=asked.falling)
        return [row for _, row in there] + [row for value, row in read if value is None]

    def count(self) -> int:
        """How many rows the filters leave."""
        return len(self._rows)

    def page(self, start: int, size: int) -> Sequence[Any]:
        """Some rows in their order."""
        return self._rows[start : start + size]

    def place(self, key: Any) -> int:
        """The first place: rows that are reckoned have no key."""
        return 0

    def all(self) -> Iterable[Any]:
        """All rows in their order."""
        return self._rows

    def sums(self, columns: Sequence[Column]) -> dict[str, Any]:
        """The sum of columns over what the filters leave."""
        return {
            c.name: sum((c.read(row, self._language) or _zero(c) for row in self._rows), _zero(c))
            for c in columns
        }

    def occurring(self, column: Column) -> list[Any]:
        """The values that a column has in the whole list, in their order."""
        values = {column.read(row, self._language) for row in self._whole}
        return sorted(value for value in values if value not in {None, ""})


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with its rows for one reader; `beside` adds to a row of the screen what its cells'
    templates ask for; columns that the reader has no use for are left out (`without`)."""

    table: Table
    rows: Rows
    beside: Callable[[Any], Any] | None = None
    without: frozenset[str] = frozenset()


def _lookup(condition: Condition, language: str) -> dict[str, Any]:
    """A condition as the database's lookup; days of a moment are civil days."""
    path, value = condition.column.path(language), condition.value
    if condition.column.kind is Kind.MOMENT and isinstance(value, date):
        last = condition.way == TO
        return {f"{path}__{'lt' if last else 'gte'}": _begins(value + timedelta(days=last))}
    return {f"{path}__{_LOOKUPS[condition.way]}": value}


def _begins(day: date) -> datetime:
    """The moment at which a civil day begins."""
    offset = civil_time(datetime.combine(day, time(12), UTC)).utcoffset()
    return datetime.combine(day, time.min, timezone(offset or timedelta()))


def _zero(column: Column) -> Any:
    return Decimal(0) if column.kind is Kind.MONEY else 0


_LOOKUPS = {CONTAINS: "icontains", IS: "exact", FROM: "gte", TO: "lte"}
_FITS: dict[str, Callable[[Any, Any], bool]] = {
    CONTAINS: lambda value, wanted: wanted.casefold() in str(value).casefold(),
    IS: lambda value, wanted: str(value) == wanted,
    FROM: lambda value, wanted: bool(value >= wanted),
    TO: lambda value, wanted: bool(value <= wanted),
}
