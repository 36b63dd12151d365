"""The description of a list: its columns, what it may be narrowed by, its order and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from qor.interfaces import messages
from qor.law.nouns.identifiers import masked
from qor.law.rules.civil_time import civil_time

Read = Callable[[Any, str], Any]
Words = Callable[[Any, str], str]
_NOTHING = "–"
_RANGES_END = ("_from", "_to")


class Kind(Enum):
    """What stands in a column: how it is written, sorted, narrowed and put into a file."""

    TEXT = "text"
    MONEY = "money"  # Decimal tenge, kept as whole tiyn
    NUMBER = "number"
    ORDINAL = "ordinal"  # the number of an act, a case: no count, and no sum
    DAY = "day"
    MOMENT = "moment"
    ENUMERATION = "enumeration"
    IIN = "iin"  # masked wherever it stands
    ACTION = "action"  # buttons and links of the screen; in no file


RANGED = frozenset({Kind.MONEY, Kind.NUMBER, Kind.DAY, Kind.MOMENT})
FIGURES = frozenset({Kind.MONEY, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in addresses, the key of its title, and what kind of value it holds.

    `field` is the path in the database, by which it is sorted, narrowed and summed (the name, if
    none is given); `{language}` in it is the reader's. `value` reads a row where the path does not:
    (row, language) -> value. `says` gives the sentence of an enumeration's value, `choices` its
    values (those that occur, if none are given). `link` leads to a page of the row. `cell` is a
    template for the screen alone. An `exact` text is
    searched for whole, by an index. A column that is not `shown` is there on request, and in files.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT
    field: str = ""
    value: Read | None = None
    says: Words | None = None
    choices: tuple[str, ...] = ()
    link: Callable[[Any], str] | None = None
    cell: str = ""
    sortable: bool = True
    filterable: bool = True
    exact: bool = False
    summed: bool = False
    shown: bool = True

    def path(self, language: str) -> str:
        """The path in the database, for a reader of that language."""
        return (self.field or self.name).format(language=language)

    def read(self, row: Any, language: str) -> Any:
        """The value of a row, before it is written for anybody."""
        if self.value is not None:
            return self.value(row, language)
        value = row
        for part in self.path(language).split("__"):
            if value is None:
                return None
            value = value[part] if isinstance(value, Mapping) else getattr(value, part)
        return value

    def written(self, value: Any, language: str) -> str:
        """A value as a person reads it; a dash for none."""
        if value is None or value == "":
            return _NOTHING
        return _WRITTEN[self.kind](value) if self.says is None else self.says(value, language)

    def filed(self, value: Any, language: str) -> Any:
        """A value as it goes into a file: sentence, mask and civil time as on the screen; money,
        numbers and days as themselves."""
        if value is None or value == "":
            return None
        if self.says is not None:
            return self.says(value, language)
        if self.kind is Kind.MOMENT:
            return civil_time(value).replace(tzinfo=None)
        return masked(value) if self.kind is Kind.IIN else value


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter that is no column: its name, the key of its title, its values with the keys of their
    words, and what each leaves of the rows. Without a value the rows of `""` are left, called
    `otherwise`."""

    name: str
    title: str
    choices: tuple[tuple[str, str], ...]
    leaves: Callable[[Any, str], Any]
    otherwise: str = "portal.all"


@dataclass(frozen=True, slots=True)
class Table:
    """A list, said once: its page, its saved views and its files follow from it.

    `order` is its own order; `key` the unique column that settles ties. `keeps` are parameters of
    the address that belong to its page. Several lists of one page have a `prefix` each, or all but
    one. `file` names its files; `empty` is the key of what is said where nothing stands;
    `unfolded`: its filters are always open. `page`
    names the page of the list where other addresses show it, too.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    order: tuple[Any, ...]
    narrowings: tuple[Narrowing, ...] = ()
    key: str = "pk"
    keeps: tuple[str, ...] = ()
    prefix: str = ""
    size: int = 50
    empty: str = "portal.nothing_yet"
    unfolded: bool = False
    page: str = ""

    def __post_init__(self) -> None:
        """ValueError for a description that cannot be."""
        names = [each.name for each in self.columns] + [each.name for each in self.narrowings]
        if len(names) != len(set(names)) or set(names) & RESERVED:
            raise ValueError(f"{self.name}: a name that is used twice, or is taken")
        if any(name.endswith(_RANGES_END) for name in names):
            raise ValueError(f"{self.name}: a name that ends as a range does")
        for each in self.columns:
            if each.kind is Kind.IIN and (each.sortable or each.filterable):
                raise ValueError(
                    f"{each.name}: sorting or searching would tell what the mask hides"
                )
            if each.summed and each.kind not in FIGURES:
                raise ValueError(f"{each.name}: only figures have a sum")
        if TABLES.setdefault(self.name, self) is not self:
            raise ValueError(f"{self.name}: two lists of one name")

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((each for each in self.columns if each.name == name), None)

    @property
    def in_files(self) -> tuple[Column, ...]:
        """The columns that a file may have: all that are no buttons."""
        return tuple(each for each in self.columns if each.kind is not Kind.ACTION)


# Names of an address that are no column's: order, page, chosen columns, saved view, kind of file.
RESERVED = frozenset({"sort", "page", "columns", "view", "as"})
TABLES: dict[str, Table] = {}


def _moment(value: datetime) -> str:
    return f"{civil_time(value):%d.%m.%Y %H:%M}"


def _money(value: Decimal) -> str:
    return messages.money(value)


def _day(value: date) -> str:
    return messages.day(value)


_WRITTEN: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: str,
    Kind.MONEY: _money,
    Kind.NUMBER: messages.count,
    Kind.ORDINAL: str,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.ENUMERATION: str,
    Kind.IIN: masked,
    Kind.ACTION: str,
}
