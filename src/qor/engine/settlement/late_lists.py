"""What lists loaded after a closing make of closed months: services whose complex tariff is another
now, and what contracts still leave for them (291/2020:19, 27, 47)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.service_parts import COMPLEX_TARIFFS
from qor.engine.settlement.values import complex_forms, make_norms
from qor.engine.storage.duck import Connection, literal, parquet
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import add_rows, empty_rows, make_empty, make_view, rows_of, run_step
from qor.law.nouns.months import Month
from qor.law.nouns.months import month as parse_month

_OF_SERVICE = "provider_bin, service_id, care_form, ended_at, iin, card_no"


def read_settled_before(connection: Connection, settled: Sequence[Path]) -> None:
    """`settled_before`: the rows of the parts that earlier closings name; `moved_before`: what
    lists loaded late have changed so far; what was paid more stands in `standing`."""
    rows = f"SELECT * FROM {parquet(settled)}" if settled else empty_rows("settled")
    make_view(connection, "settled_before", rows)
    run_step(connection, "moved_before")
    run_step(connection, "moved_up")


def revalue(connection: Connection, lake: Lake, month: Month, closed: Iterable[Month]) -> None:
    """`revalued`: of closed months the services that carry a complex tariff, where it is another
    now, with the tariff; `line_headroom`: what contracts leave of each line.

    A form without a tariff now is left as it was closed. Leaves `tariffs_of` as it is for the
    month. Needs `settled_before`, `act_lines`, `standing`, `line_plans`, `year_plans` and `caps`.
    Sources: 291/2020:19, 291/2020:27, 291/2020:28.
    """
    months = [of for of in closed if of < month and lake.parts(COMPLEX_TARIFFS, [of])]
    _tariffs(connection, lake, months)
    run_step(connection, "tariffs_moved")
    found = connection.execute("SELECT DISTINCT service_month FROM tariffs_moved ORDER BY ALL")
    moved = [parse_month(name) for (name,) in found.fetchall()]
    make_view(connection, "late_services", _services(lake, moved))
    make_view(connection, "late_returns", _returns(lake, moved))
    run_step(connection, "revalued")
    run_step(connection, "line_headroom")
    if months:
        make_norms(connection, lake, month)


def _tariffs(connection: Connection, lake: Lake, months: Sequence[Month]) -> None:
    """`tariffs_then`: the complex tariffs that closings paid by; `tariffs_now`: those of the same
    months by the norms of today."""
    for name in ("tariffs_then", "tariffs_now"):
        make_empty(connection, name)
    columns = ("bin", "care_form", "value")
    for of in months:
        kept = lake.paths(COMPLEX_TARIFFS, [of])
        make_view(connection, "kept_tariffs", f"FROM {parquet(kept)}")
        then = rows_of(connection, "kept_tariffs", columns)
        make_norms(connection, lake, of)
        now = [
            row for row in rows_of(connection, "tariffs_of", columns) if row[1] in complex_forms()
        ]
        add_rows(connection, "tariffs_then", [(str(of), *row) for row in then])
        add_rows(connection, "tariffs_now", [(str(of), *row) for row in now])


def _services(lake: Lake, months: Sequence[Month]) -> str:
    """SQL: the services of some months that may carry a complex tariff, with their month."""
    parts = [
        f"SELECT {literal(str(of))} AS service_month, {_OF_SERVICE} "
        f"FROM ({source(lake, 'services', [of])})"
        for of in months
    ]
    none = (
        f"SELECT CAST(NULL AS VARCHAR) AS service_month, {_OF_SERVICE} "
        f"FROM ({source(lake, 'services', [])})"
    )
    return " UNION ALL ".join(parts or [none])


def _returns(lake: Lake, months: Sequence[Month]) -> str:
    """SQL: the services of some months that went back."""
    paths = lake.paths("returns", list(months))
    rows = parquet(paths) if paths else f"({empty_rows('returns')})"
    return f"SELECT DISTINCT provider_bin, service_id FROM {rows}"
