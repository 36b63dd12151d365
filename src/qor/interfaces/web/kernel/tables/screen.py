"""A list as a page shows it: filters, count and sums, headings that sort, rows, pages, views,
files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qor.interfaces import messages
from qor.interfaces.web.kernel.tables.address import Asked, filter_names
from qor.interfaces.web.kernel.tables.declared import FIGURES, RANGED, Column, Kind
from qor.interfaces.web.kernel.tables.sources import Listing, Source
from qor.workflow.accounts.models import SavedView

_INPUT_OF = {Kind.DAY: "date", Kind.MOMENT: "date"}
_DIGITS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.ORDINAL})


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: its words, how the list is sorted by it, and the address that sorts by it."""

    title: str
    figure: bool
    hidden: bool
    order: str  # ascending, descending or none, as aria-sort wants it
    href: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, where it leads, or the template that makes it."""

    text: str
    figure: bool
    href: str
    template: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the screen: its cells, the row itself and what the page adds to it."""

    cells: tuple[Cell, ...]
    row: Any
    beside: Any


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen, and whether it is."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the filters: one of some values, or typed; `bound` tells which end of a range."""

    name: str
    title: str
    value: str
    options: tuple[Option, ...]
    type: str
    digits: bool
    bound: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its number and name, where it leads, whether it is the one that is shown and
    the one that the page begins with."""

    pk: int
    name: str
    href: str
    current: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that the template of a list asks for."""

    name: str
    id: str
    title: str
    prefix: str
    base: str
    empty: str
    filtered: bool
    unfolded: bool
    clear: str
    fields: tuple[Field, ...]
    hidden: tuple[tuple[str, str], ...]
    hidden_columns: tuple[tuple[str, str], ...]
    columns: tuple[Option, ...]
    count: int
    sums: tuple[tuple[str, str], ...]
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    page: int
    pages: int
    previous: str
    next: str
    files: tuple[tuple[str, str], ...]
    views: tuple[View, ...]
    own: str
    unsaved: bool


