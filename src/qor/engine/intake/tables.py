"""The shapes of the tables, read from tables.yaml, and what a column may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from qor.law.nouns.refusals import Refusal
from qor.law.pages import page

_PACKAGE = "qor.engine.intake"


class UnknownTable(Refusal):
    """No table of that name flows through Qor."""

    key = "unknown_table"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, and for words the list that is allowed."""

    name: str
    type: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: columns in order, key, the columns a file must have, and those whose unreadable
    value rejects a row.

    `monthly` is the column that gives the row's month (empty: the table has no months); `provider`
    the column that must name a known provider; `apart` the columns within which intervals of
    validity may not overlap; `most` names, for a column, the figure that it may not pass; `late`:
    rows of a closed month are still taken.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    needs: tuple[str, ...]
    strict: tuple[str, ...]
    positive: tuple[str, ...]
    monthly: str
    provider: str
    apart: tuple[str, ...]
    most: dict[str, str]
    late: bool = False

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def keeps_one_line(self, name: str) -> bool:
        """Whether a line end inside the column's cell is an error: in keys, and in what is printed
        on a line of its own."""
        return name in {*self.key, self.provider} or self.column(name).type in {
            "line",
            "bin",
            "bin_text",
            "iin",
            "iin_text",
        }


@cache
def table(name: str) -> Table:
    """The shape of a table. UnknownTable, with the names that exist, otherwise."""
    facts = page(_PACKAGE, "tables.yaml")
    if name not in facts:
        raise UnknownTable(table=name, known=", ".join(facts))
    shape = facts[name]
    columns = tuple(_column(column, kind) for column, kind in shape["columns"].items())
    return Table(
        name=name,
        columns=columns,
        key=tuple(shape["key"]),
        needs=tuple(shape["needs"]),
        strict=tuple(shape.get("strict", shape["columns"])),
        positive=tuple(shape.get("positive", ())),
        monthly=shape.get("monthly", ""),
        provider=shape.get("provider", ""),
        apart=tuple(shape.get("apart", ())),
        most=dict(shape.get("most", {})),
        late=bool(shape.get("late", False)),
    )


def table_names() -> list[str]:
    """The names of all tables, in the order of the file."""
    return list(page(_PACKAGE, "tables.yaml"))


def titles(column: str) -> dict[str, list[str]]:
    """The Kazakh and Russian titles of a column."""
    return dict(page(_PACKAGE, "titles.yaml")[column])


def column_named(header: str) -> str | None:
    """The column that a header means, in English, Kazakh or Russian; None if it means none of
    ours."""
    return _headers().get(_plain(header))


@cache
def _headers() -> dict[str, str]:
    known: dict[str, str] = {}
    for column, languages in page(_PACKAGE, "titles.yaml").items():
        for title in (column, *languages["kk"], *languages["ru"]):
            known.setdefault(_plain(title), column)
    return known


def _plain(header: str) -> str:
    return re.sub(r"[\W_]+", " ", header.replace("ё", "е").replace("Ё", "Е")).strip().casefold()


def _column(name: str, kind: str | list[str]) -> Column:
    return Column(name, kind) if isinstance(kind, str) else Column(name, "words", tuple(kind))
