"""The month from end to end: checks, findings, returned rows and draft acts of one month of a lake,
written in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qor.engine.checks.catalogue import version
from qor.engine.checks.edits import edits_of, in_force
from qor.engine.monitoring.draft_act import draft_acts
from qor.engine.monitoring.loop import Progress, Skipped, run_checks
from qor.engine.storage.duck import Connection, connect
from qor.engine.storage.lake import Lake, Writer, check_for_closing, join_parts
from qor.engine.storage.steps import write_in_order
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal
from qor.law.reading.defects import ACT
from qor.law.reading.regulations import edition

DEFAULT_MEMORY = "1500MB"  # the engine's share; what does not fit is spilled to the lake's own disk
MADE = ("findings", "returns", "acts")


class NothingToRun(Refusal):
    """The lake holds no services of that month."""

    key = "nothing_to_run"


class MonthClosed(Refusal):
    """The month is closed for good; its findings stand."""

    key = "month_closed"


class FoundBeforeMonth(Refusal):
    """Nothing of a month can be detected before the month begins."""

    key = "found_before_month"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to run and in whose name: `found_on` is the day that findings carry, `at` the moment of
    the run."""

    month: Month
    found_on: date
    by: str
    at: datetime
    memory: str = DEFAULT_MEMORY
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run wrote: rows of each table, and the checks it had to skip."""

    rows: dict[str, int]
    skipped: list[Skipped]


def run_month(lake: Lake, request: RunRequest, progress: Progress = lambda *_: None) -> Outcome:
    """Find, price and settle a month, replacing what an earlier run found for it; all in one
    commit, or nothing.

    The same lake, month and `found_on` give the same bytes. Sources: 321/2020:21, 321/2020:22.
    NothingToRun, MonthClosed, or the law's refusals.
    """
    if request.found_on < request.month.first:
        raise FoundBeforeMonth(month=str(request.month), found_on=request.found_on.isoformat())
    lake.reload()
    if str(request.month) not in lake.frozen():
        by, at = request.by, request.at.isoformat()
        join_parts(lake, "services", request.month, {"by": by, "at": at})
    with lake.writing() as writer:
        if str(request.month) not in lake.months("services"):
            raise NothingToRun(month=str(request.month))
        if str(request.month) in lake.frozen():
            raise MonthClosed(month=str(request.month))
        connection = connect(writer.staging, request.memory, request.threads)
        try:
            skipped = run_checks(
                connection, lake, request.month, request.found_on, writer.staging, progress
            )
            draft_acts(connection, lake, request.month)
            counts = {table: _write(connection, writer, table, request.month) for table in MADE}
        finally:
            connection.close()
        facts = _told(request, counts, skipped) | {
            "checks": version(in_force(edits_of(lake), request.month.last))
        }
        writer.commit("run", facts)
    return Outcome(counts, skipped)


def freeze(lake: Lake, month: Month, by: str, at: datetime) -> None:
    """Close a month for good: from now on no row of it may change, and it may not be run again.

    NothingToRun if it is not there; PartMissing, PartChanged if any byte of it is not what was
    written.
    """
    with lake.writing() as writer:
        if str(month) not in lake.months("services"):
            raise NothingToRun(month=str(month))
        check_for_closing(lake, month)
        writer.commit("freeze", {"month": str(month), "by": by, "at": at.isoformat()})


def _write(connection: Connection, writer: Writer, table: str, month: Month) -> int:
    """Write a table in place of what an earlier run made of it."""
    target = writer.staging / f"{table}.parquet"
    count = write_in_order(connection, table, table, target)
    for part in writer.lake.parts(table, [month]):
        writer.drop(part)
    writer.add(table, str(month), target, count)
    return count


def _told(request: RunRequest, counts: dict[str, int], skipped: list[Skipped]) -> dict[str, object]:
    return {
        "month": str(request.month),
        "found_on": request.found_on.isoformat(),
        "by": request.by,
        "at": request.at.isoformat(),
        "rows": counts,
        "edition": edition(ACT, request.month.last).order,
        "skipped": {skip.check: list(skip.lacks) for skip in skipped},
    }
