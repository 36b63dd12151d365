"""The register of unconfirmed cases (321/2020, clause 18, annex 2)."""

from __future__ import annotations

from collections.abc import Iterable

from qor.engine.intake.lake_rows import rows_in
from qor.engine.settlement.limits import map_contracts, prepare_contracts
from qor.engine.storage.duck import Connection, connect, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import fill, make_view, run_step, step_rows
from qor.law.nouns.months import Month

CODES = ("5.0", "5.1", "5.2")


Finding = tuple[str, str, str]


def list_unconfirmed_cases(
    connection: Connection, lake: Lake, month: Month, rejected: Iterable[Finding] = ()
) -> None:
    """`unconfirmed_cases`: the register of annex 2 for a month, in its columns: number, region,
    BIN, name (kk, ru, en), card, IIN, date, cost, service ID, found.

    Every service with a finding of code 5.0, 5.1 or 5.2 stands once, but for the findings (BIN,
    service, check) that were rejected; cost is the billed amount in tenge, the date is that of
    discharge for stays. Sources: 321/2020:18, 321/2020:annex 2.
    """
    make_view(connection, "findings", rows_in(lake, "findings", [month]))
    make_view(connection, "services", rows_in(lake, "services", [month]))
    make_view(connection, "providers", rows_in(lake, "providers"))
    fill(connection, "rejected_findings", list(rejected))
    run_step(connection, "unconfirmed_findings")
    run_step(connection, "unconfirmed_cases", codes=literals(CODES))


def contracts_of_services(
    lake: Lake, month: Month, services: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """The contract of each service (BIN, service ID) of a month, as a closing finds it; empty where
    none covers it. Sources: 321/2020:20."""
    with connect() as connection:
        fill(connection, "asked_services", list(services))
        prepare_contracts(connection, lake, month, month.last)
        make_view(connection, "services", rows_in(lake, "services", [month]))
        run_step(connection, "asked_days")
        map_contracts(connection, "asked_days")
        contracts = step_rows(connection, "contracts_of_asked")
    return {(bin_, service): contract for bin_, service, contract in contracts}
