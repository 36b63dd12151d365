"""A working day's monitoring (order 19, clause 21): what the day's new rows bring to a month's
findings, written beside them.

What stands is never changed by a later row: where it would have been, the difference is listed
(321/2020:24).
"""

from __future__ import annotations

from dataclasses import dataclass

from qor.engine.intake.lake_rows import rows_in
from qor.engine.monitoring.month import FoundBeforeMonth, MonthClosed, NothingToRun, RunRequest
from qor.engine.monitoring.new_rows import New, check_new_rows
from qor.engine.storage.duck import Connection, connect, literal
from qor.engine.storage.lake import Lake, Writer
from qor.engine.storage.steps import make_table, run_step, write_in_order
from qor.law.nouns.months import Month


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """What a day brought: new rows, persons looked at again, findings and returned rows added, and
    differences listed."""

    new: New
    findings: int
    returns: int
    differences: int


def monitor_day(lake: Lake, request: RunRequest) -> DayOutcome:
    """Check what came into the month since it was last looked at; add findings, list differences;
    one commit, or nothing.

    Sources: 321/2020:21, 321/2020:24, 291/2020:53. NothingToRun, MonthClosed, FoundBeforeMonth, or
    the law's refusals.
    """
    if request.found_on < request.month.first:
        raise FoundBeforeMonth(month=str(request.month), found_on=request.found_on.isoformat())
    with lake.writing() as writer:
        if str(request.month) not in lake.months("services"):
            raise NothingToRun(month=str(request.month))
        if str(request.month) in lake.frozen():
            raise MonthClosed(month=str(request.month))
        with connect(writer.staging, request.memory, request.threads) as connection:
            new = check_new_rows(
                connection,
                lake,
                request.month,
                _looked_at(lake, request),
                request.found_on,
                writer.staging,
            )
            outcome = _write(connection, writer, lake, request, new)
        writer.commit("day", _told(request, outcome))
    return outcome


def _looked_at(lake: Lake, request: RunRequest) -> int:
    """The number of the commit that last looked at the month; 0 if none did."""
    last = lake.last_of(request.month, "run", "day")
    return last.number if last else 0


def _write(
    connection: Connection, writer: Writer, lake: Lake, request: RunRequest, new: New
) -> DayOutcome:
    stand_beside(connection, lake, request.month)
    run_step(connection, "added_findings")
    run_step(connection, "added_returns")
    of, day = literal(str(request.month)), literal(request.found_on)
    run_step(connection, "new_differences", month=of, found_on=day)
    return DayOutcome(
        new,
        findings=_add(connection, writer, request, "findings", "added_findings"),
        returns=_add(connection, writer, request, "returns", "added_returns"),
        differences=_add(connection, writer, request, "differences", "new_differences"),
    )


def stand_beside(connection: Connection, lake: Lake, month: Month) -> None:
    """`stands_findings` and `stands_returns`: what the lake holds of a month already."""
    for table in ("findings", "returns"):
        make_table(connection, f"stands_{table}", rows_in(lake, table, [month]))


def _add(connection: Connection, writer: Writer, request: RunRequest, table: str, view: str) -> int:
    """Add the rows of a view, if there are any, as a part of a table."""
    target = writer.staging / f"{table}.parquet"
    count = write_in_order(connection, table, view, target)
    if count:
        writer.add(table, str(request.month), target, count)
    return count


def _told(request: RunRequest, outcome: DayOutcome) -> dict[str, object]:
    rows = {
        "new": outcome.new.rows,
        "findings": outcome.findings,
        "returns": outcome.returns,
        "differences": outcome.differences,
    }
    facts = {
        "month": str(request.month),
        "found_on": request.found_on.isoformat(),
        "by": request.by,
        "at": request.at.isoformat(),
    }
    return {**facts, "rows": rows}
