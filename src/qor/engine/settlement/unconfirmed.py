"""The register of unconfirmed cases (321/2020, clause 18, annex 2)."""

from __future__ import annotations

from qor.engine.duck import Connection, literals, parquet
from qor.engine.lake import Lake
from qor.law.months import Month

CODES = ("5.0", "5.1", "5.2")


def unconfirmed_cases(connection: Connection, lake: Lake, month: Month) -> str:
    """SQL: the register of annex 2 for a month, in its columns: number, region, BIN, name (kk, ru, en), card, IIN, date, cost, service ID, found.

    321/2020:18. Every service with a finding of code 5.0, 5.1 or 5.2 stands once; cost is the billed amount in tenge, the date is that of
    discharge for stays.
    """
    providers = parquet(lake.paths("providers"))
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW unconfirmed_findings AS SELECT * FROM {parquet(lake.paths('findings', [month]))}"
    )
    return f"""SELECT row_number() OVER (ORDER BY p.region, f.provider_bin, f.service_id) AS number, p.region, f.provider_bin, p.name_kk, p.name_ru,
            p.name_en, s.card_no, s.iin, CAST(s.ended_at AS DATE) AS service_date, s.amount, f.service_id, f.found_on
        FROM (SELECT provider_bin, service_id, min(found_on) AS found_on FROM unconfirmed_findings
              WHERE code IN ({literals(CODES)}) GROUP BY provider_bin, service_id) f
        JOIN {parquet(lake.paths("services", [month]))} s ON s.provider_bin = f.provider_bin AND s.service_id = f.service_id
        JOIN {providers} p ON p.bin = f.provider_bin
        ORDER BY number"""
