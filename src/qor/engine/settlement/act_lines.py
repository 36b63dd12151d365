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

from qor.engine.intake.lake_rows import source
from qor.engine.monitoring.draft_act import turned_away
from qor.engine.settlement.capitation_amounts import make_capitation_amounts
from qor.engine.settlement.co_executors import sum_co_executors
from qor.engine.settlement.exceptions import of_its_month, unscaled_by_month
from qor.engine.settlement.itemised import itemise, mapped, return_not_named, sum_days
from qor.engine.settlement.limits import (
    bands_of,
    find_missing_sums,
    months_of_lines,
    prepare_contracts,
    write_caps,
)
from qor.engine.settlement.over_limit import limit_services, sum_line_totals
from qor.engine.settlement.unready import list_unready
from qor.engine.settlement.values import prepare_values
from qor.engine.storage.duck import Connection, literal, one, parquet
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.reading.figures import figure

_MONEY, _WIDE = "DECIMAL(18,2)", "DECIMAL(38,2)"
_SUMMED = ("claimed", "released", "returned", "held", "disallowed", "beyond", "sanction")
UNSCALED = "unscaled"  # the kind of a line of services that the linear scale leaves alone
# What the workflow tells: decisions on services, services held in earlier acts, sums of earlier
# acts, December's means.
VERDICTS = (
    "provider_bin VARCHAR, service_id VARCHAR, open BOOLEAN, spared BOOLEAN, stake DECIMAL(18,2)"
)
WAITING = """provider_bin VARCHAR, service_id VARCHAR, contract_no VARCHAR, care_form VARCHAR,
    funding VARCHAR, service_month VARCHAR,
    ended_on DATE, amount DECIMAL(18,2), short_death BOOLEAN, unscaled BOOLEAN"""
STANDING = """contract_no VARCHAR, care_form VARCHAR, funding VARCHAR, service_month VARCHAR,
    used DECIMAL(38,2), accepted DECIMAL(38,2),
    unscaled BOOLEAN"""
MADE = (
    "provider_bin VARCHAR, contract_no VARCHAR, care_form VARCHAR, funding VARCHAR, "
    "service_month VARCHAR, kind VARCHAR, amount DECIMAL(38,2)"
)
CAPS = "contract_no VARCHAR, service_month VARCHAR, cap DECIMAL(38,2)"


@dataclass(frozen=True, slots=True)
class SettlementInputs:
    """Files (CSV, without a header) of what the workflow knows, in the columns above: `made` are
    the sums per capita and as reported that acts hold already, `closed` the months closed before.
    """

    verdicts: Path
    waiting: Path
    standing: Path
    caps: Path
    made: Path | None = None
    closed: tuple[Month, ...] = ()


def make_act_lines(
    connection: Connection,
    lake: Lake,
    month: Month,
    closed_on: date,
    told: SettlementInputs,
    folder: Path,
) -> None:
    """Make `act_lines` (a line for each contract, care form, funding, month of service and kind),
    `settled` (services that are not paid in full) and `unready` (what could not be paid, or not
    surely, since something was not loaded).

    Sums in tenge. Sources: 291/2020:4, 291/2020:13, 291/2020:16, 291/2020:23, 291/2020:24,
    291/2020:27, 291/2020:61, 291/2020:76, 291/2020:81.
    """
    _read_told(connection, told)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE turned_back AS SELECT provider_bin, service_id, "
        f"min(reason) AS reason FROM ({_returns(lake, month)}) GROUP BY ALL"
    )
    months = months_of_lines(connection, month)
    unscaled = unscaled_by_month(connection, lake, months)
    prepare_contracts(connection, lake, month, closed_on, of_its_month(unscaled))
    find_missing_sums(connection, month)
    prepare_values(connection, lake, month, folder, unscaled[str(month)])
    make_capitation_amounts(connection, lake, month, told.closed)
    write_caps(connection)
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
    sum_co_executors(connection, lake, month)
    list_unready(connection, lake, month, closed_on)


