"""The lines of a month's acts: what of the services is returned, held, disallowed, beyond the
contract and accepted; each sum closes.

Only services that are not simply paid in full are written one by one (the table `settled`); the
rest of a line is the month's rows without them. For each service claimed = returned + held +
disallowed + beyond + accepted; what a deduction takes above its worth is a sanction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qor.engine.intake.lake_rows import rows_in, source
from qor.engine.monitoring.draft_act import turned_away
from qor.engine.settlement.capitation_amounts import make_capitation_amounts
from qor.engine.settlement.co_executors import sum_co_executors
from qor.engine.settlement.exceptions import unscaled_by_month
from qor.engine.settlement.itemised import itemise, return_not_named, sum_days
from qor.engine.settlement.late_lists import read_settled_before, revalue
from qor.engine.settlement.limits import (
    bands_of,
    find_missing_sums,
    months_of_lines,
    prepare_contracts,
    write_caps,
)
from qor.engine.settlement.over_limit import limit_services, sum_line_totals
from qor.engine.settlement.unready import list_unready
from qor.engine.settlement.values import complex_forms, prepare_values
from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import load, make_view, run_step, step_rows
from qor.law.nouns.months import Month
from qor.law.reading.figures import figure

UNSCALED = "unscaled"  # the kind of a line of services that the linear scale leaves alone
_TEXTS = ("contract_no", "funding")


@dataclass(frozen=True, slots=True)
class SettlementInputs:
    """Files (CSV, without a header) of what the workflow knows, in the columns of made.yaml:
    decisions on services, services held in earlier acts, sums of earlier acts, December's means;
    `made` are the sums per capita and as reported that acts hold already, `closed` the months
    closed before, `settled` the lake's parts that earlier closings name.
    """

    verdicts: Path
    waiting: Path
    standing: Path
    caps: Path
    made: Path | None = None
    closed: tuple[Month, ...] = ()
    settled: tuple[Path, ...] = ()


def make_act_lines(
    connection: Connection,
    lake: Lake,
    month: Month,
    closed_on: date,
    inputs: SettlementInputs,
    folder: Path,
) -> None:
    """Make `act_lines` (a line for each contract, care form, funding, month of service and kind),
    `settled` (services that are not paid in full), `unready` (what could not be paid, or not
    surely, since something was not loaded), and of closed months what lists loaded since make
    another sum (`revalued`, `capitation_changed`).

    Sums in tenge. Sources: 291/2020:4, 291/2020:13, 291/2020:16, 291/2020:23, 291/2020:24,
    291/2020:27, 291/2020:61, 291/2020:76, 291/2020:81.
    """
    _read_told(connection, inputs)
    read_settled_before(connection, inputs.settled)
    make_view(connection, "returns", rows_in(lake, "returns", [month]))
    run_step(connection, "turned_back")
    months = months_of_lines(connection, month)
    unscaled = unscaled_by_month(connection, lake, months)
    prepare_contracts(connection, lake, month, closed_on, unscaled)
    find_missing_sums(connection, month)
    prepare_values(connection, lake, month, folder, unscaled[str(month)].condition)
    make_capitation_amounts(connection, lake, month, inputs.closed)
    write_caps(connection, month)
    sum_days(connection)
    return_not_named(connection)
    itemise(connection, month)
    _totals(connection)
    _judged(connection, lake, month)
    bands = bands_of(connection, lake, months)
    sum_line_totals(connection, month, bands)
    limit_services(connection, month, bands)
    _settled(connection, month)
    _lines(connection, lake, month)
    revalue(connection, lake, month, inputs.closed)
    sum_co_executors(connection, lake, month)
    list_unready(connection, lake, month, closed_on)


def _read_told(connection: Connection, inputs: SettlementInputs) -> None:
    """The workflow's files as tables; an empty contract or funding is an empty text, not an unknown
    one."""
    load(connection, "verdicts", inputs.verdicts)
    load(connection, "waiting", inputs.waiting, texts=_TEXTS)
    load(connection, "standing", inputs.standing, texts=_TEXTS)
    load(connection, "caps", inputs.caps)
    load(connection, "made", inputs.made, texts=_TEXTS)


def _totals(connection: Connection) -> None:
    """`totals`: services and their worth by contract, care form and funding; `day_totals`: the same
    by day."""
    run_step(connection, "day_totals")
    run_step(connection, "totals")


def _judged(connection: Connection, lake: Lake, month: Month) -> None:
    """`judged`: services with a decision, a dispute or a return, and those of earlier acts that are
    free now; split into what becomes of them.

    A non-preventable death within three days is worth half, newborns excepted (291/2020:81); a
    deduction takes at most what is left, the rest is a sanction.
    """
    share = figure("short_death_share", month.first).value / 100
    _short_deaths(connection, lake, month)
    run_step(connection, "judged", month=literal(str(month)), share=literal(share))


def _short_deaths(connection: Connection, lake: Lake, month: Month) -> None:
    """`short_deaths`: stays that ended in death within the days of the rules, newborns excepted."""
    short, newborn = (
        figure("short_stay_days", month.first).whole,
        figure("newborn_days", month.first).whole,
    )
    make_view(connection, "people", source(lake, "people"))
    run_step(connection, "short_deaths", newborn_days=str(newborn), short_days=str(short))


def _settled(connection: Connection, month: Month) -> None:
    """`settled`: what became of each service that is not simply paid in full, of earlier ones set
    free, and of the sums paid per capita."""
    forms = literals(complex_forms())
    run_step(connection, "settled", month=literal(str(month)), complex_forms=forms)


def _lines(connection: Connection, lake: Lake, month: Month) -> None:
    """`act_lines`: the sums of each line; rows that could not be read stand in a line without care
    form, claimed and returned."""
    run_step(connection, "month_services")
    run_step(
        connection, "act_lines", month=literal(str(month)), turned_away=turned_away(lake, month)
    )
    _assert_closed(connection)


def _assert_closed(connection: Connection) -> None:
    [(wrong,)] = step_rows(connection, "lines_below_zero")
    [(apart,)] = step_rows(connection, "lines_apart")
    if wrong or apart:
        raise LinesDoNotClose(f"{wrong} lines below zero, {apart} lines apart from their services")


class LinesDoNotClose(AssertionError):
    """A line's sums do not close: a broken assumption, never a message to live with."""
