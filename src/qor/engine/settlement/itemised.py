"""Which rows of a month must be told one by one: found in one pass over the services, so that the
rest is only summed.

Narrow sums by contract line and day first; then the rows with a decision or a return and, where a
line's month's sum may be passed, those from the day on which it may be.
"""

from __future__ import annotations

from qor.engine.settlement.limits import counted_first, map_contracts
from qor.engine.settlement.values import complex_forms, priced
from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.steps import rows_of, run_step, step_rows
from qor.law.nouns.months import Month
from qor.law.rules.ways_of_paying import EXCEPTED

_WIDE = "DECIMAL(38,2)"
FIRST = "DATE '1900-01-01'"
NEVER = "DATE '9999-12-31'"
NOT_NAMED = "contract_not_named"


def mapped(row: str, day: str = "") -> str:
    """SQL: the row `m` of `contract_map` is that of `row`, whose day is its column `day` unless
    `day` says how it is read."""
    same = " AND ".join(
        f"m.{name} = {row}.{name}" for name in ("provider_bin", "named", "care_form", "funding")
    )
    return f"{same} AND m.day = {day or f'{row}.day'}"


def _day_of(row: str) -> str:
    return f"CAST({row}.ended_at AS DATE)"


def sum_days(connection: Connection) -> None:
    """`raw_days`: rows and sums as they are billed, by all that matters here, in the one pass over
    the services.

    `grouped_days`: rows and their worth by provider, contract named, care form, funding, day and
    whether the scale leaves them alone; `contract_map`: whose contract it is on the day.
    """
    run_step(connection, "raw_days")
    run_step(connection, "grouped_days", worth=priced("g", _WIDE))
    map_contracts(connection, "grouped_days")


def return_not_named(connection: Connection) -> None:
    """Add to `turned_back` the services that name none of several contracts that cover them, where
    they go back; one pass more, and only then.

    Sources: 291/2020:15, 291/2020:21; interpretation service_of_several_contracts.
    """
    [(unnamed,)] = step_rows(connection, "days_not_named")
    if not unnamed:
        return
    run_step(connection, "not_named_returns")


def itemise(connection: Connection, month: Month) -> None:
    """`itemised`: the rows to be told one by one, with their contract and worth; `patients`: who
    carries a complex tariff.

    So are rows whose contract could not be told later from the month's act lines alone (`split`):
    it is neither the one that they name nor the first of their form and funding, as contracts began
    or ended within the month. A line's sum may be passed from the day on which its bills alone pass
    it: whatever is returned, held or deducted only makes that later.
    """
    _patients(connection)
    _itemised_from(connection, month)
    run_step(connection, "line_starts")
    run_step(connection, "itemised_rows", worth=priced("r"))
    run_step(connection, "itemised")


def _patients(connection: Connection) -> None:
    """`patients`: for each patient of a form with a complex tariff the service that carries it: one
    that is paid before one that waits, and that before one that went back or that no contract
    covers."""
    run_step(connection, "patients", complex_forms=literals(complex_forms()))


def itemise_contracts_over_limit(connection: Connection) -> None:
    """Add all rows of contracts whose year or December is passed (`contracts_over_limit`): there
    the order goes across lines. Seldom, and then one pass more."""
    if not rows_of(connection, "contracts_over_limit", ("contract_no",)):
        return
    run_step(connection, "rows_of_contracts_over_limit", worth=priced("r"))


def _itemised_from(connection: Connection, month: Month) -> None:
    """`itemised_from`: lines whose bills pass the month's sum, and the first day on which they do;
    from the first where no contract or no sum is there.

    What the scale leaves alone never passes it, but may use it up first (interpretation
    scale_exceptions_and_the_sum).
    """
    this = literal(str(month))
    counted = counted_first()
    run_step(connection, "itemised_from", counted=counted, excepted=literal(EXCEPTED), month=this)