def _read_told(connection: Connection, told: SettlementInputs) -> None:
    """The workflow's files as tables; an empty contract or funding is an empty text, not an unknown
    one."""
    texts = {
        "waiting": "contract_no, funding",
        "standing": "contract_no, funding",
        "made": "contract_no, funding",
    }
    for name, columns, path in (
        ("verdicts", VERDICTS, told.verdicts),
        ("waiting", WAITING, told.waiting),
        ("standing", STANDING, told.standing),
        ("caps", CAPS, told.caps),
        ("made", MADE, told.made),
    ):
        kept = f", FORCE_NOT_NULL ({texts[name]})" if name in texts else ""
        how = f"FORMAT csv, HEADER false, AUTO_DETECT false, DELIMITER ',', QUOTE '\"'{kept}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        if path is not None:
            connection.execute(f"COPY {name} FROM {literal(path)} ({how})")


def _returns(lake: Lake, month: Month) -> str:
    paths = lake.paths("returns", [month])
    if not paths:
        return """SELECT CAST(NULL AS VARCHAR) AS provider_bin, CAST(NULL AS VARCHAR) AS service_id,
            CAST(NULL AS VARCHAR) AS reason
            WHERE FALSE"""
    return f"SELECT provider_bin, service_id, reason FROM {parquet(paths)}"


def _totals(connection: Connection) -> None:
    """`totals`: services and their worth by contract, care form and funding; `day_totals`: the same
    by day."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE day_totals AS
        SELECT g.provider_bin, m.contract_no, g.care_form, g.funding, g.day, g.unscaled,
            sum(g.n) AS n, CAST(sum(g.claimed) AS {_WIDE}) AS claimed
        FROM (SELECT * FROM grouped_days UNION ALL SELECT provider_bin, named, care_form, funding,
            day, FALSE, 0, value FROM patients) g
        JOIN contract_map m ON {mapped("g")} GROUP BY ALL""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE totals AS SELECT provider_bin, contract_no,
        care_form, funding, unscaled, sum(n) AS n,
        CAST(sum(claimed) AS {_WIDE}) AS claimed FROM day_totals GROUP BY ALL""")


def _judged(connection: Connection, lake: Lake, month: Month) -> None:
    """`judged`: services with a decision, a dispute or a return, and those of earlier acts that are
    free now; split into what becomes of them.

    A non-preventable death within three days is worth half, newborns excepted (291/2020:81); a
    deduction takes at most what is left, the rest is a sanction.
    """
    share = figure("short_death_share", month.first).value / 100
    taken = "coalesce(spared_half, 0) + coalesce(stake, 0)"
    _short_deaths(connection, lake, month)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE judged AS
        WITH found AS (
            SELECT r.provider_bin, r.contract_no, r.care_form, r.funding,
                {literal(str(month))} AS service_month, r.service_id,
                   CAST(r.ended_at AS DATE) AS ended_on, FALSE AS earlier, r.value AS amount,
                       t.reason AS back, coalesce(v.open, FALSE) AS open,
                   coalesce(v.stake, 0) AS stake, d.service_id IS NOT NULL AS short_death,
                       coalesce(v.spared, FALSE) AS spared,
                   r.unscaled, q.contract_no IS NOT NULL AS no_sum
            FROM itemised r
            LEFT JOIN sums_missing q ON q.contract_no = r.contract_no AND q.care_form = r.care_form
                AND q.funding = r.funding
             AND q.service_month = {literal(str(month))}
            LEFT JOIN turned_back t ON t.provider_bin = r.provider_bin
                AND t.service_id = r.service_id
            LEFT JOIN verdicts v ON v.provider_bin = r.provider_bin AND v.service_id = r.service_id
            LEFT JOIN short_deaths d ON d.provider_bin = r.provider_bin
                AND d.service_id = r.service_id
            WHERE v.service_id IS NOT NULL OR t.service_id IS NOT NULL OR q.contract_no IS NOT NULL
            UNION ALL
            SELECT w.provider_bin, w.contract_no, w.care_form, w.funding, w.service_month,
                w.service_id, w.ended_on, TRUE, w.amount, NULL, FALSE,
                   coalesce(v.stake, 0), w.short_death, coalesce(v.spared, FALSE), w.unscaled, FALSE
            FROM waiting w LEFT JOIN verdicts v ON v.provider_bin = w.provider_bin
                AND v.service_id = w.service_id
            ANTI JOIN sums_missing q ON q.contract_no = w.contract_no AND q.care_form = w.care_form
                AND q.funding = w.funding
             AND q.service_month = w.service_month
            WHERE NOT coalesce(v.open, FALSE)),
        halved AS (SELECT * REPLACE (open OR no_sum AS open), open AS disputed,
            CASE WHEN short_death AND spared THEN CAST(amount - round(amount * {share},
                2) AS {_MONEY}) ELSE 0 END AS spared_half FROM found)
        SELECT provider_bin, contract_no, care_form, funding, service_month, service_id, ended_on,
            earlier, amount, short_death, unscaled,
               CASE WHEN back IS NOT NULL THEN amount ELSE 0 END AS returned,
               CASE WHEN back IS NULL AND open THEN amount ELSE 0 END AS held, back IS NULL
                   AND open AS waits,
               CASE WHEN back IS NULL AND NOT open THEN least({taken}, coalesce(amount, 0))
                   ELSE 0 END AS disallowed,
               CASE WHEN back IS NULL AND NOT open THEN greatest({taken} - coalesce(amount, 0), 0)
                   ELSE 0 END AS sanction,
               CASE WHEN back IS NULL AND NOT open THEN stake ELSE 0 END AS stake,
               CASE WHEN back IS NULL AND NOT open THEN spared_half ELSE 0 END AS spared_half,
               coalesce(back, CASE WHEN disputed THEN 'monitoring' WHEN open THEN 'no_sum'
                              WHEN stake > 0 THEN 'defect' WHEN spared_half > 0 THEN 'short_death'
                                  ELSE '' END) AS reason
        FROM halved""")


def _short_deaths(connection: Connection, lake: Lake, month: Month) -> None:
    """`short_deaths`: stays that ended in death within the days of the rules, newborns excepted."""
    short, newborn = (
        figure("short_stay_days", month.first).whole,
        figure("newborn_days", month.first).whole,
    )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE short_deaths AS
        SELECT r.provider_bin, r.service_id FROM month_rows r LEFT JOIN ({source(lake, "people")}) q
            ON q.iin = r.iin
        WHERE r.outcome = 'died' AND r.care_form = 'stay_group'
            AND r.ended_at - r.started_at <= to_days({short})
          AND r.identity_kind IS DISTINCT FROM 'newborn'
              AND coalesce(date_diff('day', q.birth_date, CAST(r.started_at AS DATE)) >= {newborn},
              TRUE)""")


