"""What an address asks of a list: order, filters, columns, page; and the address that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from qor.interfaces.typed_days import a_day
from qor.interfaces.web.kernel.tables.declared import RANGED, RESERVED, Column, Kind, Table
from qor.law.nouns.money import tenge
from qor.law.nouns.refusals import BadValue, Refusal

_LONGEST_TEXT, _LONGEST_NUMBER = 100, 18
_EXACT = frozenset({Kind.ENUMERATION, Kind.ORDINAL})
_FIRST_YEAR, _LAST_YEAR = 1900, 2999  # a moment beyond them has no place in a database
CONTAINS, IS, FROM, TO = "contains", "is", "from", "to"


class UnknownInList(Refusal):
    """The address asks for a column, an order, a filter or a page that the list does not have."""

    key = "unknown_in_list"


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter of a column: what its value contains, is, begins with or ends at."""

    column: Column
    way: str
    value: str | int | Decimal | date


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a list; `query` is the address's own text, of all lists of a page."""

    table: Table
    query: QueryDict
    sort: Column | None
    falling: bool
    columns: tuple[Column, ...]
    conditions: tuple[Condition, ...]
    narrowed: tuple[tuple[str, str], ...]
    page: int

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return bool(self.conditions) or any(value for _, value in self.narrowed)

    def text(self, name: str) -> str:
        """What the address gives for a name of this list."""
        return self.query.get(self.table.prefix + name, "")

    def address(self, **changes: str) -> str:
        """The address with some names changed; an empty one is left out. Another order or filter
        begins at the first page."""
        query = self.query.copy()
        for name, value in ({"page": "", "view": "", "as": ""} | changes).items():
            key = self.table.prefix + name
            query.pop(key, None)
            if value:
                query[key] = value
        return f"{self.base}?{query.urlencode()}"

    @property
    def base(self) -> str:
        """Where the list stands; empty for the address that shows it."""
        return reverse(self.table.page) if self.table.page else ""

    def own(self) -> str:
        """Order, filters and columns of this list alone, as a saved view keeps them: in the order
        of their names, nothing empty."""
        query = QueryDict(mutable=True)
        for name in sorted(parameters(self.table) - {"page", "view", "as"}):
            values = [v for v in self.query.getlist(self.table.prefix + name) if v]
            if values:
                query.setlist(name, values)
        return query.urlencode()


def parameters(table: Table) -> set[str]:
    """The names that an address may give for a list, without its prefix."""
    names = set(RESERVED) | {each.name for each in table.narrowings}
    for column in table.columns:
        names |= {name for name, _ in filter_names(column)}
    return names


def filter_names(column: Column) -> Iterator[tuple[str, str]]:
    """The parameters that narrow a column, and the way of each."""
    if not column.filterable or column.kind is Kind.ACTION:
        return
    if column.kind in RANGED:
        yield f"{column.name}_from", FROM
        yield f"{column.name}_to", TO
    else:
        yield column.name, IS if column.exact or column.kind in _EXACT else CONTAINS


def read(table: Table, query: QueryDict) -> Asked:
    """What an address asks of a list. UnknownInList for a name it does not have; BadValue for a
    value that cannot be read."""
    _check_names(table, query)
    sort, falling = _sort(table, query.get(f"{table.prefix}sort", ""))
    return Asked(
        table,
        query,
        sort,
        falling,
        _columns(table, query.getlist(f"{table.prefix}columns")),
        tuple(_conditions(table, query)),
        tuple(_narrowed(table, query)),
        _page(table, query.get(f"{table.prefix}page", "1")),
    )


def _check_names(table: Table, query: QueryDict) -> None:
    known = {table.prefix + name for name in parameters(table)} | set(table.keeps)
    for name in query:
        own = name.startswith(table.prefix) if table.prefix else "." not in name
        if own and name not in known:
            raise UnknownInList(list=table.name, value=name[:_LONGEST_TEXT])


def _sort(table: Table, text: str) -> tuple[Column | None, bool]:
    if not text:
        return None, False
    column = table.column(text.removeprefix("-"))
    if column is None or not column.sortable or column.kind is Kind.ACTION:
        raise UnknownInList(list=table.name, value=text[:_LONGEST_TEXT])
    return column, text.startswith("-")


def _columns(table: Table, names: list[str]) -> tuple[Column, ...]:
    chosen = []
    for name in dict.fromkeys(filter(None, names)):
        column = table.column(name)
        if column is None:
            raise UnknownInList(list=table.name, value=name[:_LONGEST_TEXT])
        chosen.append(column)
    return tuple(chosen)


def _page(table: Table, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_NUMBER or int(text) < 1:
        raise UnknownInList(list=table.name, value=text[:_LONGEST_TEXT])
    return int(text)


def _conditions(table: Table, query: QueryDict) -> Iterator[Condition]:
    for column in table.columns:
        for name, way in filter_names(column):
            text = query.get(table.prefix + name, "").strip()
            if text:
                yield Condition(column, way, _value(table, column, text))


def _value(table: Table, column: Column, text: str) -> Any:
    if column.kind is Kind.MONEY:
        return tenge(text)
    if column.kind in {Kind.DAY, Kind.MOMENT}:
        return _day(column, text)
    if column.kind in {Kind.NUMBER, Kind.ORDINAL}:
        return _whole(column, text)
    if column.choices and text not in column.choices:
        raise UnknownInList(list=table.name, value=text[:_LONGEST_TEXT])
    return text[:_LONGEST_TEXT]


def _day(column: Column, text: str) -> date:
    day = a_day(text)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadValue(field=column.name, value=text)
    return day


def _whole(column: Column, text: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > _LONGEST_NUMBER:
        raise BadValue(field=column.name, value=text[:_LONGEST_TEXT])
    return int(text)


def _narrowed(table: Table, query: QueryDict) -> Iterator[tuple[str, str]]:
    for each in table.narrowings:
        value = query.get(table.prefix + each.name, "")
        if value and value not in {name for name, _ in each.choices}:
            raise UnknownInList(list=table.name, value=value[:_LONGEST_TEXT])
        yield each.name, value
