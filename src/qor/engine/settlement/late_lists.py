"""What lists loaded after a closing make of closed months: services whose complex tariff is another
now, and what contracts still leave for them (291/2020:19, 27, 47)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from qor.engine.intake.lake_rows import rows_in
from qor.engine.settlement.service_parts import COMPLEX_TARIFFS
from qor.engine.settlement.values import complex_forms, make_norms
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import (
    add_rows,
    make_empty,
    make_view,
    rows_of,
    rows_of_files,
    run_step,
    step_rows,
)
from qor.law.nouns.months import Month
from qor.law.nouns.months import month as parse_month


def read_settled_before(connection: Connection, settled: Sequence[Path]) -> None:
    """`settled_before`: the rows of the parts that earlier closings name; `moved_before`: what
    lists loaded late have changed so far; what was paid more stands in `standing`."""
    make_view(connection, "settled_before", rows_of_files(settled, "settled"))
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
    moved = [parse_month(name) for (name,) in step_rows(connection, "months_of_moved_tariffs")]
    make_view(connection, "late_rows", rows_in(lake, "services", moved))
    make_view(connection, "late_returned_rows", rows_in(lake, "returns", moved))
    for step in ("late_services", "late_returns", "revalued", "line_headroom"):
        run_step(connection, step)
    if months:
        make_norms(connection, lake, month)


def _tariffs(connection: Connection, lake: Lake, months: Sequence[Month]) -> None:
    """`tariffs_then`: the complex tariffs that closings paid by; `tariffs_now`: those of the same
    months by the norms of today."""
    for name in ("tariffs_then", "tariffs_now"):
        make_empty(connection, name)
    columns = ("bin", "care_form", "value")
    for of in months:
        paths = lake.paths(COMPLEX_TARIFFS, [of])
        make_view(connection, "kept_tariffs", rows_of_files(paths, COMPLEX_TARIFFS))
        then = rows_of(connection, "kept_tariffs", columns)
        make_norms(connection, lake, of)
        now = [
            row for row in rows_of(connection, "tariffs_of", columns) if row[1] in complex_forms()
        ]
        add_rows(connection, "tariffs_then", [(str(of), *row) for row in then])
        add_rows(connection, "tariffs_now", [(str(of), *row) for row in now])
