"""Making small registers for tests of intake."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time
from pathlib import Path
from typing import Any

from tests.engine.receive_once import receive_once

from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.simulate.world import provider_bins
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import month

AT = datetime(2026, 3, 2, 9, 0)
BIN, OTHER = provider_bins(2)
GOOD: dict[str, Any] = {
    "provider_bin": BIN,
    "service_id": "s1",
    "iin": "",
    "identity_kind": "foreigner",
    "care_form": "outpatient",
    "setting": "visit",
    "service_code": "A02.001.000",
    "started_at": "2026-02-10 09:00:00",
    "ended_at": "2026-02-10 09:20:00",
    "registered_at": "2026-02-10 12:00:00",
    "quantity": "1",
    "amount": "1500.00",
    "card_no": "C1",
    "register_no": "R1",
}


def csv_text(
    rows: list[dict[str, Any]], delimiter: str = ",", headers: list[str] | None = None
) -> str:
    """Rows as CSV; `headers` replaces the names of the columns."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(headers or list(rows[0]))
    writer.writerows([row[name] for name in rows[0]] for row in rows)
    return out.getvalue()


def lake_with_providers(root: Path) -> Lake:
    """A lake that knows two providers."""
    lake = Lake(root / "lake")
    load(
        lake,
        root,
        "providers.csv",
        csv_text([{"bin": BIN, "region": "71"}, {"bin": OTHER, "region": "75"}]),
        "providers",
        None,
    )
    return lake


def take(
    lake: Lake,
    root: Path,
    name: str,
    content: str | bytes,
    table: str = "services",
    of: str | None = "2026-02",
) -> Receipt:
    """Write a file and hand it in: on AT, or after the month that it is for."""
    return receive(lake, _delivery(root / name, content, table, of))


def load(
    lake: Lake,
    root: Path,
    name: str,
    content: str | bytes,
    table: str = "services",
    of: str | None = "2026-02",
) -> Receipt:
    """As `take`, for what a test begins with: judged once in a run of the tests."""
    return receive_once(lake, _delivery(root / name, content, table, of))


def _delivery(path: Path, content: str | bytes, table: str, of: str | None) -> Delivery:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    over = datetime.combine(month(of).shift(1).first, time(9)) if of else AT
    return Delivery(path, table, month(of) if of else None, "test", max(AT, over))


def rows_of(lake: Lake, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """The rows of a table of the lake, sorted."""
    from qor.engine.storage.duck import connect, parquet

    with connect() as connection:
        return sorted(
            connection.execute(f"SELECT {columns} FROM {parquet(lake.paths(table))}").fetchall(),
            key=repr,
        )
