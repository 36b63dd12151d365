"""Co-executors of a month: what of a main contractor's accepted services they rendered, their
contract, share and limit (291/2020, clauses 33-37)."""

from __future__ import annotations

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.itemised import mapped
from qor.engine.settlement.values import priced
from qor.engine.storage.duck import Connection, literal
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, month

_WIDE = "DECIMAL(38,2)"
_NOT_PAID = "s.returned + s.held + s.disallowed + s.beyond"


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
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE co_executors AS
        WITH parts AS (
            SELECT g.provider_bin, m.contract_no, g.subcontract_bin, g.care_form, g.n,
                CAST({priced("g", _WIDE)} AS {_WIDE}) AS accepted
            FROM (SELECT * REPLACE (coalesce(contract_no, '') AS contract_no, coalesce(funding,
                '') AS funding), coalesce(contract_no, '') AS named
                  FROM raw_days WHERE subcontract_bin IS NOT NULL) g
            JOIN contract_map m ON {mapped("g")}
            UNION ALL
            SELECT s.provider_bin, s.contract_no, r.subcontract_bin, s.care_form, 0, -({_NOT_PAID})
                FROM settled s
            JOIN itemised_rows r ON r.provider_bin = s.provider_bin AND r.service_id = s.service_id
            WHERE s.kind = 'service' AND r.subcontract_bin IS NOT NULL
            UNION ALL SELECT provider_bin, contract_no, subcontract_bin, care_form, 1, accepted
                FROM co_released),
        summed AS (SELECT provider_bin, contract_no, subcontract_bin, care_form,
            CAST(sum(n) AS BIGINT) AS services, CAST(sum(accepted) AS {_WIDE}) AS accepted
                   FROM parts GROUP BY ALL),
        latest AS (SELECT *, rank() OVER (PARTITION BY bin, contract_no, subcontract_bin,
                       care_form, co_contract_no ORDER BY valid_from DESC) AS nth
                   FROM ({source(lake, "co_executions")}) WHERE valid_from <= {on}
                       AND (valid_to IS NULL OR valid_to >= {literal(of.first)})),
        agreed AS (SELECT bin, contract_no, subcontract_bin, care_form, co_contract_no,
            max(share) AS share, sum(amount) AS most FROM latest WHERE nth = 1 GROUP BY ALL)
        SELECT p.provider_bin, p.contract_no, p.subcontract_bin, p.care_form,
            coalesce(a.co_contract_no, '') AS co_contract_no,
               coalesce(a.share, 100) AS share, CAST(a.most AS {_WIDE}) AS most, p.services,
                   p.accepted
        FROM summed p LEFT JOIN agreed a ON a.bin = p.provider_bin AND a.contract_no = p.contract_no
            AND a.subcontract_bin = p.subcontract_bin
         AND a.care_form = p.care_form
        QUALIFY row_number() OVER (PARTITION BY p.provider_bin, p.contract_no, p.subcontract_bin,
            p.care_form ORDER BY a.co_contract_no) = 1""")


def _released(connection: Connection, lake: Lake) -> None:
    """`co_released`: services of earlier months set free now that a co-executor rendered; the lake
    is asked for their months only."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE co_released (provider_bin VARCHAR,
        contract_no VARCHAR, subcontract_bin VARCHAR, care_form VARCHAR,
        accepted {_WIDE})""")
    months = connection.execute(
        "SELECT DISTINCT service_month FROM settled WHERE kind = 'released' ORDER BY ALL"
    ).fetchall()
    if not months or not lake.paths("co_executions"):
        return
    rows = source(lake, "services", [month(name) for (name,) in months])
    connection.execute(f"""INSERT INTO co_released SELECT s.provider_bin, s.contract_no,
        r.subcontract_bin, s.care_form, s.accepted
        FROM settled s JOIN (SELECT provider_bin, service_id, subcontract_bin FROM ({rows})
            WHERE subcontract_bin IS NOT NULL) r
          ON r.provider_bin = s.provider_bin AND r.service_id = s.service_id
              WHERE s.kind = 'released'""")
