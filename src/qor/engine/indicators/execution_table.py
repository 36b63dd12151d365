"""Execution of contracts by care form in the shape of the 2020 annual report's table 6, and where a
printed table disagrees with itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from qor.law.pages import LANGUAGES, page

FUNDINGS = ("tmkkk", "osms")
MEASURES = ("contracts", "accepted")
_NOTHING = Decimal(0)
Sums = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One care form: number, names, and for contracts and accepted sums the whole (`total`) and
    each funding."""

    n: int
    names: dict[str, str]
    contracts: Sums
    accepted: Sums


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A printed sum that its own parts do not give: which row (0: the totals), measure, column,
    printed, computed."""

    n: int
    measure: str
    column: str
    printed: Decimal
    computed: Decimal


def execution_table(
    lines: Iterable[tuple[int, dict[str, str], str, Decimal, Decimal]],
) -> list[TableRow]:
    """Rows from lines (number, names, funding, contracts, accepted), each whole computed from its
    fundings; the last row is the total (number 0)."""
    rows: dict[int, TableRow] = {}
    for n, names, funding, contracts, accepted in lines:
        row = rows.setdefault(n, TableRow(n, names, _empty(), _empty()))
        _add(row.contracts, funding, contracts)
        _add(row.accepted, funding, accepted)
    total = TableRow(0, {}, _empty(), _empty())
    for row in rows.values():
        for funding in FUNDINGS:
            _add(total.contracts, funding, row.contracts[funding])
            _add(total.accepted, funding, row.accepted[funding])
    return [*(rows[n] for n in sorted(rows)), total]


def report_2020() -> list[TableRow]:
    """Table 6 of the annual report 2020 as printed, in million tenge; the last row is its total."""
    facts = page("qor.engine.indicators", "report_2020_table_6.yaml")
    rows = [
        TableRow(
            r["n"],
            {name: r[name] for name in LANGUAGES},
            _printed(r["contracts"]),
            _printed(r["accepted"]),
        )
        for r in facts["rows"]
    ]
    return [
        *rows,
        TableRow(
            0, {}, _printed(facts["total"]["contracts"]), _printed(facts["total"]["accepted"])
        ),
    ]


def lines_of(
    printed: list[TableRow],
) -> Iterator[tuple[int, dict[str, str], str, Decimal, Decimal]]:
    """The parts of a printed table, to be added up anew."""
    for row in printed[:-1]:
        for funding in FUNDINGS:
            yield row.n, row.names, funding, row.contracts[funding], row.accepted[funding]


def disagreements(printed: list[TableRow]) -> list[Disagreement]:
    """Where a printed table's wholes are not the sums of its parts, in the order of its rows."""
    computed = {row.n: row for row in execution_table(lines_of(printed))}
    apart = []
    for row in printed:
        for measure in MEASURES:
            stated, sums = getattr(row, measure), getattr(computed[row.n], measure)
            columns = ("total", *FUNDINGS) if row.n == 0 else ("total",)
            apart += [
                Disagreement(row.n, measure, c, stated[c], sums[c])
                for c in columns
                if stated[c] != sums[c]
            ]
    return [*apart, *_whole_columns(printed)]


def _whole_columns(printed: list[TableRow]) -> Iterator[Disagreement]:
    """The printed column of wholes against the printed total, apart from how each whole was
    made."""
    for measure in MEASURES:
        stated = getattr(printed[-1], measure)["total"]
        added = sum((getattr(row, measure)["total"] for row in printed[:-1]), _NOTHING)
        if stated != added:
            yield Disagreement(0, measure, "column", stated, added)


def above_contract(rows: list[TableRow]) -> list[TableRow]:
    """The rows in which more was accepted than contracted."""
    return [row for row in rows[:-1] if row.accepted["total"] > row.contracts["total"]]


def moved_2020(language: str) -> tuple[int, int, str]:
    """What the report tells of its table: the row above its contracts, the row below, and why."""
    facts = page("qor.engine.indicators", "report_2020_table_6.yaml")["moved"]
    return facts["over"], facts["under"], facts[language]


def _empty() -> Sums:
    return dict.fromkeys(("total", *FUNDINGS), _NOTHING)


def _add(sums: Sums, funding: str, amount: Decimal) -> None:
    sums[funding] += amount
    sums["total"] += amount


def _printed(cells: list[str]) -> Sums:
    return dict(zip(("total", *FUNDINGS), map(Decimal, cells), strict=True))
