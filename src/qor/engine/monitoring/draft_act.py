"""The draft act of a month: for each provider received = returned at intake + held + payable.
Nothing is deducted here.

Until people decide, a service with an open potential finding or review is held whole (291/2020:23;
interpretation payment_during_dispute).
"""

from __future__ import annotations

from qor.engine.storage.duck import Connection, literal, pattern_free
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import empty_rows, listed_rows, query_of, row_of, run_step
from qor.law.nouns.months import Month


class ActDoesNotBalance(AssertionError):
    """A sum does not close: a broken assumption, never a message to live with."""


def draft_acts(connection: Connection, lake: Lake, month: Month) -> None:
    """Make the table `acts`, a line for each provider, care form and funding, from
    `month_services`, `findings` and `returns`.

    Amounts in tenge. `at_stake` is the largest deduction of each held service, if all were
    confirmed (interpretation several_deductions). Rows rejected at intake stand in lines without a
    care form. ActDoesNotBalance if any sum fails to close.
    """
    run_step(connection, "stakes")
    away = turned_away(lake, month)
    run_step(connection, "acts", month=literal(str(month)), turned_away=away)
    _assert_balance(connection)


def turned_away(lake: Lake, month: Month) -> str:
    """SQL: the rejected rows that count in the month's acts, each once.

    Of several rejections of one key the latest; none whose key the lake holds by now, or held
    already (a refused change is no second service), but for a second row of a key in one file,
    which was handed in beside the first.
    """
    parts = lake.parts("rejected")
    if not parts:
        return empty_rows("rejected")
    paths, numbers = lake.files_of(parts), lake.numbers("rejected")
    listed = ", ".join(map(pattern_free, paths))
    commits = [(path, numbers[part.path]) for path, part in zip(paths, parts, strict=True)]
    return query_of(
        "counted_rejections",
        rejected=f"read_parquet([{listed}], filename = true)",
        commits=listed_rows(commits, {"filename": "VARCHAR", "number": "BIGINT"}),
        month=literal(str(month)),
    )


def _assert_balance(connection: Connection) -> None:
    wrong, total, billed = row_of(connection, "balance_of_acts")
    if wrong or total != billed:
        raise ActDoesNotBalance(f"{wrong} lines do not balance; lines {total}, services {billed}")