def screen_of(
    listing: Listing, asked: Asked, source: Source, views: list[SavedView], language: str
) -> Screen:
    """The screen of what was asked; a page beyond the last one is the last."""
    table, own, count = listing.table, asked.own(), source.count()
    pages = max(1, -(-count // table.size))
    page = min(asked.page, pages)
    columns = asked.columns or tuple(c for c in table.columns if c.shown)
    columns = tuple(column for column in columns if column.name not in listing.without)
    return Screen(
        name=table.name,
        id=f"list-{table.name}",
        title=messages.text(table.title, language),
        prefix=table.prefix,
        base=asked.base,
        empty=messages.text(table.empty, language),
        filtered=asked.filtered,
        unfolded=table.unfolded,
        clear=_clear(asked),
        fields=tuple(_fields(asked, source, language)),
        hidden=tuple(_hidden(asked, _filters(asked))),
        hidden_columns=tuple(_hidden(asked, {f"{table.prefix}columns"})),
        columns=tuple(
            Option(c.name, messages.text(c.title, language), c in columns)
            for c in table.columns
            if c.name not in listing.without
        ),
        count=count,
        sums=tuple(_sums(asked, source, language)),
        heads=tuple(_head(c, asked, language) for c in columns),
        lines=tuple(
            _line(row, columns, listing, language)
            for row in source.page((page - 1) * table.size, table.size)
        ),
        page=page,
        pages=pages,
        previous=asked.address(page=str(page - 1)) if page > 1 else "",
        next=asked.address(page=str(page + 1)) if page < pages else "",
        files=tuple((kind.upper(), asked.address(**{"as": kind})) for kind in ("xlsx", "csv")),
        views=tuple(_view(view, asked, own) for view in views),
        own=own,
        unsaved=bool(own) and own not in {view.query for view in views},
    )


def _sums(asked: Asked, source: Source, language: str) -> Iterator[tuple[str, str]]:
    summed = [column for column in asked.table.columns if column.summed]
    sums = source.sums(summed)
    for column in summed:
        yield messages.text(column.title, language), column.written(sums[column.name], language)


def _head(column: Column, asked: Asked, language: str) -> Head:
    title, is_action = messages.text(column.title, language), column.kind is Kind.ACTION
    order = "none"
    if asked.sort is column:
        order = "descending" if asked.falling else "ascending"
    falls = "-" if order == "ascending" else ""
    sorts = column.sortable and not is_action
    href = asked.address(sort=falls + column.name) if sorts else ""
    return Head(title, column.kind in FIGURES, is_action, order, href)


def _line(row: Any, columns: tuple[Column, ...], listing: Listing, language: str) -> Line:
    beside = listing.beside(row) if listing.beside is not None else None
    return Line(tuple(_cell(row, column, language) for column in columns), row, beside)


def _cell(row: Any, column: Column, language: str) -> Cell:
    text = "" if column.cell else column.written(column.read(row, language), language)
    href = column.link(row) if column.link is not None else ""
    return Cell(text, column.kind in FIGURES, href, column.cell)


def _fields(asked: Asked, source: Source, language: str) -> Iterator[Field]:
    for narrowing in asked.table.narrowings:
        words = [(value, messages.text(key, language)) for value, key in narrowing.choices]
        yield _chosen(asked, narrowing.name, narrowing.title, words, language, narrowing.otherwise)
    for column in asked.table.columns:
        for name, way in filter_names(column):
            if column.kind is Kind.ENUMERATION:
                values = column.choices or source.occurring(column)
                words = [(str(value), column.written(value, language)) for value in values]
                yield _chosen(asked, name, column.title, words, language)
            else:
                yield _typed(asked, name, column, way, language)


def _chosen(
    asked: Asked,
    name: str,
    title: str,
    words: list[tuple[str, str]],
    language: str,
    otherwise: str = "portal.all",
) -> Field:
    value, key = asked.text(name), asked.table.prefix + name
    options = tuple(Option(each, text, each == value) for each, text in words)
    blank = messages.text(otherwise, language)
    return Field(key, messages.text(title, language), value, options, "", False, "", blank)


def _typed(asked: Asked, name: str, column: Column, way: str, language: str) -> Field:
    return Field(
        asked.table.prefix + name,
        messages.text(column.title, language),
        asked.text(name),
        (),
        _INPUT_OF.get(column.kind, "text"),
        column.kind in _DIGITS,
        messages.text(f"lists.{way}", language) if column.kind in RANGED else "",
        "",
    )


def _filters(asked: Asked) -> set[str]:
    """The names of the filters in the address."""
    table = asked.table
    names = {each.name for each in table.narrowings}
    names |= {name for column in table.columns for name, _ in filter_names(column)}
    return {table.prefix + name for name in names}


def _hidden(asked: Asked, said: set[str]) -> Iterator[tuple[str, str]]:
    """What a form hands on besides what it says itself: the order, and what belongs to the page or
    to its other lists."""
    left_out = said | {asked.table.prefix + name for name in ("page", "view", "as")}
    for name, values in asked.query.lists():
        if name not in left_out:
            yield from ((name, value) for value in values)


def _clear(asked: Asked) -> str:
    """The address of the whole list, also where a view is saved as the first."""
    query = asked.query.copy()
    for name in asked.query:
        stays = name in asked.table.keeps
        mine = name.startswith(asked.table.prefix) if asked.table.prefix else "." not in name
        if mine and not stays:
            query.pop(name)
    query[f"{asked.table.prefix}view"] = "0"
    return f"{asked.base}?{query.urlencode()}"


def _view(view: SavedView, asked: Asked, own: str) -> View:
    href = f"{_clear(asked).removesuffix('=0')}={view.pk}"
    return View(view.pk, view.name, href, view.query == own, view.is_first)
