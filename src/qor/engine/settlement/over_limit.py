"""What passes a limit: month's sums, December's mean and the year's sum; services of such lines are
cut in the order of their ends.

Sources: 291/2020:24, 291/2020:27, 291/2020:61, 291/2020:76, 291/2020:78.
"""

from __future__ import annotations

from qor.engine.settlement.itemised import itemise_contracts_over_limit
from qor.engine.settlement.limits import Bands, counted_first, payable_sql
from qor.engine.storage.duck import Connection, literal
from qor.engine.storage.steps import run_step
from qor.law.nouns.months import Month


def sum_line_totals(connection: Connection, month: Month, bands: Bands) -> None:
    """`lines_over_limit`: the lines whose month's sum is passed, and all of contracts
    (`contracts_over_limit`) whose year or December is: there services are told apart."""
    counted = counted_first()
    run_step(connection, "line_totals", counted=counted, month=literal(str(month)))
    run_step(
        connection,
        "accepted_lines",
        pays_all=_line_pays("used + payable", bands),
        pays_used=_line_pays("used", bands),
    )
    _mark_over_limit(connection)


def _mark_over_limit(connection: Connection) -> None:
    """`contracts_over_limit` and `lines_over_limit`, by what is left of year and December."""
    run_step(connection, "contract_headroom")
    run_step(connection, "december_headroom")
    run_step(connection, "contracts_over_limit")
    run_step(connection, "lines_over_limit")


def _line_pays(total: str, bands: Bands) -> str:
    return (
        f"CASE WHEN contract_no = '' THEN 0 ELSE {payable_sql(total, 'plan', 'scale', bands)} END"
    )


def _starts(connection: Connection, month: Month) -> None:
    """`starts`: from which day on the services of a line over its limit must be told apart: before
    it all fit into the month's sum; and what they came to (`base`)."""
    run_step(connection, "day_sums", month=literal(str(month)))
    run_step(connection, "starts", month=literal(str(month)))


def limit_services(connection: Connection, month: Month, bands: Bands) -> None:
    """`limited_services`: services of lines over their limit in the order of their ends, with what
    the line, December and the year let through."""
    _starts(connection, month)
    itemise_contracts_over_limit(connection)
    run_step(connection, "payable_rows", month=literal(str(month)))
    run_step(
        connection,
        "limited_services",
        pays_upto=_line_pays("upto", bands),
        pays_before=_line_pays("(upto - payable)", bands),
        above_month=_above_month(bands),
    )


def _above_month(bands: Bands) -> str:
    loaded = " OR ".join(
        f"(scale = {literal(scale)} AND service_month = {literal(of)})" for scale, of in bands
    )
    return f"CASE WHEN {loaded or 'FALSE'} THEN 'above_month' ELSE 'scale_not_loaded' END"
