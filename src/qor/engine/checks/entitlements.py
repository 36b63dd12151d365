"""The product of the coefficients that a provider is entitled to in a form of care, over time:
exact, however many kinds there are."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from qor.engine.storage.duck import Connection
from qor.engine.storage.steps import csv_rows, make_table, rows_of

_END = date(9999, 12, 31)
_COLUMNS = {
    "bin": "VARCHAR",
    "care_form": "VARCHAR",
    "valid_from": "DATE",
    "valid_to": "DATE",
    "value": "DECIMAL(18,6)",
}
Coefficient = tuple[str, str, date, date | None, Decimal]
Line = tuple[str, str, date, date, Decimal]


def coefficient_lines(coefficients: list[Coefficient]) -> Iterator[Line]:
    """(bin, care_form, valid_from, valid_to, product) between any two changes, from (bin,
    care_form, valid_from, valid_to, value)."""
    spans_of: dict[tuple[str, str], list[tuple[date, date, Decimal]]] = defaultdict(list)
    for bin_, form, since, until, value in coefficients:
        spans_of[bin_, form].append((since, until or _END, value))
    for (bin_, form), spans in sorted(spans_of.items()):
        starts = {since for since, _, _ in spans} | {
            until + timedelta(days=1) for _, until, _ in spans if until < _END
        }
        edges = sorted(starts)
        for since, following in zip(edges, [*edges[1:], None], strict=True):
            until = following - timedelta(days=1) if following else _END
            values = [value for first, last, value in spans if first <= since and last >= since]
            if values:
                yield bin_, form, since, until, math.prod(values, start=Decimal(1))


def prepare(connection: Connection, folder: Path) -> None:
    """Make the table `coefficient_lines` from the view `coefficients`."""
    coefficients = rows_of(connection, "coefficients", _COLUMNS)
    path = folder / "coefficients.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(coefficient_lines(coefficients))
    make_table(connection, "coefficient_lines", csv_rows(path, _COLUMNS))
