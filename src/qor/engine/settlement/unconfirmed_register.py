"""The register of unconfirmed cases (321/2020, clause 18, annex 2)."""

from __future__ import annotations

from collections.abc import Iterable

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.itemised import mapped
from qor.engine.settlement.limits import map_contracts, prepare_contracts
from qor.engine.settlement.values import FUNDING, NAMED
from qor.engine.storage.duck import Connection, connect, literals, parquet
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month

CODES = ("5.0", "5.1", "5.2")


Finding = tuple[str, str, str]


def unconfirmed_cases(
    connection: Connection, lake: Lake, month: Month, rejected: Iterable[Finding] = ()
) -> str:
    """SQL: the register of annex 2 for a month, in its columns: number, region, BIN, name (kk, ru,
    en), card, IIN, date, cost, service ID, found.

    Every service with a finding of code 5.0, 5.1 or 5.2 stands once, but for the findings (BIN,
    service, check) that were rejected; cost is the billed amount in tenge, the date is that of
    discharge for stays. Sources: 321/2020:18, 321/2020:annex 2.
    """
    providers = parquet(lake.paths("providers"))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE rejected_findings (bin VARCHAR, id VARCHAR, slug VARCHAR)"
    )
    if taken_back := list(rejected):
        connection.executemany("INSERT INTO rejected_findings VALUES (?, ?, ?)", taken_back)
    connection.execute(f"""CREATE OR REPLACE TEMP VIEW unconfirmed_findings AS SELECT f.*
        FROM {parquet(lake.paths("findings", [month]))} f
        ANTI JOIN rejected_findings r ON r.bin = f.provider_bin AND r.id = f.service_id
            AND r.slug = f."check" """)
    return f"""SELECT row_number() OVER (ORDER BY p.region, f.provider_bin, f.service_id) AS number,
        p.region, f.provider_bin, p.name_kk, p.name_ru,
            p.name_en, s.card_no, s.iin, CAST(s.ended_at AS DATE) AS service_date, s.amount,
                f.service_id, f.found_on
        FROM (SELECT provider_bin, service_id, min(found_on) AS found_on FROM unconfirmed_findings
              WHERE code IN ({literals(CODES)}) GROUP BY provider_bin, service_id) f
        JOIN {parquet(lake.paths("services", [month]))} s ON s.provider_bin = f.provider_bin
            AND s.service_id = f.service_id
        JOIN {providers} p ON p.bin = f.provider_bin
        ORDER BY number"""


def contracts_of_services(
    lake: Lake, month: Month, services: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """The contract of each service (BIN, service ID) of a month, as a closing finds it; empty where
    none covers it. Sources: 321/2020:20."""
    with connect() as connection:
        connection.execute("CREATE TEMP TABLE asked (bin VARCHAR, id VARCHAR)")
        connection.executemany("INSERT INTO asked VALUES (?, ?)", list(services))
        prepare_contracts(connection, lake, month, month.last)
        connection.execute(f"""CREATE TEMP TABLE asked_services AS
            SELECT s.provider_bin, s.service_id, {NAMED} AS named, s.care_form,
                {FUNDING} AS funding, CAST(s.ended_at AS DATE) AS day
            FROM ({source(lake, "services", [month])}) s JOIN asked a ON a.bin = s.provider_bin
                AND a.id = s.service_id""")
        map_contracts(connection, "SELECT * FROM asked_services")
        contracts = connection.execute(f"""SELECT r.provider_bin, r.service_id, m.contract_no
            FROM asked_services r JOIN contract_map m ON {mapped("r")}""").fetchall()
    return {(bin_, service): contract for bin_, service, contract in contracts}