def _settled(connection: Connection, month: Month) -> None:
    """`settled`: what became of each service that is not simply paid in full, of earlier ones set
    free, and of the sums paid per capita."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE settled AS
        SELECT {literal(str(month))} AS act_month, j.provider_bin, j.contract_no, j.care_form,
            j.funding, j.service_month, j.service_id, j.ended_on,
               CASE WHEN j.earlier THEN 'released' ELSE 'service' END AS kind, j.amount,
               CAST(j.returned AS {_MONEY}) AS returned, CAST(j.held AS {_MONEY}) AS held,
               CAST(j.disallowed AS {_MONEY}) AS disallowed, CAST(coalesce(c.beyond,
                   0) AS {_MONEY}) AS beyond,
               CAST(j.amount - j.returned - j.held - j.disallowed - coalesce(c.beyond,
                   0) AS {_MONEY}) AS accepted, CAST(j.sanction AS {_MONEY}) AS sanction,
               CAST(j.stake AS {_MONEY}) AS stake, CAST(j.spared_half AS {_MONEY}) AS spared_half,
                   j.waits, j.short_death,
               j.unscaled, coalesce(nullif(j.reason, ''), c.reason, '') AS reason
        FROM judged j LEFT JOIN limited_services c ON c.provider_bin = j.provider_bin
            AND c.service_id = j.service_id AND c.kind <> 'lump'
         AND (c.kind = 'released') = j.earlier
        UNION ALL
        SELECT {literal(str(month))}, c.provider_bin, c.contract_no, c.care_form, c.funding,
            c.service_month, c.service_id, c.ended_on, 'service', c.payable,
               0, 0, 0, c.beyond, c.accepted, 0, 0, 0, FALSE, FALSE, c.unscaled, c.reason
        FROM limited_services c WHERE c.kind = 'service' AND c.beyond > 0
          AND NOT EXISTS (SELECT 1 FROM judged j WHERE NOT j.earlier
              AND j.provider_bin = c.provider_bin AND j.service_id = c.service_id)
        UNION ALL
        SELECT {literal(str(month))}, r.provider_bin, r.contract_no, r.care_form, r.funding,
            {literal(str(month))}, r.service_id, CAST(r.ended_at AS DATE),
               'service', r.value, 0, 0, 0, 0, r.value, 0, 0, 0, FALSE, FALSE, r.unscaled, ''
        FROM itemised r WHERE r.split
          AND NOT EXISTS (SELECT 1 FROM judged j WHERE NOT j.earlier
              AND j.provider_bin = r.provider_bin AND j.service_id = r.service_id)
          AND NOT EXISTS (SELECT 1 FROM limited_services c WHERE c.kind = 'service' AND c.beyond > 0
              AND c.provider_bin = r.provider_bin AND c.service_id = r.service_id)
        UNION ALL
        SELECT {literal(str(month))}, l.provider_bin, l.contract_no, l.care_form, l.funding,
            l.service_month, l.kind, NULL, 'lump', l.amount,
               0, 0, 0, coalesce(c.beyond, 0), l.amount - coalesce(c.beyond, 0), 0, 0, 0, FALSE,
                   FALSE, FALSE, l.kind
        FROM capitation_amounts l LEFT JOIN limited_services c ON c.kind = 'lump'
            AND c.provider_bin = l.provider_bin AND c.contract_no = l.contract_no
         AND c.care_form = l.care_form AND c.funding = l.funding
             AND c.service_month = l.service_month AND c.service_id = l.kind""")


