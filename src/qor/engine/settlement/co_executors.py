"""Co-executors of a month: what of a main contractor's accepted services they rendered, their
contract, share and limit (291/2020, clauses 33-37)."""

from __future__ import annotations

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.values import priced
from qor.engine.storage.duck import Connection, literal
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, run_step, step_rows
from qor.law.nouns.months import Month, month

_WIDE = "DECIMAL(38,2)"


def sum_co_executors(connection: Connection, lake: Lake, of: Month) -> None:
    """`co_executors`: provider, contract, co-executor, care form, its contract and limit (NULL
    where none is in force), share, services, accepted.

    Accepted in tenge: services that name the co-executor, less what of them is returned, held,
    disallowed or beyond; those of earlier months set free now count too. A share that is not loaded
    is the whole; a later agreement on a care form takes the place of the one before. Needs
    `raw_days`, `contract_map`, `itemised_rows` and `settled`.
    Sources: 291/2020:33, 291/2020:34, 291/2020:37.
    """
    _released(connection, lake)
    on = literal(of.last)
    make_view(connection, "co_executions", source(lake, "co_executions"))
    run_step(
        connection,
        "co_executors",
        month_first=literal(of.first),
        closed_on=on,
        worth=priced("g", _WIDE),
    )


def _released(connection: Connection, lake: Lake) -> None:
    """`co_released`: services of earlier months set free now that a co-executor rendered; the lake
    is asked for their months only."""
    named = step_rows(connection, "released_months") if lake.paths("co_executions") else []
    months = [month(name) for (name,) in named]
    make_view(connection, "released_services", source(lake, "services", months))
    run_step(connection, "co_released")
