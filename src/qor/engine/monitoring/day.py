"""A working day's monitoring (order 19, clause 21): what the day's new rows bring to a month's
findings, written beside them.

What stands is never changed by a later row: where it would have been, the difference is listed
(321/2020:24).
"""

from __future__ import annotations

from dataclasses import dataclass

from qor.engine.monitoring.month import FoundBeforeMonth, MonthClosed, NothingToRun, RunRequest
from qor.engine.monitoring.new_rows import ASKED, New, check_new_rows
from qor.engine.storage.duck import Connection, connect, literal, one, parquet, pattern_free
from qor.engine.storage.lake import Lake, Writer

_KEYS = {"findings": '"check"', "returns": "reason"}


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
    added = {}
    for table, by in _KEYS.items():
        _stand(connection, lake, request, table)
        same = (
            f"s.provider_bin = n.provider_bin AND s.service_id = n.service_id AND s.{by} = n.{by}"
        )
        added[table] = _copy(
            connection,
            writer,
            request,
            table,
            f"SELECT n.* FROM {table} n ANTI JOIN stands_{table} s ON {same}",
            f"provider_bin, service_id, {by}",
        )
    differences = _DIFFERENCES.format(
        found_on=literal(request.found_on), month=literal(str(request.month))
    )
    listed = _copy(
        connection,
        writer,
        request,
        "differences",
        differences,
        'provider_bin, service_id, "check", change',
    )
    return DayOutcome(new, added["findings"], added["returns"], listed)


def _stand(connection: Connection, lake: Lake, request: RunRequest, table: str) -> None:
    paths = lake.paths(table, [request.month])
    held = f"SELECT * FROM {parquet(paths)}" if paths else f"SELECT * FROM {table} WHERE FALSE"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE stands_{table} AS {held}")


def _copy(
    connection: Connection, writer: Writer, request: RunRequest, table: str, query: str, sort: str
) -> int:
    """Add the query's rows, if there are any, as a part of the table, sorted, by one thread."""
    target = writer.staging / f"{table}.parquet"
    threads = one(connection, "SELECT current_setting('threads') AS n")["n"]
    connection.execute("SET threads = 1")
    connection.execute(f"COPY ({query} ORDER BY {sort}) TO {literal(target)} (FORMAT parquet)")
    connection.execute(f"SET threads = {int(threads)}")
    count = int(
        one(connection, f"SELECT count(*) AS n FROM read_parquet({pattern_free(target)})")["n"]
    )
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


# What stands of a service that was looked at again, and would not stand so now; evidence and amount
# are told as they would be.
_ASKED_OF = f"""JOIN reaches r ON r."check" = s."check"
    JOIN slice m ON m.provider_bin = s.provider_bin AND m.service_id = s.service_id AND ({ASKED})"""
_DIFFERENCES = f"""
    SELECT {{month}} AS month, s.provider_bin, s.service_id, s."check", 'withdrawn' AS change,
        s.proposed_deduction AS before,
           CAST(NULL AS DECIMAL(18,2)) AS after, {{found_on}} AS found_on
    FROM stands_findings s {_ASKED_OF}
    ANTI JOIN findings n ON n."check" = s."check" AND n.provider_bin = s.provider_bin
        AND n.service_id = s.service_id
    UNION ALL
    SELECT {{month}}, s.provider_bin, s.service_id, s."check", 'changed', s.proposed_deduction,
        n.proposed_deduction, {{found_on}}
    FROM stands_findings s
    JOIN findings n ON n."check" = s."check" AND n.provider_bin = s.provider_bin
        AND n.service_id = s.service_id
    WHERE n.evidence IS DISTINCT FROM s.evidence OR n.proposed_deduction IS DISTINCT
        FROM s.proposed_deduction
    UNION ALL
    SELECT {{month}}, s.provider_bin, s.service_id, s."check", 'withdrawn', s.amount, NULL,
        {{found_on}}
    FROM (SELECT *, reason AS "check" FROM stands_returns) s {_ASKED_OF}
    ANTI JOIN returns n ON n.reason = s.reason AND n.provider_bin = s.provider_bin
        AND n.service_id = s.service_id"""