def _lines(connection: Connection, lake: Lake, month: Month) -> None:
    """`act_lines`: the sums of each line; rows that could not be read stand in a line without care
    form, claimed and returned."""
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW month_services AS SELECT provider_bin, service_id "
        "FROM month_rows"
    )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE act_lines AS
        WITH parts AS (
            SELECT provider_bin, contract_no, care_form, funding,
                {literal(str(month))} AS service_month,
                   CASE WHEN unscaled THEN {literal(UNSCALED)}
                       ELSE '' END AS kind, n, claimed, 0 AS released, 0 AS returned,
                   0 AS held, 0 AS disallowed, 0 AS beyond, 0 AS sanction FROM totals
            UNION ALL
            SELECT provider_bin, contract_no, care_form, funding, service_month,
                   CASE WHEN kind = 'lump' THEN service_id WHEN unscaled THEN {literal(UNSCALED)}
                       ELSE '' END, CASE WHEN kind = 'released' THEN 1 ELSE 0 END,
                   CASE WHEN kind = 'lump' THEN amount ELSE 0 END, CASE WHEN kind = 'released'
                       THEN amount ELSE 0 END,
                   returned, held, disallowed, beyond, sanction
            FROM settled
            UNION ALL
            SELECT provider_bin, '', '', '', {literal(str(month))}, '', 1, coalesce(amount, 0), 0,
                coalesce(amount, 0), 0, 0, 0, 0
            FROM ({turned_away(lake, month)}) WHERE "table" = 'services'
                AND month = {literal(str(month))} AND length(provider_bin) = 12)
        SELECT provider_bin, contract_no, care_form, funding, service_month, kind,
            CAST(sum(n) AS BIGINT) AS services,
               {", ".join(f"CAST(sum({c}) AS {_WIDE}) AS {c}" for c in _SUMMED)},
               CAST(sum(claimed + released - returned - held - disallowed - beyond) AS {_WIDE}) AS
                   accepted
        FROM parts GROUP BY ALL""")
    _assert_closed(connection)


def _assert_closed(connection: Connection) -> None:
    wrong = one(
        connection,
        "SELECT count(*) AS n FROM act_lines WHERE accepted < 0 OR held < 0 OR disallowed "
        "< 0 OR beyond < 0",
    )["n"]
    apart = one(
        connection,
        """SELECT count(*) AS n
        FROM (SELECT contract_no, care_form, funding, service_month, kind = 'unscaled' AS unscaled,
            sum(accepted) AS a
              FROM act_lines WHERE care_form <> '' GROUP BY ALL) l
        JOIN accepted_lines k USING (contract_no, care_form, funding, service_month, unscaled)
        WHERE l.a <> k.accepted AND l.contract_no NOT IN (SELECT contract_no
            FROM contracts_over_limit)""",
    )["n"]
    if wrong or apart:
        raise LinesDoNotClose(f"{wrong} lines below zero, {apart} lines apart from their services")


class LinesDoNotClose(AssertionError):
    """A line's sums do not close: a broken assumption, never a message to live with."""
